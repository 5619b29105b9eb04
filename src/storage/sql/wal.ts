/**
 * Databases in WAL mode, as the Python library leaves them. WAL needs memory that all users share, which WebAssembly
 * does not have; so such a file is turned back into an ordinary one, which SQLite does only while nobody else has it open.
 */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { RejectedError } from '../../errors.js';
import type { Engine } from './engine/engine.js';
import type { DatabaseFile } from './engine/file-table.js';
import { SqlJsConnection } from './sqlite-connection.js';
import { SqliteFailure } from './sqlite-failure.js';

/**
 * Whether the database at `path` is in WAL mode: bytes 18 and 19 of its header are 2, or a `-wal` lies beside it, which
 * every SQLite then takes for a part of it.
 */
export function isInWalMode(path: string): boolean {
  const header = new Uint8Array(20);
  try {
    const descriptor = openSync(path, 'r');
    try {
      if (readSync(descriptor, header, 0, 20, 0) < 20) return false;
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return false;
  }
  return header[18] === 2 || header[19] === 2 || existsSync(`${path}-wal`);
}

/**
 * Replays the `-wal` into the database and turns it back into one with a rollback journal. SQLite does both, under an
 * exclusive lock on the file; every program that has the file open in WAL mode holds a shared one, so it is told at once.
 *
 * @returns `false`, and nothing is changed, when somebody else has the file open.
 * @throws RejectedError if the file or its directory may not be written.
 * @throws SqliteFailure if the file is damaged or the disk is full.
 */
export function convertFromWal(engine: Engine, file: DatabaseFile): boolean {
  const sharedMemory = `${file.path}-shm`;
  // Without kernel locks other programs are not seen, only what they leave while they have the file open.
  if (engine.locking !== 'kernel' && (existsSync(`${file.path}-wal`) || existsSync(sharedMemory))) return false;
  checkWritable(file.path);
  const exclusive: DatabaseFile = { path: file.path, durable: true, walAllowed: true };
  const connection = new SqlJsConnection(engine, exclusive);
  try {
    // The mode comes first: SQLite then takes the exclusive lock before it looks at the -wal.
    connection.all('PRAGMA locking_mode=exclusive');
    const [[mode] = []] = connection.all('PRAGMA journal_mode=delete');
    if (mode !== 'delete') return false;
    // Still under the lock: what others shared is of no use any more, and nobody has it open.
    rmSync(sharedMemory, { force: true });
    return true;
  } catch (error) {
    if (error instanceof SqliteFailure && error.kind === 'busy') return false;
    throw error;
  } finally {
    if (!engine.broken) connection.close();
  }
}

function checkWritable(path: string): void {
  try {
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
  } catch (cause) {
    const reason = 'it is in WAL mode and has to be turned back into an ordinary database, but may not be written';
    throw new RejectedError({ location: path, reason, cause });
  }
}
