import { resolve } from 'node:path';
import { parseCallRecord } from '../../calls/parse-record.js';
import type { CallRecord } from '../../calls/record.js';
import type { Digest } from '../../digest/index.js';
import { ConfigurationError, CorruptEntryError, FlecheError } from '../../errors.js';
import { writeFileAtomically } from '../../internal/atomic-file.js';
import { serializerNamed } from '../../serializers/registry.js';
import type { Serializer } from '../../serializers/types.js';
import type { CallStorage, Hit, Storage, StorageCapabilities, ValueStorage } from '../types.js';
import { EntryFiles } from './entry-files.js';
import { FileSource } from './file-source.js';
import { gunzipped } from './gunzip.js';
import { gzipped, looksGzipped, wrapped } from './gzip.js';
import { plainRecord } from './plain-record.js';

/** Where and how a storage of files keeps its entries. */
export interface PickleFileOptions {
  /** The directory; relative to the working directory of now. It is made when the first entry is stored. */
  readonly root: string;
  /** Whether new files are compressed with gzip. Files are read either way. @default false */
  readonly compress?: boolean;
  /**
   * `2` spreads the files over 256 directories by the first two characters of their names, for caches with tens of
   * thousands of entries; `0` keeps them flat. Files are found either way. @default 0
   */
  readonly shard?: 0 | 2;
  /** Whether a file is forced to the disk before it appears, so that a power cut costs nothing. @default true */
  readonly fsync?: boolean;
}

/** What value and call files have in common: one file per entry, written by a serializer. */
abstract class PickleFile<T> implements Storage<T> {
  readonly capabilities: StorageCapabilities;
  readonly location: string;
  /** The name of the serializer that writes the files. */
  readonly serializer: string;
  /** Whether new files are compressed. */
  readonly compress: boolean;
  readonly #serializer: Serializer;
  readonly #files: EntryFiles;
  readonly #fsync: boolean;

  /** @internal Use the factories `withPickle` and its like. */
  constructor(serializer: Serializer, options: PickleFileOptions) {
    const { root, compress = false, shard = 0, fsync = true } = options;
    if (typeof root !== 'string' || root === '') throw new ConfigurationError('root must be the path of a directory');
    if (shard !== 0 && shard !== 2) throw new ConfigurationError(`shard is 0 or 2, not ${String(shard)}`);
    this.location = resolve(root);
    this.serializer = serializer.name;
    this.compress = compress;
    this.capabilities = { retains: true, persistent: true, sharedByProcesses: true, holds: serializer.holds };
    this.#serializer = serializer;
    this.#files = new EntryFiles(this.location, shard);
    this.#fsync = fsync;
  }

  get(key: Digest): Hit<T> | undefined {
    try {
      return this.#files.read(key, (descriptor, path) => {
        const file = new FileSource(descriptor, path);
        return { value: this.parse(this.#serializer.load(file.isGzip ? gunzipped(file) : file), path) };
      });
    } catch (error) {
      throw unreadable(error, key, this.#files.path(key));
    }
  }

  put(key: Digest, value: T): void {
    const path = this.#files.path(key);
    const pieces = this.#serializer.dump(this.prepare(value));
    // A serializer's own bytes may start as gzip does: one more layer, so that reading takes off the right one.
    const file = this.compress ? gzipped(pieces) : looksGzipped(pieces) ? wrapped(pieces) : pieces;
    writeFileAtomically(path, file, { fsync: this.#fsync });
    this.#files.removeOutdated(key);
  }

  contains(key: Digest): boolean {
    return this.#files.sizeBytes(key) !== undefined;
  }

  evict(key: Digest): boolean {
    return this.#files.remove(key);
  }

  list(): Iterable<Digest> {
    return this.#files.keys();
  }

  startingWith(prefix: string): Iterable<Digest> {
    return this.#files.keys(prefix);
  }

  sizeBytes(key: Digest): number | undefined {
    return this.#files.sizeBytes(key);
  }

  /** The entry as the serializer gets it. */
  protected abstract prepare(value: T): unknown;

  /** What a file held, as the entry it must be. @throws CorruptEntryError if it is none. */
  protected abstract parse(value: unknown, path: string): T;
}

/**
 * Values in files: one per value, named by its digest. What a file can hold depends on the serializer: `pickle` all data,
 * `cloudpickle` also functions, closures and classes, `dill` also private fields, property descriptors and symbols.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { CallPickleFile, ValuePickleFile } from 'fleche/storage';
 * const pickleCache = new Cache({
 *   values: ValuePickleFile.withPickle({ root: '.pickle_cache/values' }),
 *   calls: CallPickleFile.withPickle({ root: '.pickle_cache/calls' }),
 * });
 */
export class ValuePickleFile extends PickleFile<unknown> implements ValueStorage {
  readonly role = 'values';

  /** Files that hold data, and that never run code when they are read. */
  static withPickle(options: PickleFileOptions): ValuePickleFile {
    return ValuePickleFile.withSerializer('pickle', options);
  }

  /** Files that also hold functions, closures and classes. Reading them runs the code in them: trust who wrote them. */
  static withCloudpickle(options: PickleFileOptions): ValuePickleFile {
    return ValuePickleFile.withSerializer('cloudpickle', options);
  }

  /** Files that also hold private fields, descriptors and symbols. Reading them runs the code in them. */
  static withDill(options: PickleFileOptions): ValuePickleFile {
    return ValuePickleFile.withSerializer('dill', options);
  }

  /** Files of the serializer with this name. @throws ConfigurationError if there is none. */
  static withSerializer(name: string, options: PickleFileOptions): ValuePickleFile {
    return new ValuePickleFile(serializerNamed(name), options);
  }

  protected override prepare(value: unknown): unknown {
    return value;
  }

  protected override parse(value: unknown): unknown {
    return value;
  }
}

/**
 * Call records in files: one per call, named by its lookup key. See {@link ValuePickleFile}.
 *
 * @example
 * import { CallPickleFile } from 'fleche/storage';
 * const calls = CallPickleFile.withPickle({ root: '.pickle_cache/calls', compress: true });
 */
export class CallPickleFile extends PickleFile<CallRecord> implements CallStorage {
  readonly role = 'calls';

  /** Files that never run code when they are read. */
  static withPickle(options: PickleFileOptions): CallPickleFile {
    return CallPickleFile.withSerializer('pickle', options);
  }

  /** Files of the serializer `cloudpickle`. */
  static withCloudpickle(options: PickleFileOptions): CallPickleFile {
    return CallPickleFile.withSerializer('cloudpickle', options);
  }

  /** Files of the serializer `dill`. */
  static withDill(options: PickleFileOptions): CallPickleFile {
    return CallPickleFile.withSerializer('dill', options);
  }

  /** Files of the serializer with this name. @throws ConfigurationError if there is none. */
  static withSerializer(name: string, options: PickleFileOptions): CallPickleFile {
    return new CallPickleFile(serializerNamed(name), options);
  }

  protected override prepare(record: CallRecord): unknown {
    return plainRecord(record);
  }

  protected override parse(value: unknown, path: string): CallRecord {
    const record = parseCallRecord(value);
    if (typeof record === 'string') throw new CorruptEntryError({ location: path, reason: record });
    return record;
  }
}

/**
 * Why a file gave no value, with the key. What failed is the file, the disk or, with a serializer of one's own, whatever
 * it throws over bytes that it did not write; only what a user can do something about stays as it is.
 */
function unreadable(error: unknown, key: Digest, path: string): unknown {
  if (error instanceof CorruptEntryError) {
    return new CorruptEntryError({ key, location: error.location, reason: error.reason, cause: error });
  }
  if (error instanceof FlecheError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new CorruptEntryError({ key, location: path, reason: `it cannot be read (${reason})`, cause: error });
}
