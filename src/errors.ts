/**
 * Every error that fleche throws on purpose. Each has a `tag` to switch on, fields that say what and where, and a
 * message that says what to do. Test for them with {@link isFlecheError}, which also knows errors of a second copy of
 * the package in the same process, where `instanceof` fails.
 */

const brand = Symbol.for('fleche.error');

/** The tags of all errors of fleche. */
export type FlecheErrorTag =
  | 'Indigestible'
  | 'Serialization'
  | 'CorruptEntry'
  | 'AmbiguousDigest'
  | 'UnknownDigest'
  | 'Rejected'
  | 'EngineMissing'
  | 'StorageLocked'
  | 'Configuration';

/**
 * The base of all errors of fleche: never thrown itself.
 *
 * @example
 * import { D, FlecheError } from 'fleche';
 * try { D('not a digest'); } catch (error) { console.log(error instanceof FlecheError); } // true
 */
export abstract class FlecheError extends Error {
  /** Which error this is, for `switch`; stable across versions. */
  abstract readonly tag: FlecheErrorTag;
}
Object.defineProperty(FlecheError.prototype, brand, { value: true });

/**
 * Whether `error` is an error of fleche (of the given `tag`), also one that another copy of the package threw.
 *
 * @example
 * import { D, isFlecheError } from 'fleche';
 * try { D('not a digest'); } catch (error) { console.log(isFlecheError(error, 'Configuration')); } // true
 */
export function isFlecheError(error: unknown): error is FlecheErrors[FlecheErrorTag];
export function isFlecheError<T extends FlecheErrorTag>(error: unknown, tag: T): error is FlecheErrors[T];
export function isFlecheError(error: unknown, tag?: FlecheErrorTag): boolean {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false;
  return tag === undefined || (error as unknown as FlecheError).tag === tag;
}

/** Which class belongs to which tag. */
export interface FlecheErrors {
  Indigestible: IndigestibleError;
  Serialization: SerializationError;
  CorruptEntry: CorruptEntryError;
  AmbiguousDigest: AmbiguousDigestError;
  UnknownDigest: UnknownDigestError;
  Rejected: RejectedError;
  EngineMissing: EngineMissingError;
  StorageLocked: StorageLockedError;
  Configuration: ConfigurationError;
}

/**
 * A value has no digest, so a call with it cannot be looked up.
 *
 * @example
 * import { digest, isFlecheError } from 'fleche';
 * try { digest({ a: [Promise.resolve()] }); } catch (error) { if (isFlecheError(error, 'Indigestible')) console.log(error.path); } // .a[0]
 */
export class IndigestibleError extends FlecheError {
  override readonly name = 'IndigestibleError';
  readonly tag = 'Indigestible';
  /** Where the value stands: `args[1].options.loader`. */
  readonly path: string;
  /** What it is: `a Promise`, `a function with captured variables`. */
  readonly what: string;

  constructor(fields: { path: string; what: string; hint?: string; cause?: unknown }) {
    const hint = fields.hint === undefined ? '' : `; ${fields.hint}`;
    super(`cannot digest ${fields.what} at ${fields.path || 'the value itself'}${hint}`, causeOf(fields));
    this.path = fields.path;
    this.what = fields.what;
  }
}

/**
 * A serializer or a storage cannot hold a value without losing something.
 *
 * @example
 * import { digest, isFlecheError } from 'fleche';
 * import { ValuePickleFile } from 'fleche/storage';
 * const values = ValuePickleFile.withPickle({ root: 'values' });
 * try { values.put(digest('key'), { a: [() => 1] }); } catch (error) { if (isFlecheError(error, 'Serialization')) console.log(error.path, error.takenBy); } // .a[0] cloudpickle
 */
export class SerializationError extends FlecheError {
  override readonly name = 'SerializationError';
  readonly tag = 'Serialization';
  /** Where the part at fault stands inside the value: `result.a.b[1]`. */
  readonly path: string;
  /** The serializer or storage that refused: `pickle`. */
  readonly serializer: string;
  /** The serializer that would take it, where there is one. */
  readonly takenBy: string | undefined;
  readonly #fields: SerializationErrorFields;

  constructor(fields: SerializationErrorFields) {
    const way = fields.takenBy === undefined ? '' : `; ${fields.takenBy} can`;
    const hint = fields.hint === undefined ? '' : `; ${fields.hint}`;
    super(
      `cannot ${verb(fields.serializer)} ${fields.what} at ${fields.path || 'the value itself'}${way}${hint}`,
      causeOf(fields),
    );
    this.path = fields.path;
    this.serializer = fields.serializer;
    this.takenBy = fields.takenBy;
    this.#fields = fields;
  }

  /** The same error as seen from a value that holds the one at fault at `root`: `result` gives `result.a.b[1]`. */
  within(root: string): SerializationError {
    return new SerializationError({ ...this.#fields, path: root + this.path });
  }
}

/** What a {@link SerializationError} is made of. */
export interface SerializationErrorFields {
  readonly path: string;
  /** What cannot be held: `a function`. */
  readonly what: string;
  readonly serializer: string;
  readonly takenBy?: string;
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * What lies in a storage is torn, truncated, altered or not ours. A cache treats it as a miss and warns.
 *
 * @example
 * import { isFlecheError, type Digest } from 'fleche';
 * import { ValuePickleFile } from 'fleche/storage';
 * const values = ValuePickleFile.withPickle({ root: 'values' });
 * for (const key of values.list()) {
 *   try { values.get(key); } catch (error) { if (isFlecheError(error, 'CorruptEntry')) values.evict(key); }
 * }
 */
export class CorruptEntryError extends FlecheError {
  override readonly name = 'CorruptEntryError';
  readonly tag = 'CorruptEntry';
  /** The digest under which the entry is stored, where known. */
  readonly key: string | undefined;
  /** The file or database that holds it. */
  readonly location: string;
  /** What is wrong: `checksum differs`, `ends after 12 of 96 bytes`. */
  readonly reason: string;

  constructor(fields: { key?: string | undefined; location: string; reason: string; cause?: unknown }) {
    const entry = fields.key === undefined ? '' : `entry ${fields.key} of `;
    super(`${entry}${fields.location} is corrupt: ${fields.reason}`, causeOf(fields));
    this.key = fields.key;
    this.location = fields.location;
    this.reason = fields.reason;
  }
}

/**
 * A short digest fits several entries.
 *
 * @example
 * import { cache, isFlecheError } from 'fleche';
 * try { cache().load('65d5'); } catch (error) { if (isFlecheError(error, 'AmbiguousDigest')) console.log(error.matches); }
 */
export class AmbiguousDigestError extends FlecheError {
  override readonly name = 'AmbiguousDigestError';
  readonly tag = 'AmbiguousDigest';
  readonly prefix: string;
  readonly matches: readonly string[];

  constructor(fields: { prefix: string; matches: readonly string[]; needed: number }) {
    super(`${fields.prefix} fits ${fields.matches.length} entries; give at least ${fields.needed} characters`);
    this.prefix = fields.prefix;
    this.matches = fields.matches;
  }
}

/**
 * No entry has this digest.
 *
 * @example
 * import { cache, isFlecheError } from 'fleche';
 * try { cache().load('65d5'); } catch (error) { console.log(isFlecheError(error, 'UnknownDigest')); } // true
 */
export class UnknownDigestError extends FlecheError {
  override readonly name = 'UnknownDigestError';
  readonly tag = 'UnknownDigest';
  readonly digest: string;

  constructor(fields: { digest: string; what: 'value' | 'call' | 'entry'; hint?: string }) {
    const hint = fields.hint === undefined ? '' : `; ${fields.hint}`;
    super(`no ${fields.what} has the digest ${fields.digest}${hint}`);
    this.digest = fields.digest;
  }
}

/**
 * A storage or cache refuses to be written to.
 *
 * @example
 * import { digest, isFlecheError } from 'fleche';
 * import { ValuePickleFile } from 'fleche/storage';
 * const values = ValuePickleFile.withPickle({ root: '/dev/null/values' });
 * try { values.put(digest(1), 1); } catch (error) { if (isFlecheError(error, 'Rejected')) console.log(error.location); }
 */
export class RejectedError extends FlecheError {
  override readonly name = 'RejectedError';
  readonly tag = 'Rejected';
  readonly location: string;

  constructor(fields: { location: string; reason: string; cause?: unknown }) {
    super(`${fields.location} takes no changes: ${fields.reason}`, causeOf(fields));
    this.location = fields.location;
  }
}

/**
 * A package that a backend needs is not installed or does not load here.
 *
 * @example
 * import { isFlecheError } from 'fleche';
 * import { Sql } from 'fleche/storage';
 * try { await Sql.open({ url: 'calls.db' }); } catch (error) { if (isFlecheError(error, 'EngineMissing')) console.log(error.install); }
 */
export class EngineMissingError extends FlecheError {
  override readonly name = 'EngineMissingError';
  readonly tag = 'EngineMissing';
  /** The package: `h5wasm`. */
  readonly engine: string;
  /** What to type: `npm install h5wasm`. */
  readonly install: string;

  constructor(fields: { engine: string; neededBy: string; install: string; cause?: unknown }) {
    super(
      `${fields.neededBy} needs the package ${fields.engine}, which does not load here; install it with: ${fields.install}`,
      causeOf(fields),
    );
    this.engine = fields.engine;
    this.install = fields.install;
  }
}

/**
 * Somebody else holds the storage, for longer than we waited or in a mode that we cannot share.
 *
 * @example
 * import { isFlecheError } from 'fleche';
 * import { Sql } from 'fleche/storage';
 * try { await Sql.open({ url: 'calls.db' }); } catch (error) { if (isFlecheError(error, 'StorageLocked')) console.log(error.location); }
 */
export class StorageLockedError extends FlecheError {
  override readonly name = 'StorageLockedError';
  readonly tag = 'StorageLocked';
  readonly location: string;

  constructor(fields: { location: string; reason: string; cause?: unknown }) {
    super(`${fields.location} is locked: ${fields.reason}`, causeOf(fields));
    this.location = fields.location;
  }
}

/**
 * Options, names or arguments that do not fit.
 *
 * @example
 * import { fleche, isFlecheError } from 'fleche';
 * try { fleche({ ignore: ['b'] }, (a: number) => a); } catch (error) { console.log(isFlecheError(error, 'Configuration')); } // true
 */
export class ConfigurationError extends FlecheError {
  override readonly name = 'ConfigurationError';
  readonly tag = 'Configuration';

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
  }
}

function causeOf(fields: { cause?: unknown }): { cause: unknown } | undefined {
  return fields.cause === undefined ? undefined : { cause: fields.cause };
}

/** `pickle` is a verb as it is; a storage's name is not. */
function verb(serializer: string): string {
  return /^[a-z]+$/.test(serializer) ? serializer : `store in ${serializer}`;
}
