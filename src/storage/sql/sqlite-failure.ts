import {
  ConfigurationError,
  CorruptEntryError,
  type FlecheError,
  RejectedError,
  StorageLockedError,
} from '../../errors.js';
import type { SystemCallFailure } from './engine/system-calls.js';

/** What SQLite's message means for us. */
export type SqliteFailureKind = 'busy' | 'full' | 'read-only' | 'not-a-database' | 'corrupt' | 'cannot-open' | 'other';

/** SQLite's own texts; sql.js passes on no result code, but its version, and so the texts, are fixed. */
const messages: readonly (readonly [RegExp, SqliteFailureKind])[] = [
  [/database is locked|database table is locked|locking protocol/, 'busy'],
  [/database or disk is full/, 'full'],
  [/readonly database/, 'read-only'],
  [/file is not a database/, 'not-a-database'],
  [/malformed/, 'corrupt'],
  [/unable to open database file/, 'cannot-open'],
];
const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
// EBADF: a lock for writing was asked of a file that could be opened for reading only.
const refusedCodes = new Set(['EACCES', 'EPERM', 'EROFS', 'EBADF']);

/** A statement that SQLite did not carry out. Never leaves this folder: see {@link explainFailure}. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure';
  readonly kind: SqliteFailureKind;
  /** What the system said to SQLite, where it said something. */
  readonly underneath: SystemCallFailure | undefined;

  constructor(cause: unknown, underneath: SystemCallFailure | undefined) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(message, { cause });
    this.underneath = underneath;
    this.kind = messages.find(([pattern]) => pattern.test(message))?.[1] ?? 'other';
  }
}

/** The error of fleche that says what `failure` means for the database at `location`. */
export function explainFailure(failure: SqliteFailure, location: string): FlecheError {
  const { kind, underneath, message } = failure;
  const cause = failure;
  const detail = underneath === undefined ? '' : ` (${underneath.code} in ${underneath.call} of ${underneath.path})`;
  if (kind === 'full' || (underneath !== undefined && fullCodes.has(underneath.code))) {
    return new RejectedError({ location, reason: `the disk is full${detail}`, cause });
  }
  if (kind === 'read-only' || (underneath !== undefined && refusedCodes.has(underneath.code))) {
    return new RejectedError({ location, reason: `the file or its directory may not be written${detail}`, cause });
  }
  if (underneath?.code === 'ENOLCK') {
    const reason = `its file system knows no locks, so it cannot be shared; put it on a local disk${detail}`;
    return new StorageLockedError({ location, reason, cause });
  }
  switch (kind) {
    case 'busy':
      return new StorageLockedError({ location, reason: 'another program is using it', cause });
    case 'not-a-database':
      return new ConfigurationError(`${location} is not a SQLite database; name another file`, { cause });
    case 'cannot-open':
      return new ConfigurationError(`${location} cannot be opened${detail}`, { cause });
    default:
      return new CorruptEntryError({ location, reason: `SQLite says "${message}"${detail}`, cause });
  }
}
