import type { CallRecord, Metadata } from '../calls/record.js';
import { type Digest, type DigestReference, digest, digestOfCall, digestScheme } from '../digest/index.js';
import { ConfigurationError, isFlecheError, UnknownDigestError } from '../errors.js';
import { warnOnce } from '../internal/warn.js';
import type { CallStorage, Hit, ValueStorage } from '../storage/types.js';
import { causeOf } from './cause.js';
import { LazyCall } from './lazy-call.js';
import { expandDigest, shrinkDigest } from './short-digests.js';

/** A digest in full or by a prefix of 4 or more characters. */
export type DigestLike = Digest | DigestReference | string;

/** Who is called and with what: all of a call but its result. */
export interface PlannedCall {
  readonly name: string;
  readonly module?: string | null;
  readonly version?: string | number | null;
  readonly codeDigest?: Digest | null;
  /** The arguments themselves, by parameter name. */
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A call with its result, to be saved. */
export interface FinishedCall extends PlannedCall {
  readonly result: unknown;
  readonly metadata?: Metadata;
}

/** A call whose key is sealed: nothing that happens to the arguments from here on changes it. */
export interface PreparedCall {
  readonly key: Digest;
  /**
   * Stores the result, then the record: a record never points at nothing.
   *
   * @returns the digest of the result.
   * @throws SerializationError if the result cannot be held; its path starts with `result`.
   * @throws IndigestibleError if the result has no digest.
   */
  commit(result: unknown, metadata?: Metadata): Digest;
}

const brand = Symbol.for('fleche.cache');

/**
 * A cache is two storages: `values` holds arguments and results by the digest of their content, `calls` one record per
 * call. Any value storage goes with any call storage.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { CallMemory, ValueMemory } from 'fleche/storage';
 * const c = new Cache({ values: new ValueMemory(), calls: new CallMemory() });
 * const key = c.save({ name: 'add', arguments: { a: 2, b: 3 }, result: 5 });
 * console.log(c.load(key).result); // 5
 */
export class Cache {
  readonly values: ValueStorage;
  readonly calls: CallStorage;

  /** @throws ConfigurationError if a storage is given for what it does not hold, such as `Sql` for values. */
  constructor(storages: { values: ValueStorage; calls: CallStorage }) {
    this.values = storageFor('values', storages.values);
    this.calls = storageFor('calls', storages.calls);
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether the cache can ever give something back. */
  get retains(): boolean {
    return this.values.capabilities.retains && this.calls.capabilities.retains;
  }

  /**
   * Saves a call with its result and gives its key.
   *
   * @throws IndigestibleError if an argument or the result has no digest.
   * @throws SerializationError if the result cannot be held.
   */
  save(call: FinishedCall): Digest {
    const prepared = this.prepare(call);
    prepared.commit(call.result, call.metadata);
    return prepared.key;
  }

  /**
   * The first phase of saving, before the body of the function runs: seals the key and stores the arguments. An argument
   * that the value storage cannot hold is kept by its digest alone, with a warning.
   *
   * @throws IndigestibleError if an argument has no digest.
   */
  prepare(call: PlannedCall): PreparedCall {
    const digests: Record<string, Digest> = {};
    for (const [name, value] of Object.entries(call.arguments)) digests[name] = digest(value, name);
    return this.prepareDigested({ ...call, arguments: digests }, call.arguments);
  }

  /** As {@link prepare}, for arguments whose digests are known already. */
  prepareDigested(
    call: Omit<PlannedCall, 'arguments'> & { readonly arguments: Readonly<Record<string, Digest>> },
    values: Readonly<Record<string, unknown>>,
  ): PreparedCall {
    const identity = {
      name: call.name,
      module: call.module ?? null,
      version: call.version ?? null,
      codeDigest: call.codeDigest ?? null,
      arguments: call.arguments,
    };
    for (const name of Object.keys(values)) this.#storeArgument(identity, name, values[name]);
    return {
      key: digestOfCall(identity),
      commit: (result, metadata = {}) => {
        const resultDigest = digest(result, 'result');
        this.#put(resultDigest, result, 'result');
        this.calls.put(digestOfCall(identity), { ...identity, result: resultDigest, metadata, scheme: digestScheme });
        return resultDigest;
      },
    };
  }

  #storeArgument(call: Pick<CallRecord, 'name' | 'arguments'>, name: string, value: unknown): void {
    const key = call.arguments[name] as Digest;
    try {
      if (!this.values.contains(key)) this.#put(key, value, name);
    } catch (error) {
      if (!isFlecheError(error, 'Serialization')) throw error;
      const text = `the argument ${name} of ${call.name} is kept by its digest alone: `;
      warnOnce(text + error.message, text + causeOf(error));
    }
  }

  #put(key: Digest, value: unknown, root: string): void {
    try {
      this.values.put(key, value);
    } catch (error) {
      throw isFlecheError(error, 'Serialization') ? error.within(root) : error;
    }
  }

  /**
   * The result of the call with this key, or `undefined` when it is not cached. What is damaged counts as not cached,
   * with a warning.
   *
   * @param key a full lookup key.
   */
  lookup(key: Digest): Hit<unknown> | undefined {
    const record = this.record(key);
    return record && this.resultOf(record);
  }

  /** The result that a record points at, or `undefined` when it is not stored; damaged counts as not stored. */
  resultOf(record: CallRecord): Hit<unknown> | undefined {
    if (record.result === null) return undefined;
    try {
      return this.values.get(record.result);
    } catch (error) {
      return missed(error);
    }
  }

  /** The record of the call with this full key, or `undefined` when there is none; damaged counts as none. */
  record(key: Digest): CallRecord | undefined {
    try {
      return this.calls.get(key)?.value;
    } catch (error) {
      return missed(error);
    }
  }

  /**
   * A stored call, whose arguments and result are loaded when they are looked at.
   *
   * @throws UnknownDigestError if there is no such call.
   * @throws AmbiguousDigestError if a short key fits several.
   * @throws CorruptEntryError if its record is damaged.
   */
  load(key: DigestLike): LazyCall {
    const full = expandDigest([this.calls], key, 'call');
    const hit = this.calls.get(full);
    if (hit === undefined) throw new UnknownDigestError({ digest: full, what: 'call' });
    return new LazyCall(full, hit.value, this.values);
  }

  /**
   * A stored value.
   *
   * @throws UnknownDigestError if there is no such value.
   * @throws AmbiguousDigestError if a short digest fits several.
   * @throws CorruptEntryError if it is damaged.
   */
  loadValue(key: DigestLike): unknown {
    const full = expandDigest([this.values], key, 'value');
    const hit = this.values.get(full);
    if (hit === undefined) throw new UnknownDigestError({ digest: full, what: 'value' });
    return hit.value;
  }

  /** Whether a call with this key is stored and its result, too. Nothing is deserialized but the record. */
  contains(key: DigestLike): boolean {
    let full: Digest;
    try {
      full = expandDigest([this.calls], key, 'call');
    } catch (error) {
      if (isFlecheError(error, 'UnknownDigest')) return false;
      throw error;
    }
    const result = this.record(full)?.result;
    return result !== undefined && result !== null && this.values.contains(result);
  }

  /**
   * Removes the record of a call; its values stay, since other calls may share them.
   *
   * @returns `false` when there was none.
   */
  evict(key: DigestLike): boolean {
    try {
      return this.calls.evict(expandDigest([this.calls], key, 'call'));
    } catch (error) {
      if (isFlecheError(error, 'UnknownDigest')) return false;
      throw error;
    }
  }

  /**
   * The full digest of the one call or value whose digest starts with `prefix`.
   *
   * @param prefix 4 or more characters.
   * @throws UnknownDigestError, AmbiguousDigestError if none or several do.
   * @throws ConfigurationError if it is no prefix of a digest or shorter.
   */
  expand(prefix: DigestLike): Digest {
    return expandDigest([this.calls, this.values], prefix, 'entry');
  }

  /** The shortest beginning of a digest, 4 characters at least, that no other call or value here has. */
  shrink(full: DigestLike): string {
    return shrinkDigest([this.calls, this.values], full);
  }

  /** Lets go of the files and locks of both storages. */
  close(): void {
    this.values.close?.();
    this.calls.close?.();
  }
}

/**
 * Whether `value` is a cache, of this copy of the package or another one.
 *
 * @example
 * import { cache, isCache } from 'fleche';
 * console.log(isCache(cache()), isCache({})); // true false
 */
export function isCache(value: unknown): value is Cache {
  return typeof value === 'object' && value !== null && brand in value;
}

function storageFor<S extends ValueStorage | CallStorage>(role: S['role'], storage: S): S {
  const given = storage as S | undefined;
  if (given?.role === role) return storage;
  const name = given === undefined || given === null ? String(given) : given.constructor.name;
  const other = role === 'values' ? 'calls' : 'values';
  throw new ConfigurationError(
    given?.role === other
      ? `${name} holds ${other} only: it cannot be the ${role} of a cache`
      : `the ${role} of a cache must be a storage of ${role}, not ${name}`,
  );
}

/** A damaged entry is a miss and a warning; anything else is an error. */
function missed(error: unknown): undefined {
  if (!isFlecheError(error, 'CorruptEntry')) throw error;
  warnOnce(`${error.message}; the call runs again`);
  return undefined;
}
