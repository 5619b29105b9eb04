import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseCallRecord } from '../../calls/parse-record.js';
import type { CallRecord } from '../../calls/record.js';
import { type Digest, isDigest } from '../../digest/index.js';
import { ConfigurationError, CorruptEntryError, RejectedError } from '../../errors.js';
import type { CallStorage, Hit, Storage, StorageCapabilities, ValueStorage } from '../types.js';
import { BagContentError } from './bag-content-error.js';
import { type BagFileOptions, readBagFile, writeBagFile } from './bag-file.js';
import { type H5Engine, loadEngine } from './engine.js';

/** Where and how a storage of HDF5 files keeps its entries. */
export interface BagOfHoldingH5FileOptions {
  /** The directory; relative to the working directory of now. It is made when the first entry is stored. */
  readonly root: string;
  /**
   * The gzip level of arrays, 1 to 9, or 0 for none. Writing floats takes some thirty times as long with it, and most
   * hardly shrink. Files are read either way. @default 0
   */
  readonly compression?: number;
  /** Whether a file is forced to the disk before it appears, so that a power cut costs nothing. @default true */
  readonly fsync?: boolean;
}

/** What value and call files have in common: one bag per entry, named by its digest, flat in the root. */
abstract class BagOfHoldingH5File<T> implements Storage<T> {
  readonly capabilities: StorageCapabilities = {
    retains: true,
    persistent: true,
    sharedByProcesses: true,
    holds: 'data',
  };
  readonly location: string;
  readonly #engine: H5Engine;
  readonly #options: BagFileOptions;

  /** @internal Use `open`. */
  constructor(engine: H5Engine, options: BagOfHoldingH5FileOptions) {
    const { root, compression = 0, fsync = true } = options;
    if (typeof root !== 'string' || root === '') throw new ConfigurationError('root must be the path of a directory');
    if (!Number.isInteger(compression) || compression < 0 || compression > 9) {
      throw new ConfigurationError(`compression is an integer from 0 to 9, not ${String(compression)}`);
    }
    this.location = resolve(root);
    this.#engine = engine;
    this.#options = { compression, fsync, storage: this.constructor.name };
  }

  get(key: Digest): Hit<T> | undefined {
    const path = this.#path(key);
    const hit = readBagFile(this.#engine, path, key, (part) => this.#part(part));
    return hit === undefined ? undefined : { value: this.parse(hit.value, key, path) };
  }

  put(key: Digest, value: T): void {
    writeBagFile(this.#engine, this.#path(key), value, this.#options);
  }

  contains(key: Digest): boolean {
    return this.sizeBytes(key) !== undefined;
  }

  evict(key: Digest): boolean {
    const location = this.#path(key);
    try {
      return orAbsent(() => unlinkSync(location) ?? true) === true;
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      const reason = code === 'EROFS' ? 'the file system is read-only' : 'permission denied';
      if (['EROFS', 'EACCES', 'EPERM'].includes(code)) throw new RejectedError({ location, reason, cause });
      throw cause;
    }
  }

  list(): Iterable<Digest> {
    return this.startingWith('');
  }

  startingWith(prefix: string): Iterable<Digest> {
    const names = orAbsent(() => readdirSync(this.location)) ?? [];
    return names.filter((name): name is Digest => name.startsWith(prefix) && isDigest(name));
  }

  sizeBytes(key: Digest): number | undefined {
    const found = statSync(this.#path(key), { throwIfNoEntry: false });
    return found?.isFile() === true ? found.size : undefined;
  }

  /** What a file held, as the entry it must be. @throws CorruptEntryError if it is none. */
  protected abstract parse(value: unknown, key: Digest, path: string): T;

  #path(key: Digest): string {
    return join(this.location, key);
  }

  #part(key: string): unknown {
    const hit = isDigest(key) ? readBagFile(this.#engine, this.#path(key), key, (part) => this.#part(part)) : undefined;
    if (hit === undefined) throw new BagContentError(`its part ${key} is not stored beside it`);
    return hit.value;
  }
}

/**
 * Values in HDF5 files, one per value, named by its digest: bags of the Python library bagofholding, laid out as Python's
 * `BagOfHoldingH5File` with `prefix_length=0` does. `H5Bag(path).load()`, h5py and `h5dump` read them.
 *
 * Python sees numbers, texts, booleans, `null`, lists and objects as what they are there, arrays of numbers of every kind
 * as NumPy arrays, a list of more than 100 numbers as an array too, a Buffer as bytes. What Python's library has no type for (Date,
 * Map, `undefined`, …) it sees as a list of a text and arrays of bytes; so it does an object in a bag of more than 1,000
 * objects, since each costs a third of a millisecond. Everything comes back in JavaScript as exactly what it was.
 *
 * Arrays of more than 1 GiB are refused. Every file ends in a checksum, so that a damaged one is noticed.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { CallBagOfHoldingH5File, ValueBagOfHoldingH5File } from 'fleche/storage';
 * const bagCache = new Cache({
 *   values: await ValueBagOfHoldingH5File.open({ root: '.boh_cache/values' }),
 *   calls: await CallBagOfHoldingH5File.open({ root: '.boh_cache/calls' }),
 * });
 */
export class ValueBagOfHoldingH5File extends BagOfHoldingH5File<unknown> implements ValueStorage {
  readonly role = 'values';

  /**
   * Opens the storage. The directory need not exist.
   *
   * @throws EngineMissingError if the package h5wasm does not load here.
   */
  static async open(options: BagOfHoldingH5FileOptions): Promise<ValueBagOfHoldingH5File> {
    return new ValueBagOfHoldingH5File(await loadEngine('ValueBagOfHoldingH5File'), options);
  }

  protected override parse(value: unknown): unknown {
    return value;
  }
}

/**
 * Call records in HDF5 files: one per call, named by its lookup key. See {@link ValueBagOfHoldingH5File}.
 *
 * @example
 * import { CallBagOfHoldingH5File } from 'fleche/storage';
 * const calls = await CallBagOfHoldingH5File.open({ root: '.bags/calls' });
 */
export class CallBagOfHoldingH5File extends BagOfHoldingH5File<CallRecord> implements CallStorage {
  readonly role = 'calls';

  /**
   * Opens the storage. The directory need not exist.
   *
   * @throws EngineMissingError if the package h5wasm does not load here.
   */
  static async open(options: BagOfHoldingH5FileOptions): Promise<CallBagOfHoldingH5File> {
    return new CallBagOfHoldingH5File(await loadEngine('CallBagOfHoldingH5File'), options);
  }

  protected override parse(value: unknown, key: Digest, path: string): CallRecord {
    const record = parseCallRecord(value);
    if (typeof record === 'string') throw new CorruptEntryError({ key, location: path, reason: record });
    return record;
  }
}

/** What `look` gives, or `undefined` where there is nothing to look at. */
function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
