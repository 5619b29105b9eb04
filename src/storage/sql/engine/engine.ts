import { lazyImport } from '../../../internal/lazy-import.js';
import { warn } from '../../../internal/warn.js';
import { type DatabaseFile, FileTable } from './file-table.js';
import { loadKernelLocking } from './kernel-locks.js';
import { lockFileLocking } from './lock-file.js';
import type { Locking } from './locks.js';
import { loadSqlJs, type SqlJsDatabase, sqlJsDirectory } from './sqljs-module.js';
import { type SystemCallFailure, SystemCalls } from './system-calls.js';
import { WasmMemory } from './wasm-memory.js';

/** One instance of SQLite. */
export interface Engine {
  /** Set by who sees that it was left in the middle of its work: nothing may be asked of it any more. */
  broken: boolean;
  readonly locking: Locking['kind'];
  /** Opens a database file; it is made by the first write when it is not there. */
  open(file: DatabaseFile): SqlJsDatabase;
  /** A database in memory. */
  openInMemory(): SqlJsDatabase;
  /** The last failure of the system underneath since the last call of this. */
  takeFailure(): SystemCallFailure | undefined;
  /** Closes its files, without asking it, and so frees its locks. */
  abandon(): void;
}

/**
 * Loads an engine. `directory` holds the builds of sql.js; by default those of the installed package.
 *
 * @throws EngineMissingError if sql.js is not installed or cannot be put on real files.
 */
export async function loadEngine(directory?: string): Promise<Engine> {
  const locking = await chooseLocking();
  const memory = new WasmMemory();
  const files = new FileTable(locking);
  const calls = new SystemCalls(memory, files);
  const { Database } = await lazyImport('sql.js', () => loadSqlJs(directory ?? sqlJsDirectory(), calls, memory), {
    neededBy: 'Sql',
    install: 'npm install sql.js@1.16.0',
  });
  return {
    broken: false,
    locking: locking.kind,
    open(file) {
      // The empty bytes make the placeholder in memory that sql.js removes on closing; SQLite itself sees the real file.
      const { opened, unbind } = files.bind(file, () => new Database(new Uint8Array(0)));
      const close = opened.close.bind(opened);
      opened.close = () => {
        try {
          close();
        } finally {
          unbind();
        }
      };
      return opened;
    },
    openInMemory: () => new Database(),
    takeFailure() {
      const failure = calls.lastFailure;
      calls.lastFailure = undefined;
      return failure;
    },
    abandon: () => files.closeAll(),
  };
}

let chosen: Promise<Locking> | undefined;

/** One answer for the whole thread: two kinds of locks on one file would not see each other. */
function chooseLocking(): Promise<Locking> {
  chosen ??= loadKernelLocking().catch((error: unknown) => {
    warn(
      `SQLite databases are locked by a file of fleche's own here, since kernel locks cannot be had (${String(error)}): ` +
        'processes of fleche may share them, but no other program (sqlite3, Python) may open one meanwhile',
    );
    return lockFileLocking;
  });
  return chosen;
}
