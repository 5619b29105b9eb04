import { bindArguments, digestArguments } from '../calls/arguments.js';
import { missingPlaces, type NeededPlace } from '../calls/parameters.js';
import { type AnyFunction, type FunctionProfile, profileFunction } from '../calls/profile.js';
import type { CallRecord, Metadata } from '../calls/record.js';
import { type CallIdentity, type Digest, digestOfCall, digestScheme, isDigestReference } from '../digest/index.js';
import { ConfigurationError, isFlecheError, UnknownDigestError } from '../errors.js';
import { warnOnce } from '../internal/warn.js';
import { type MetadataProvider, measureCall } from '../metadata/provider.js';
import { runtime } from '../metadata/runtime.js';
import type { Hit } from '../storage/types.js';
import { activeScope, runInScope, type Scope } from './active.js';
import type { Cache, PreparedCall } from './cache.js';
import { causeOf, messageOf } from './cause.js';
import type { FlecheOptions } from './options.js';
import { Run, running } from './running.js';

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
  readonly #providers: readonly MetadataProvider[];

  constructor(fn: AnyFunction, options: FlecheOptions) {
    this.wrapped = fn;
    this.profile = profileFunction(fn, options);
    this.#providers = [options.meta ?? []].flat();
  }

  /** What the decorated function does: a hit, or the body and the saving of its result. */
  call(self: unknown, args: readonly unknown[]): unknown {
    const scope = activeScope();
    const { cache } = scope;
    let given = args;
    try {
      given = loadReferences(cache, args);
    } catch (error) {
      if (this.profile.isAsync) return Promise.reject(error as Error);
      throw error;
    }
    const call = cache.retains ? this.#identify(self, given) : undefined;
    if (call === undefined) return this.wrapped.apply(self, given as unknown[]);
    if (scope.refresh) return this.#run(scope, call);
    const hit = this.#hit(cache, call.key);
    if (hit !== undefined) return hit.value;
    const other = running(cache).get(call.key);
    return other?.result === undefined ? this.#run(scope, call) : this.#join(scope, call, other, other.result);
  }

  /** The identity of a call, without running anything. @throws IndigestibleError */
  identify(self: unknown, args: readonly unknown[]): Call {
    return this.#called(self, loadReferences(activeScope().cache, args));
  }

  /** What the record of this call is or would be, without a result. */
  plan(self: unknown, args: readonly unknown[]): CallRecord {
    const { identity } = this.identify(self, args);
    return { ...identity, result: null, metadata: {}, scheme: digestScheme };
  }

  /** The stored result. @throws UnknownDigestError if there is none. */
  load(self: unknown, args: readonly unknown[]): unknown {
    const { key } = this.identify(self, args);
    const hit = activeScope().cache.lookup(key);
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
    return runInScope({ ...activeScope(), refresh: true }, () => this.call(self, args));
  }

  #called(self: unknown, given: readonly unknown[]): Call {
    const { name, module, version, codeDigest } = this.profile;
    const digests = digestArguments(this.profile, self, given);
    const identity = { name, module, version, codeDigest: codeDigest(), arguments: digests };
    return { self, given, identity, key: digestOfCall(identity) };
  }

  /** As {@link identify}; `undefined`, with a warning, for a call that has to run uncached. */
  #identify(self: unknown, given: readonly unknown[]): Call | undefined {
    const { name, needed } = this.profile;
    try {
      const missing = needed.length === 0 ? needed : missingPlaces(needed, given);
      if (missing.length > 0) {
        warnOnce(`${name} runs uncached: ${reasonFor(missing)}`);
        return undefined;
      }
      return this.#called(self, given);
    } catch (error) {
      if (!isFlecheError(error, 'Indigestible')) throw error;
      warnOnce(`${name} runs uncached: ${error.message}`, `${name} runs uncached: ${causeOf(error)}`);
      return undefined;
    }
  }

  /** A hit, as the function would have given it: a promise where its result was one. */
  #hit(cache: Cache, key: Digest): Hit<unknown> | undefined {
    try {
      const record = cache.record(key);
      const hit = record && cache.resultOf(record);
      if (hit === undefined) return undefined;
      return this.profile.isAsync || record?.metadata.runtime?.async === true
        ? { value: Promise.resolve(hit.value) }
        : hit;
    } catch (error) {
      const { name } = this.profile;
      warnOnce(
        `${name} runs again, since its result cannot be read: ${messageOf(error)}`,
        `${name}: ${causeOf(error)}`,
      );
      return undefined;
    }
  }

  /** Waits for a run of the same call, and gives its result as one of this caller's own. */
  #join(scope: Scope, call: Call, other: Run, result: Promise<unknown>): Promise<unknown> {
    const { name } = this.profile;
    if (scope.run !== undefined) {
      if (other.waitsFor(scope.run)) {
        return Promise.reject(
          new ConfigurationError(
            `${name} would wait for itself for ever: its body calls it again with equal arguments, directly or through other cached functions`,
          ),
        );
      }
      scope.run.join(other, result);
    }
    return result.then((value) => {
      const isChangeable = (typeof value === 'object' && value !== null) || typeof value === 'function';
      const own = isChangeable ? this.#hit(scope.cache, call.key) : undefined;
      if (own !== undefined) return own.value;
      if (isChangeable) warnOnce(`${name}: calls that ran at the same time share one result, since it is not stored`);
      return value;
    });
  }

  #run(scope: Scope, call: Call): unknown {
    const { cache } = scope;
    const run = new Run(scope.run);
    const prepared = this.#prepare(cache, call);
    const { name, module, version } = call.identity;
    const providers = [runtime, ...(scope.metadata ?? []), ...this.#providers];
    const measure = measureCall(providers, { name, module, version });
    let result: unknown;
    try {
      result = runInScope({ ...scope, run }, () => this.wrapped.apply(call.self, call.given as unknown[]));
    } catch (error) {
      run.end();
      throw error;
    }
    if (!isPromise(result)) {
      run.end();
      this.#commit(prepared, result, measure());
      return result;
    }
    const settled = result.then((value) => {
      const metadata = measure();
      this.#commit(prepared, value, { ...metadata, runtime: { ...metadata.runtime, async: true } });
      return value;
    });
    const under = running(cache);
    run.result = settled;
    under.set(call.key, run);
    const ended = (): void => {
      run.end();
      if (under.get(call.key) === run) under.delete(call.key);
    };
    settled.then(ended, ended);
    return settled;
  }

  #prepare(cache: Cache, call: Call): PreparedCall | undefined {
    return this.#saving('its arguments were', () =>
      cache.prepareDigested(call.identity, bindArguments(this.profile, call.self, call.given)),
    );
  }

  #commit(prepared: PreparedCall | undefined, result: unknown, metadata: Metadata): void {
    if (prepared === undefined) return;
    this.#saving('its result was', () => prepared.commit(result, metadata));
  }

  /** A failure to save never costs the result of the call: the user is told, and the call goes on. */
  #saving<T>(what: string, save: () => T): T | undefined {
    try {
      return save();
    } catch (error) {
      const { name } = this.profile;
      const text = `${name} ran, but ${what} not cached: `;
      warnOnce(text + messageOf(error), text + causeOf(error));
      return undefined;
    }
  }
}

function reasonFor(missing: readonly NeededPlace[]): string {
  const named = (why: NeededPlace['why']): string =>
    missing.flatMap((place) => (place.why === why ? [place.name] : [])).join(', ');
  const required = named('required');
  if (required !== '') return `it requires ${required} to be given`;
  return `the default of ${named('its default may differ')} may differ from call to call; give it, or ignore it`;
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
