/**
 * Where kernel locks cannot be had: one file beside the database (`<database>.fleche-lock`), there while one process of
 * fleche reads or writes. Other programs do not know it, so they must not open the database meanwhile.
 *
 * The lock is a hard link to a file that names its owner: made in one step, never seen half written. A lock whose owner
 * died is broken; one of another machine is never judged.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { FileLocks, Locking, LockRequest } from './locks.js';

/** How long a failed attempt is believed before the owner is looked at again. */
const judgeAgainMs = 20;
/** A process that breaks a lock takes far less; one that was killed while doing so is passed over after this. */
const breakingMs = 10_000;

/** The locking of last resort. */
export const lockFileLocking: Locking = { kind: 'lock-file', open: (path) => new LockFile(`${path}.fleche-lock`) };

/** Who holds a lock. `started` tells a process from a later one with the same number, where the system says it. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly started: string | null;
}

class LockFile implements FileLocks {
  readonly #path: string;
  readonly #ownerPath: string;
  #ownerWritten = false;
  #held = false;
  #judgedAt = Number.NEGATIVE_INFINITY;

  constructor(path: string) {
    this.#path = path;
    this.#ownerPath = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
    sweep(path);
  }

  set(request: LockRequest): boolean {
    // SQLite lets go of single bytes on its way from one kind of lock to the next; only the last unlock is all of them.
    if (request.kind !== 'unlock') return this.#held || this.#acquire();
    if (request.start === 0n && request.length === 0n) this.#release();
    return true;
  }

  isTaken(): boolean {
    // SQLite only asks while it holds a shared lock, which here excludes everybody.
    return false;
  }

  close(): void {
    // Also a lock that was taken, but of which nobody could take note any more, is a link to the owner's file.
    const owner = inodeOf(this.#ownerPath);
    if (owner !== undefined && owner === inodeOf(this.#path)) this.#held = true;
    this.#release();
    rmSync(this.#ownerPath, { force: true });
    this.#ownerWritten = false;
  }

  #acquire(): boolean {
    if (this.#link()) return true;
    const now = performance.now();
    if (now - this.#judgedAt < judgeAgainMs) return false;
    this.#judgedAt = now;
    return this.#breakIfAbandoned() && this.#link();
  }

  #link(): boolean {
    if (!this.#ownerWritten) {
      writeFileSync(this.#ownerPath, JSON.stringify(ourselves()), { flag: 'wx' });
      this.#ownerWritten = true;
    }
    try {
      linkSync(this.#ownerPath, this.#path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return false;
      if (code === 'ENOENT') {
        this.#ownerWritten = false;
        return false;
      }
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EOPNOTSUPP') throw error;
      if (!this.#createWithoutLinks()) return false;
    }
    this.#held = true;
    return true;
  }

  /** FAT and some network mounts have no hard links. A lock that is seen before its owner is written is not judged. */
  #createWithoutLinks(): boolean {
    try {
      writeFileSync(this.#path, JSON.stringify(ourselves()), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    rmSync(this.#path, { force: true });
  }

  #breakIfAbandoned(): boolean {
    const seen = abandoned(this.#path);
    if (seen === undefined) return false;
    // Of several who see the same dead owner one breaks the lock, and looks again: it may be somebody's by now.
    const guard = `${this.#path}.breaking`;
    try {
      writeFileSync(guard, '', { flag: 'wx' });
    } catch {
      const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.ctimeMs ?? Date.now());
      if (age > breakingMs) rmSync(guard, { force: true });
      return false;
    }
    try {
      if (abandoned(this.#path) !== seen) return false;
      unlinkSync(this.#path);
      return true;
    } catch {
      return false;
    } finally {
      rmSync(guard, { force: true });
    }
  }
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

/** A mark of the lock at `path` if its owner is dead for sure, else `undefined`. */
function abandoned(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const { ino } = statSync(path, { bigint: true });
    return isDead(JSON.parse(text) as Owner) ? `${ino} ${text}` : undefined;
  } catch {
    return undefined;
  }
}

/** Removes what killed processes left: the names of owners, never a lock. */
function sweep(lockPath: string): void {
  const start = `${basename(lockPath)}.`;
  for (const name of readdirSync(dirname(lockPath))) {
    if (!name.startsWith(start)) continue;
    const path = join(dirname(lockPath), name);
    if (abandoned(path) !== undefined) rmSync(path, { force: true });
  }
}

function ourselves(): Owner {
  return { pid: process.pid, host: hostname(), started: startOf(process.pid) };
}

function isDead(owner: Owner): boolean {
  if (owner.host !== hostname() || !Number.isSafeInteger(owner.pid)) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  return owner.started !== null && startOf(owner.pid) !== owner.started;
}

/** When a process started, in ticks since boot: field 22 of Linux's `/proc/<pid>/stat`; `null` elsewhere. */
function startOf(pid: number): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
