import type { AnyFunction } from '../calls/profile.js';
import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import { ConfigurationError } from '../errors.js';
import { activeScope, runInScope } from './active.js';
import type { CachedFunction } from './cached-function.js';

/** The parameters of `P` that are left when the first ones are given as `H`. */
export type RestOf<P extends readonly unknown[], H extends readonly unknown[]> = H extends readonly [
  unknown,
  ...infer MoreGiven,
]
  ? P extends readonly [unknown?, ...infer MoreParameters]
    ? RestOf<MoreParameters, MoreGiven>
    : P
  : P;

/**
 * What can be asked of a cached function, with the arguments of a call. All but `rerun` and what `bind` gives run
 * nothing. Of a function with overloads they know the last one.
 */
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
  /**
   * The function with the cache and the metadata that are active now, whichever are when it is called; and with its first
   * arguments, if any are given here. For callbacks and timers, and to hand a cached function to code that knows nothing of caches.
   */
  bind(): F;
  bind<Given extends Partial<Parameters<F>>>(...given: Given): (...rest: RestOf<Parameters<F>, Given>) => ReturnType<F>;
  /**
   * The same helpers for calls with `self` as `this`. For functions whose body uses `this`, which is an argument like any
   * other. For members of classes see `helpersOf`.
   */
  on(self: ThisParameterType<F>): FlecheHelpers<OmitThisParameter<F>>;
  /** The function without its cache. */
  readonly wrapped: F;
}

/** The helpers of a cached function, for calls with `self` as `this` where that is given. */
export function makeHelpers(cached: CachedFunction, self?: { readonly value: unknown }): FlecheHelpers<AnyFunction> {
  const { profile, wrapped } = cached;
  const own = (): unknown => {
    if (self === undefined && profile.usesThis) {
      const { name } = profile;
      throw new ConfigurationError(
        `${name} depends on \`this\`: say whose call is meant, with ${name}.fleche.on(object) or, for a method, helpersOf(object, '${name}')`,
      );
    }
    return self?.value;
  };
  return Object.freeze({
    call: (...args: unknown[]) => cached.plan(own(), args),
    digest: (...args: unknown[]) => cached.identify(own(), args).key,
    load: (...args: unknown[]) => cached.load(own(), args),
    contains: (...args: unknown[]) => activeScope().cache.contains(cached.identify(own(), args).key),
    rerun: (...args: unknown[]) => cached.rerun(own(), args),
    bind: (...given: unknown[]) => {
      const { cache, metadata = [] } = activeScope();
      const bound = function (this: unknown, ...rest: unknown[]): unknown {
        const called = self === undefined ? this : self.value;
        return runInScope({ ...activeScope(), cache, metadata }, () => cached.call(called, [...given, ...rest]));
      };
      return Object.defineProperty(bound, tied, {
        value:
          'the result of fleche.bind(…), which is tied to a cache of this process; keep the function itself, and bind it again',
      });
    },
    on: (value: unknown) => makeHelpers(cached, { value }),
    wrapped,
    [tied]: 'the helpers of a cached function; keep the function itself, which has them wherever it is',
  } as unknown as FlecheHelpers<AnyFunction>);
}

/** On what belongs to one process: the words for serializers to say so, and what to keep instead. */
const tied = Symbol.for('fleche.tied');
