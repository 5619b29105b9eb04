import { lazyImport } from '../../../internal/lazy-import.js';
import { warn } from '../../../internal/warn.js';
import { type DatabaseFile, FileTable } from './file-table.js';
import { loadKernelLocking } from './kernel-locks.js';
import { lockFileLocking } from './lock-file.js';
import type { Locking } from './locks.js';
import { loadSqlJs, type SqlJsDatabase, sqlJsDirectory } from './sqljs-module.js';
import { type SystemCallFailure, SystemCalls } from './system-calls.js';
import { WasmMemory } from './wasm-memory.js';

/** SQLite of this thread. */
export interface Engine {
  readonly locking: Locking['kind'];
  /** Opens a database file; it is made by the first write when it is not there. */
  open(file: DatabaseFile): SqlJsDatabase;
  /** A database in memory. */
  openInMemory(): SqlJsDatabase;
  /** The last failure of the system underneath since the last call of this. */
  takeFailure(): SystemCallFailure | undefined;
}

let shared: Promise<Engine> | undefined;

/**
 * The engine of this thread, loaded on first use (about 30 ms).
 *
 * @throws EngineMissingError if sql.js is not installed or cannot be put on real files.
 */
export function sharedEngine(): Promise<Engine> {
  shared ??= loadEngine().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

/** Loads an engine of its own. `directory` holds the builds of sql.js; by default those of the installed package. */
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
  };
}

let warned = false;

async function chooseLocking(): Promise<Locking> {
  try {
    return await loadKernelLocking();
  } catch (error) {
    if (!warned) {
      warn(
        `SQLite databases are locked by a file of fleche's own here, since kernel locks cannot be had (${String(error)}): ` +
          'processes of fleche may share them, but no other program (sqlite3, Python) may open one meanwhile',
      );
    }
    warned = true;
    return lockFileLocking;
  }
}
