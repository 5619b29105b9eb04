import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EngineSupply, sharedEngines } from './engine/engine-supply.js';
import { ensureSchema } from './schema.js';
import { SqliteHandle, type TransactionOptions } from './sqlite-handle.js';

/** A handle that may have other users. */
export interface SharedHandle {
  readonly handle: SqliteHandle;
  /** Closes the database when nobody else uses it any more. */
  release(): void;
}

const open = new Map<string, { handle: SqliteHandle; users: number }>();

/**
 * Opens the database file at `path`, or one in memory. One handle serves all who open the same file in this thread:
 * two would stand in each other's way.
 *
 * @throws EngineMissingError if there is no SQLite here.
 * @throws ConfigurationError if the file is something else than a database of calls.
 * @throws StorageLockedError if others are in the way for longer than `timeoutMs`.
 */
export async function openShared(path: string | undefined, options: TransactionOptions): Promise<SharedHandle> {
  if (path === undefined) {
    // With engines of its own: what it holds goes with them, so no interrupt of another database shall end them.
    return started(
      { handle: new SqliteHandle(await EngineSupply.create(), undefined, ensureSchema), users: 1 },
      options,
    );
  }
  const engines = await sharedEngines();
  const real = realPath(path);
  const entry = open.get(real) ?? { handle: new SqliteHandle(engines, real, ensureSchema), users: 0 };
  entry.users += 1;
  open.set(real, entry);
  return started(entry, options, real);
}

function started(
  entry: { handle: SqliteHandle; users: number },
  options: TransactionOptions,
  real?: string,
): SharedHandle {
  const { handle } = entry;
  const release = (): void => {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (real !== undefined) open.delete(real);
    handle.close();
  };
  try {
    handle.start(options);
  } catch (error) {
    release();
    throw error;
  }
  return { handle, release };
}

/** Without symbolic links, as SQLite itself names the file; what is not there yet has its parent's name. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}
