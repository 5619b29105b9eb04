import type { AnyFunction } from '../calls/profile.js';
import { ConfigurationError } from '../errors.js';
import { madeBy, wrappedFunction as wrapped } from '../internal/cached-marks.js';
import { CachedFunction } from './cached-function.js';
import { decorateLegacy, decorateStandard, isLegacy, isStandardContext, type MemberContext } from './decorators.js';
import { type FlecheHelpers, makeHelpers } from './helpers.js';
import type { FlecheOptions } from './options.js';

/** A cached function: it is called as the function itself. */
export type Cached<F extends AnyFunction> = F & { readonly fleche: FlecheHelpers<F> };

/** Caches a function, a method or a getter. As a decorator of a member it leaves the member's type what it is. */
export interface FlecheDecorator {
  /** A function. */
  <F extends AnyFunction>(fn: F): Cached<F>;
  /** `@fleche` as a standard decorator. */
  <F extends AnyFunction>(member: F, context: MemberContext): F;
  /** `@fleche` as a decorator of TypeScript's `experimentalDecorators`. */
  <T>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<T>): TypedPropertyDescriptor<T>;
}

/**
 * Caches the calls of a function in the active cache: a second call with equal arguments gives the stored result and
 * runs nothing, in this process and any later one.
 *
 * The cached function is called as the function itself: a synchronous one stays so, an asynchronous one gives promises;
 * concurrent asynchronous calls with equal arguments run the body once, and a rejection is never stored. `null` and
 * `undefined` are results like any other. A call whose arguments have no digest runs uncached, and a result that cannot
 * be stored is returned all the same; a warning says why. What the body does to its arguments and the caller to a result
 * reaches neither key nor record nor a later hit. Its helpers are under `.fleche`.
 *
 * An argument that is left out counts as its default where that is a literal, and as left out where all that the default
 * depends on is in the key; else, as with `now = Date.now()`, the call runs uncached. `this` is an argument named `this`
 * where the body uses it.
 *
 * Also a decorator of methods, static methods and getters, `@fleche` and `@fleche({ … })`, standard or with
 * TypeScript's `experimentalDecorators`; see {@link helpersOf} for their helpers.
 *
 * @throws ConfigurationError if the function cannot be cached: generators, classes, arrows that use the `this`,
 * `super`, `arguments` or `new.target` of the code around them, options that do not fit.
 * @example
 * import { cache, fleche } from 'fleche';
 * cache('memory');
 * const add = fleche((a: number, b: number) => a + b);
 * console.log(add(2, 3), add.fleche.contains(2, 3)); // 5 true
 */
export function fleche<F extends AnyFunction>(fn: F): Cached<F>;
export function fleche<F extends AnyFunction>(member: F, context: MemberContext): F;
export function fleche<T>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<T>,
): TypedPropertyDescriptor<T>;
export function fleche<F extends AnyFunction>(options: FlecheOptions, fn: F): Cached<F>;
export function fleche(options: FlecheOptions): FlecheDecorator;
export function fleche(...args: readonly unknown[]): unknown {
  if (isMember(args)) return decorateMember(args, {});
  const [first, second] = args;
  if (typeof first === 'function') return decorate(first as AnyFunction, {});
  if (typeof first !== 'object' || first === null) {
    throw new ConfigurationError(`fleche(…) takes a function, or options and a function, not ${String(first)}`);
  }
  if (second !== undefined) return decorate(second as AnyFunction, first);
  return (...given: readonly unknown[]): unknown =>
    isMember(given) ? decorateMember(given, first) : decorate(given[0] as AnyFunction, first);
}

/**
 * The helpers of a decorated method or getter, static or not, for calls on `object`: TypeScript does not know that a
 * decorator adds them.
 *
 * @throws ConfigurationError if `member` is not cached.
 * @example
 * import { cache, fleche, helpersOf } from 'fleche';
 * cache('memory');
 * const sample = {
 *   values: [1, 2],
 *   mean: fleche(function (this: { values: number[] }, digits: number) {
 *     return (this.values.reduce((sum, value) => sum + value) / this.values.length).toFixed(digits);
 *   }),
 * };
 * console.log(sample.mean(2), helpersOf(sample, 'mean').contains(2)); // 1.50 true
 */
export function helpersOf<T extends object, K extends keyof T>(
  object: T,
  member: K,
): FlecheHelpers<T[K] extends AnyFunction ? OmitThisParameter<T[K]> : () => T[K]> {
  let holder: object | null = object;
  while (holder !== null && !Object.hasOwn(holder, member)) holder = Object.getPrototypeOf(holder) as object | null;
  const property = holder === null ? undefined : Object.getOwnPropertyDescriptor(holder, member);
  const face = (property?.get ?? property?.value) as AnyFunction | undefined;
  if (typeof face !== 'function' || !(wrapped in face)) {
    throw new ConfigurationError(`${String(member)} is not a cached method or getter of the object`);
  }
  return (face as unknown as Cached<AnyFunction>).fleche.on(object as never) as never;
}

/** The function without its cache; any other function as it is. */
export function unwrap(fn: AnyFunction): AnyFunction {
  return wrapped in fn ? (fn[wrapped] as AnyFunction) : fn;
}

function isMember(args: readonly unknown[]): boolean {
  return isLegacy(args) || isStandardContext(args[1]);
}

function decorateMember(args: readonly unknown[], options: FlecheOptions): unknown {
  const [value, context] = args;
  return isStandardContext(context)
    ? decorateStandard(value, context, options, decorate)
    : decorateLegacy(args, options, decorate);
}

function decorate<F extends AnyFunction>(fn: F, options: FlecheOptions): Cached<F> {
  if (typeof fn !== 'function') throw new ConfigurationError(`fleche(…) caches functions, not ${typeof fn}`);
  const cached = new CachedFunction(unwrap(fn), options);
  const face = function (this: unknown, ...args: unknown[]): unknown {
    return cached.call(this, args);
  };
  Object.defineProperties(face, {
    name: { value: fn.name, configurable: true },
    length: { value: fn.length, configurable: true },
    fleche: { value: makeHelpers(cached) },
    [wrapped]: { value: cached.wrapped },
    // How cloudpickle makes it again, in whichever process.
    [madeBy]: { value: [fleche, options, cached.wrapped] },
  });
  return face as unknown as Cached<F>;
}
