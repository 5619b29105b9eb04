import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigurationError, StorageLockedError } from '../../errors.js';
import { warn } from '../../internal/warn.js';
import type { Engine } from './engine/engine.js';
import type { EngineSupply } from './engine/engine-supply.js';
import type { DatabaseFile } from './engine/file-table.js';
import { Patience } from './patience.js';
import { type SqliteConnection, SqlJsConnection } from './sqlite-connection.js';
import { explainFailure, SqliteFailure } from './sqlite-failure.js';
import { convertFromWal, isInWalMode } from './wal.js';

/** How long somebody else's WAL mode is waited out: another process of ours may be ending it just now. */
const walPatienceMs = 1_000;

/** How one transaction is run. */
export interface TransactionOptions {
  /** How long to wait for others, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether to wait until the disk has it. */
  readonly durable: boolean;
}

/** Transactions on a database that was just opened. */
export interface Transactions {
  /** For people. */
  readonly location: string;
  readonly onDisk: boolean;
  read<T>(work: (connection: SqliteConnection) => T): T;
  write<T>(work: (connection: SqliteConnection) => T): T;
}

/** An open connection: to which file, and on which engine. */
interface Opened {
  readonly engine: Engine;
  readonly connection: SqliteConnection;
  readonly identity: string;
}

type Begin = 'BEGIN' | 'BEGIN IMMEDIATE';

/**
 * An open database: what lies at its path, also when another file comes to lie there. Between two transactions it holds
 * no lock. Everything runs in a transaction that is tried again while others are in the way.
 */
export class SqliteHandle {
  /** For people. */
  readonly location: string;
  readonly #engines: EngineSupply;
  /** `undefined` for a database in memory. */
  readonly #file: DatabaseFile | undefined;
  readonly #prepare: (transactions: Transactions) => void;
  #opened: Opened | undefined;

  /**
   * @param path The database file, `undefined` for one in memory.
   * @param prepare Looks at a database that was just opened, before anything else is done with it.
   */
  constructor(engines: EngineSupply, path: string | undefined, prepare: (transactions: Transactions) => void) {
    this.#engines = engines;
    this.#file = path === undefined ? undefined : { path, durable: true, walAllowed: false };
    this.location = path ?? 'memory';
    this.#prepare = prepare;
  }

  /** Opens the database, and makes it where there is none. Throws what {@link SqliteHandle.write} throws. */
  start(options: TransactionOptions): void {
    // Also when somebody else of ours has it open already, this one learns at once that it is locked.
    const look = (connection: SqliteConnection): unknown => connection.all('SELECT count(*) FROM sqlite_schema');
    this.#engines.run((engine) => this.#transact(engine, 'BEGIN', look, options));
  }

  /**
   * Runs `work`, which only reads, on one state of the database. It may be run again, so it must not do anything else.
   *
   * @returns `missing` when there is no file any more; none is made then.
   * @throws StorageLockedError if others are in the way for longer than `timeoutMs`.
   */
  read<T>(work: (connection: SqliteConnection) => T, missing: T, options: TransactionOptions): T {
    return this.#engines.run((engine) => {
      if (this.#file !== undefined && identityOf(this.#file.path) === '') {
        this.#disconnect(engine);
        return missing;
      }
      return this.#transact(engine, 'BEGIN', work, options);
    });
  }

  /**
   * Runs `work`, whole or not at all. It may be run again, so it must not do anything else.
   *
   * @throws StorageLockedError if others are in the way for longer than `timeoutMs`.
   * @throws RejectedError if the file may not be written or the disk is full.
   */
  write<T>(work: (connection: SqliteConnection) => T, options: TransactionOptions): T {
    return this.#engines.run((engine) => this.#transact(engine, 'BEGIN IMMEDIATE', work, options));
  }

  /** Lets go of the file. What comes next opens it again. */
  close(): void {
    this.#engines.run((engine) => this.#disconnect(engine));
  }

  #transact<T>(
    engine: Engine,
    begin: Begin,
    work: (connection: SqliteConnection) => T,
    options: TransactionOptions,
  ): T {
    const patience = new Patience(options.timeoutMs);
    const walPatience = new Patience(Math.min(options.timeoutMs, walPatienceMs));
    for (;;) {
      try {
        const connection = this.#connect(engine, options);
        if (this.#file !== undefined) this.#file.durable = options.durable;
        return this.#attempt(engine, connection, begin, work, patience);
      } catch (error) {
        if (!(error instanceof SqliteFailure)) throw error;
        if (error.kind === 'busy') {
          if (patience.wait()) continue;
        } else if (this.#file !== undefined && isInWalMode(this.#file.path)) {
          if (this.#leaveWalMode(engine, this.#file, walPatience)) continue;
          throw lockedByWal(this.location, error);
        }
        throw explainFailure(error, this.location);
      }
    }
  }

  #attempt<T>(
    engine: Engine,
    connection: SqliteConnection,
    begin: Begin,
    work: (connection: SqliteConnection) => T,
    patience: Patience,
  ): T {
    connection.all(begin);
    try {
      const result = work(connection);
      commit(connection, patience);
      return result;
    } catch (error) {
      // What cannot be undone now, by an engine that is sound, is undone from the journal by the next connection.
      if (!engine.broken && !rollback(connection)) this.#disconnect(engine);
      throw error;
    }
  }

  #connect(engine: Engine, options: TransactionOptions): SqliteConnection {
    const file = this.#file;
    const opened = this.#opened;
    if (opened?.engine === engine && (file === undefined || identityOf(file.path) === opened.identity)) {
      return opened.connection;
    }
    if (opened !== undefined && file === undefined) {
      warn('what the database in memory held is lost: it was interrupted in the middle of its work');
    }
    this.#disconnect(engine);
    if (file !== undefined) makePlaceFor(file.path);
    const connection = new SqlJsConnection(engine, file);
    const now: Opened = { engine, connection, identity: file === undefined ? '' : identityOf(file.path) };
    this.#opened = now;
    try {
      connection.all('PRAGMA foreign_keys=ON');
      this.#prepare({
        location: this.location,
        onDisk: file !== undefined,
        read: (work) => this.#transact(engine, 'BEGIN', work, options),
        write: (work) => this.#transact(engine, 'BEGIN IMMEDIATE', work, options),
      });
    } catch (error) {
      this.#disconnect(engine);
      throw error;
    }
    // The file may have been replaced meanwhile, or turned from WAL into an ordinary one, and been opened anew for that.
    return this.#opened === now ? connection : this.#connect(engine, options);
  }

  /** A connection of an engine that was given up is closed with it. */
  #disconnect(engine: Engine): void {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened?.engine === engine && !engine.broken) opened.connection.close();
  }

  /** Whether the database can be used as any other now. */
  #leaveWalMode(engine: Engine, file: DatabaseFile, patience: Patience): boolean {
    // SQLite shares the locks of all its connections to a file, so ours must be gone before it asks for the exclusive one.
    this.#disconnect(engine);
    while (isInWalMode(file.path)) {
      try {
        if (convertFromWal(engine, file)) return true;
      } catch (error) {
        if (error instanceof SqliteFailure) throw explainFailure(error, this.location);
        throw error;
      }
      if (!patience.wait()) return false;
    }
    return true;
  }
}

/** Readers that are still at work delay the commit; it is asked for again rather than all done again. */
function commit(connection: SqliteConnection, patience: Patience): void {
  for (;;) {
    try {
      connection.all('COMMIT');
      return;
    } catch (error) {
      if (!(error instanceof SqliteFailure && error.kind === 'busy' && patience.wait())) throw error;
    }
  }
}

/** Whether no transaction is open any more; SQLite itself ends one after some failures. */
function rollback(connection: SqliteConnection): boolean {
  try {
    connection.all('ROLLBACK');
    return true;
  } catch (error) {
    return error instanceof SqliteFailure && error.message.includes('no transaction is active');
  }
}

/** Device and inode of the file at `path`; empty when there is none. */
function identityOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.dev}:${stat.ino}`;
}

/** SQLite itself says "out of memory" where a directory is missing, and reads a directory as if it were a database. */
function makePlaceFor(path: string): void {
  const directory = dirname(path);
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new ConfigurationError(`the directory ${directory} cannot be made: ${String(cause)}`, { cause });
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new ConfigurationError(`${path} is no file; name the database file itself`);
  }
}

function lockedByWal(location: string, cause: unknown): StorageLockedError {
  return new StorageLockedError({
    location,
    reason:
      'another program has it open in WAL mode, which cannot be shared with it from here; ' +
      'close it there, or let that program run PRAGMA journal_mode=delete',
    cause,
  });
}
