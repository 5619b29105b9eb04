import { bindArguments, digestArguments, missingArguments } from '../calls/arguments.js';
import { type AnyFunction, type FunctionProfile, profileFunction } from '../calls/profile.js';
import type { CallRecord, Metadata } from '../calls/record.js';
import { type CallIdentity, type Digest, digestOfCall, digestScheme, isDigestReference } from '../digest/index.js';
import { isFlecheError, UnknownDigestError } from '../errors.js';
import { warnOnce } from '../internal/warn.js';
import { measureRuntime } from '../metadata/runtime.js';
import type { Hit } from '../storage/types.js';
import { activeCache, isRefreshing, runInScope } from './active.js';
import type { Cache, PreparedCall } from './cache.js';
import type { FlecheOptions } from './options.js';
import { running } from './running.js';

/** A call on its way: who, with what, and where it is looked up. */
interface Call {
  readonly self: unknown;
  readonly given: readonly unknown[];
  readonly identity: CallIdentity;
  readonly key: Digest;
}

/** A function with a cache in front of it. The public face of it is made by `fleche`. */
export class CachedFunction {
  readonly wrapped: AnyFunction;
  readonly profile: FunctionProfile;

  constructor(fn: AnyFunction, options: FlecheOptions) {
    this.wrapped = fn;
    this.profile = profileFunction(fn, options);
  }

  /** What the decorated function does: a hit, or the body and the saving of its result. */
  call(self: unknown, args: readonly unknown[]): unknown {
    const cache = activeCache();
    const refresh = isRefreshing();
    if (!cache.retains) return this.wrapped.apply(self, loadReferences(cache, args) as unknown[]);
    const given = loadReferences(cache, args);
    const call = this.#identify(self, given);
    if (call === undefined) return this.wrapped.apply(self, given as unknown[]);
    if (!refresh) {
      const hit = this.#hit(cache, call.key);
      if (hit !== undefined) return hit.value;
    }
    return this.#miss(cache, call, refresh);
  }

  /** The identity of a call, without running anything. @throws IndigestibleError */
  identify(self: unknown, args: readonly unknown[]): Call {
    return this.#called(self, loadReferences(activeCache(), args));
  }

  /** What the record of this call is or would be, without a result. */
  plan(self: unknown, args: readonly unknown[]): CallRecord {
    const { identity } = this.identify(self, args);
    return { ...identity, result: null, metadata: {}, scheme: digestScheme };
  }

  /** The stored result. @throws UnknownDigestError if there is none. */
  load(self: unknown, args: readonly unknown[]): unknown {
    const { key } = this.identify(self, args);
    const hit = activeCache().lookup(key);
    if (hit === undefined) {
      throw new UnknownDigestError({
        digest: key,
        what: 'call',
        hint: `this call of ${this.profile.name} is not cached`,
      });
    }
    return hit.value;
  }

  /** Runs the body, and the cached functions that it calls, again and replaces what is stored. */
  rerun(self: unknown, args: readonly unknown[]): unknown {
    return runInScope(activeCache(), true, () => this.call(self, args));
  }

  #called(self: unknown, given: readonly unknown[]): Call {
    const { name, module, version, codeDigest } = this.profile;
    const digests = digestArguments(this.profile, self, given);
    const identity = { name, module, version, codeDigest: codeDigest(), arguments: digests };
    return { self, given, identity, key: digestOfCall(identity) };
  }

  /** As {@link identify}; `undefined`, with a warning, for a call that has to run uncached. */
  #identify(self: unknown, given: readonly unknown[]): Call | undefined {
    const { name } = this.profile;
    try {
      const call = this.#called(self, given);
      const missing = missingArguments(this.profile, given);
      if (missing.length > 0) {
        warnOnce(`${name} runs uncached: it requires ${missing.join(', ')} to be given`);
        return undefined;
      }
      return call;
    } catch (error) {
      if (!isFlecheError(error, 'Indigestible')) throw error;
      warnOnce(`${name} runs uncached: ${error.message}`);
      return undefined;
    }
  }

  /** A hit, as the function would have given it: a promise where its result was one. */
  #hit(cache: Cache, key: Digest): Hit<unknown> | undefined {
    const record = cache.record(key);
    const hit = record && cache.resultOf(record);
    if (hit === undefined) return undefined;
    return this.profile.isAsync || record?.metadata.runtime?.async === true
      ? { value: Promise.resolve(hit.value) }
      : hit;
  }

  #miss(cache: Cache, call: Call, refresh: boolean): unknown {
    const under = running(cache);
    const other = refresh ? undefined : under.get(call.key);
    // Their result is stored by then; loading it gives this caller one of its own.
    if (other !== undefined) return other.then((value) => cache.lookup(call.key)?.value ?? value);
    const prepared = this.#prepare(cache, call);
    const measure = measureRuntime();
    const result = runInScope(cache, refresh, () => this.wrapped.apply(call.self, call.given as unknown[]));
    if (!isPromise(result)) {
      this.#commit(prepared, result, { ...measure() });
      return result;
    }
    const settled = result.then((value) => {
      this.#commit(prepared, value, { ...measure(), async: true });
      return value;
    });
    under.set(call.key, settled);
    const ended = (): void => {
      if (under.get(call.key) === settled) under.delete(call.key);
    };
    settled.then(ended, ended);
    return settled;
  }

  #prepare(cache: Cache, call: Call): PreparedCall | undefined {
    return this.#saving('its arguments were', () =>
      cache.prepareDigested(call.identity, bindArguments(this.profile, call.self, call.given)),
    );
  }

  #commit(prepared: PreparedCall | undefined, result: unknown, runtime: Metadata[string]): void {
    if (prepared === undefined) return;
    this.#saving('its result was', () => prepared.commit(result, { runtime }));
  }

  /** A failure to save never costs the result of the call: the user is told, and the call goes on. */
  #saving<T>(what: string, save: () => T): T | undefined {
    try {
      return save();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      warnOnce(`${this.profile.name} ran, but ${what} not cached: ${reason}`);
      return undefined;
    }
  }
}

/** Arguments that name stored values, replaced by those values. */
function loadReferences(cache: Cache, args: readonly unknown[]): readonly unknown[] {
  for (const argument of args) {
    if (typeof argument === 'object' && argument !== null && isDigestReference(argument)) {
      return args.map((each) =>
        typeof each === 'object' && each !== null && isDigestReference(each) ? cache.loadValue(each) : each,
      );
    }
  }
  return args;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return (
    value instanceof Promise ||
    (typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function')
  );
}
