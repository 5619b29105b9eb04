import type { AnyFunction } from '../calls/profile.js';
import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import { ConfigurationError } from '../errors.js';
import { activeCache } from './active.js';
import { CachedFunction } from './cached-function.js';
import type { FlecheOptions } from './options.js';

/** What can be asked of a cached function, with the arguments of a call. All but `rerun` run nothing. */
export interface FlecheHelpers<F extends AnyFunction> {
  /** The record that the call has or would have; its `result` is `null`. @throws IndigestibleError */
  call(...args: Parameters<F>): CallRecord;
  /** The lookup key of the call. @throws IndigestibleError */
  digest(...args: Parameters<F>): Digest;
  /** The stored result. @throws UnknownDigestError if there is none. @throws IndigestibleError */
  load(...args: Parameters<F>): Awaited<ReturnType<F>>;
  /** Whether the result is stored. @throws IndigestibleError */
  contains(...args: Parameters<F>): boolean;
  /** Runs the body, and the cached functions that it calls, again and replaces what is stored. */
  rerun(...args: Parameters<F>): ReturnType<F>;
  /** The function without its cache. */
  readonly wrapped: F;
}

/** A cached function: it is called as the function itself. */
export type Cached<F extends AnyFunction> = F & { readonly fleche: FlecheHelpers<F> };

/** Marks a cached function and leads to the function behind it; digests know it, too. */
const wrapped = Symbol.for('fleche.wrappedFunction');

/**
 * Caches the calls of a function in the active cache: a second call with equal arguments gives the stored result and
 * runs nothing, in this process and any later one.
 *
 * The cached function is called as the function itself: a synchronous one stays so, an asynchronous one gives promises;
 * concurrent asynchronous calls with equal arguments run the body once, and a rejection is never stored. `null` and
 * `undefined` are results like any other. A call whose arguments have no digest runs uncached, and a result that cannot
 * be stored is returned all the same; a warning says why. Its helpers are under `.fleche`.
 *
 * @throws ConfigurationError if the function cannot be cached: generators, options that do not fit.
 * @example
 * import { cache, fleche } from 'fleche';
 * cache('memory');
 * const add = fleche((a: number, b: number) => a + b);
 * console.log(add(2, 3), add.fleche.contains(2, 3)); // 5 true
 */
export function fleche<F extends AnyFunction>(fn: F): Cached<F>;
export function fleche<F extends AnyFunction>(options: FlecheOptions, fn: F): Cached<F>;
export function fleche(options: FlecheOptions): <F extends AnyFunction>(fn: F) => Cached<F>;
export function fleche(
  first: AnyFunction | FlecheOptions,
  second?: AnyFunction,
): Cached<AnyFunction> | ((fn: AnyFunction) => Cached<AnyFunction>) {
  if (typeof first === 'function') return decorate(first, {});
  if (typeof first !== 'object' || first === null) {
    throw new ConfigurationError(`fleche(…) takes a function, or options and a function, not ${String(first)}`);
  }
  return second === undefined ? (fn: AnyFunction) => decorate(fn, first) : decorate(second, first);
}

/** The function without its cache; any other function as it is. */
export function unwrap(fn: AnyFunction): AnyFunction {
  return wrapped in fn ? (fn[wrapped] as AnyFunction) : fn;
}

function decorate<F extends AnyFunction>(fn: F, options: FlecheOptions): Cached<F> {
  if (typeof fn !== 'function') throw new ConfigurationError(`fleche(…) caches functions, not ${typeof fn}`);
  const cached = new CachedFunction(unwrap(fn), options);
  const face = function (this: unknown, ...args: unknown[]): unknown {
    return cached.call(this, args);
  };
  const helpers: FlecheHelpers<AnyFunction> = {
    call: (...args) => cached.plan(undefined, args),
    digest: (...args) => cached.identify(undefined, args).key,
    load: (...args) => cached.load(undefined, args),
    contains: (...args) => activeCache().contains(cached.identify(undefined, args).key),
    rerun: (...args) => cached.rerun(undefined, args),
    wrapped: cached.wrapped,
  };
  Object.defineProperties(face, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
    fleche: { value: Object.freeze(helpers) },
    [wrapped]: { value: cached.wrapped },
    // How cloudpickle makes it again, in whichever process.
    [Symbol.for('fleche.madeBy')]: { value: [fleche, options, cached.wrapped] },
  });
  return face as unknown as Cached<F>;
}
