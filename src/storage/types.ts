import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/types.js';

/** What was found. A box, because a stored value may itself be `undefined`. */
export interface Hit<T> {
  readonly value: T;
}

/** What a storage can and cannot do, as data: the contract suites, the documentation and the cache read the same object. */
export interface StorageCapabilities {
  /** Whether what is put can be got back; `false` for a storage that discards. */
  readonly retains: boolean;
  /** Whether what is put outlives the process. */
  readonly persistent: boolean;
  /** Whether several processes may write to the same place at the same time and nothing is lost. */
  readonly sharedByProcesses: boolean;
  /**
   * What it holds exactly: `data` (everything that JavaScript data has), `code` (also functions, closures, classes and
   * their instances), `everything` (also private fields, property descriptors and symbols). A call storage only ever
   * holds records.
   */
  readonly holds: 'data' | 'code' | 'everything';
}

/**
 * Entries by digest. All operations are synchronous and either take place whole or not at all.
 *
 * Optional members are optimisations; what happens without them is said on each.
 */
export interface Storage<T> {
  readonly capabilities: StorageCapabilities;
  /** Where the entries lie, for people: a directory, a file or URL; `memory`. */
  readonly location: string;

  /**
   * The entry under `key`, or `undefined` when there is none.
   * @throws CorruptEntryError if what lies there is damaged.
   */
  get(key: Digest): Hit<T> | undefined;

  /**
   * Stores `value` under `key`, replacing what was there.
   * @throws SerializationError if the value cannot be held exactly. Nothing is stored then.
   * @throws RejectedError if the storage takes no changes.
   */
  put(key: Digest, value: T): void;

  contains(key: Digest): boolean;

  /** Removes the entry; `false` when there was none. */
  evict(key: Digest): boolean;

  /** The digests of all entries, in no particular order. */
  list(): Iterable<Digest>;

  /** The digests that start with `prefix` (hexadecimal, not empty). Without it, `list` is filtered. */
  startingWith?(prefix: string): Iterable<Digest>;

  /** How many bytes the entry takes where it lies, `undefined` when there is none. Without it sizes are not shown. */
  sizeBytes?(key: Digest): number | undefined;

  /** Lets go of files and locks. Without it there is nothing to let go of. */
  close?(): void;
}

/** Holds values (arguments and results) by the digest of their content. */
export interface ValueStorage extends Storage<unknown> {
  readonly role: 'values';
}

/** Holds call records by lookup key. */
export interface CallStorage extends Storage<CallRecord> {
  readonly role: 'calls';
}
