import type { CallRecord } from '../../calls/record.js';
import { type Digest, isDigest } from '../../digest/types.js';
import { ConfigurationError, isFlecheError } from '../../errors.js';
import { warn } from '../../internal/warn.js';
import type { CallStorage, Hit, StorageCapabilities } from '../types.js';
import { fromRows, isSameRecord, toRows } from './rows.js';
import { markScheme } from './scheme.js';
import { openShared, type SharedHandle } from './shared-handles.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteHandle, TransactionOptions } from './sqlite-handle.js';
import { parseSqliteUrl } from './url.js';

/** How {@link Sql.open} opens a database. */
export interface SqlOptions {
  /**
   * `sqlite:///calls.db` (relative to the working directory at the time of opening), `sqlite:////absolute/calls.db`,
   * `sqlite://` (in memory) or the path of a file.
   */
  readonly url: string;
  /**
   * `full` waits until the disk has each change; `os` leaves that to the operating system: several times faster, and what
   * is saved survives the death of the process, but a loss of power may tear the file.
   * @default 'full'
   */
  readonly durability?: 'full' | 'os';
  /**
   * How long an operation waits while other programs use the database, in milliseconds.
   * @default 10_000
   */
  readonly timeoutMs?: number;
}

/**
 * Call records in a SQLite database, with the tables of the Python library. The file is an ordinary database: `sqlite3`,
 * Python and other processes may read and write it at the same time. It holds calls only; their values lie elsewhere.
 *
 * A database in WAL mode, as the Python library leaves it, is turned into an ordinary one when it is opened, unless
 * another program has it open.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { Sql, ValueMemory } from 'fleche/storage';
 * const cache = new Cache({ values: new ValueMemory(), calls: await Sql.open({ url: 'sqlite:///calls.db' }) });
 */
export class Sql implements CallStorage {
  readonly role = 'calls';
  readonly capabilities: StorageCapabilities;
  readonly location: string;
  readonly #options: TransactionOptions;
  #shared: SharedHandle | undefined;

  private constructor(shared: SharedHandle, options: TransactionOptions) {
    const { location } = shared.handle;
    const onDisk = location !== 'memory';
    this.capabilities = { retains: true, persistent: onDisk, sharedByProcesses: onDisk, holds: 'data' };
    this.location = location;
    this.#shared = shared;
    this.#options = options;
  }

  /**
   * Opens a database of calls, and makes it, and the directories above it, where there is none.
   *
   * @throws ConfigurationError if the URL is none that is supported, or the file is something else than a database of calls.
   * @throws StorageLockedError if another program keeps it locked, or has it open in WAL mode.
   * @throws RejectedError if it may not be written and would have to be.
   * @throws CorruptEntryError if the file is damaged.
   * @throws EngineMissingError if sql.js is not installed.
   */
  static async open(options: SqlOptions): Promise<Sql> {
    const { durability = 'full', timeoutMs = 10_000 } = options;
    if (durability !== 'full' && durability !== 'os') {
      throw new ConfigurationError(`durability is 'full' or 'os', not ${JSON.stringify(durability)}`);
    }
    if (!(timeoutMs >= 0)) throw new ConfigurationError(`timeoutMs is a number from 0 up, not ${String(timeoutMs)}`);
    const transactions: TransactionOptions = { timeoutMs, durable: durability === 'full' };
    return new Sql(await openShared(parseSqliteUrl(options.url), transactions), transactions);
  }

  get(key: Digest): Hit<CallRecord> | undefined {
    const rows = this.#read((connection) => selectCall(connection, key), undefined);
    return rows && { value: fromRows(rows, key, this.location) };
  }

  put(key: Digest, record: CallRecord): void {
    const rows = toRows(record);
    // From here on nothing is asked of the caller's object: its getters may be code that uses this very storage.
    const wanted = fromRows(rows, key, this.location);
    this.#write((connection) => {
      const before = selectCall(connection, key);
      if (before !== undefined && this.#holds(before, key, wanted)) return;
      markScheme(connection, wanted.scheme);
      deleteCall(connection, key);
      connection.all(insertCall, [key, ...rows.call]);
      for (const row of rows.arguments) connection.all(insertArgument, [key, ...row]);
      for (const row of rows.metadata) connection.all(insertMetadata, [key, ...row]);
    });
  }

  contains(key: Digest): boolean {
    return this.#read((connection) => connection.all('SELECT 1 FROM calls WHERE "key" = ?', [key]).length > 0, false);
  }

  evict(key: Digest): boolean {
    if (!this.contains(key)) return false;
    return this.#write((connection) => deleteCall(connection, key));
  }

  list(): Iterable<Digest> {
    return this.#keys('SELECT "key" FROM calls', []);
  }

  startingWith(prefix: string): Iterable<Digest> {
    // Every character of a digest comes before g, so this is all that starts with the prefix, and the index finds it.
    return this.#keys('SELECT "key" FROM calls WHERE "key" >= ? AND "key" < ?', [prefix, `${prefix}g`]);
  }

  /** Lets go of the database. Nothing may be asked of this object afterwards; others on the same file go on. */
  close(): void {
    this.#shared?.release();
    this.#shared = undefined;
  }

  #keys(sql: string, values: readonly string[]): Digest[] {
    const keys = this.#read((connection) => connection.all(sql, values).map(([key]) => String(key)), []);
    const digests = keys.filter(isDigest);
    const others = keys.length - digests.length;
    if (others > 0) warn(`${this.location}: ${others} calls are passed over, since their keys are no digests`);
    return digests;
  }

  /** A damaged entry is no reason to refuse the whole one that comes in its place. */
  #holds(rows: NonNullable<ReturnType<typeof selectCall>>, key: Digest, record: CallRecord): boolean {
    try {
      return isSameRecord(fromRows(rows, key, this.location), record);
    } catch (error) {
      if (isFlecheError(error, 'CorruptEntry')) return false;
      throw error;
    }
  }

  #read<T>(work: (connection: SqliteConnection) => T, missing: T): T {
    return this.#handle().read(work, missing, this.#options);
  }

  #write<T>(work: (connection: SqliteConnection) => T): T {
    return this.#handle().write(work, this.#options);
  }

  #handle(): SqliteHandle {
    if (this.#shared === undefined) throw new ConfigurationError(`${this.location} has been closed; open it again`);
    return this.#shared.handle;
  }
}

const insertCall = 'INSERT INTO calls ("key", name, module, version, code_digest, result) VALUES (?, ?, ?, ?, ?, ?)';
const insertArgument = 'INSERT INTO arguments (call_key, position, name, value) VALUES (?, ?, ?, ?)';
const insertMetadata = 'INSERT INTO metadata (call_key, name, data) VALUES (?, ?, ?)';

function selectCall(connection: SqliteConnection, key: Digest): Parameters<typeof fromRows>[0] | undefined {
  const [call] = connection.all('SELECT name, module, version, code_digest, result FROM calls WHERE "key" = ?', [key]);
  if (call === undefined) return undefined;
  return {
    call,
    arguments: connection.all('SELECT position, name, value FROM arguments WHERE call_key = ? ORDER BY position, id', [
      key,
    ]),
    metadata: connection.all('SELECT name, data FROM metadata WHERE call_key = ? ORDER BY id', [key]),
  };
}

/** Arguments and metadata would go by cascade, but not those that another program left behind without their call. */
function deleteCall(connection: SqliteConnection, key: Digest): boolean {
  connection.all('DELETE FROM arguments WHERE call_key = ?', [key]);
  connection.all('DELETE FROM metadata WHERE call_key = ?', [key]);
  connection.all('DELETE FROM calls WHERE "key" = ?', [key]);
  return connection.changes() > 0;
}
