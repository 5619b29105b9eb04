/**
 * The one way in which files of a storage come and go. They are written under a temporary name in the same directory, then
 * renamed: a reader sees the old file or the new one, never a part. A process that dies leaves at most a temporary file,
 * which the next process that writes into the directory sweeps.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writevSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RejectedError } from '../errors.js';

/** How a file is made durable. */
export interface Durability {
  /** Whether the bytes are forced to the disk before the file appears, so that it is whole also after a power cut. */
  readonly fsync: boolean;
}

let counter = 0;

/** A name beside `path` that no other writer uses; hidden, so that listings of digests pass it over. */
export function temporaryBeside(path: string): string {
  counter += 1;
  const unique = `${process.pid}-${Date.now().toString(36)}-${counter}-${Math.random().toString(36).slice(2, 8)}`;
  return join(dirname(path), `.${basename(path)}.${unique}.tmp`);
}

/**
 * Writes `pieces`, one after the other, as the file `path`, replacing what was there. The directory is made if need be.
 *
 * @throws RejectedError if the disk takes no more or no changes; nothing is left behind.
 */
export function writeFileAtomically(path: string, pieces: readonly Uint8Array[], durability: Durability): void {
  publishFile(path, durability, (temporary) => {
    const descriptor = openSync(temporary, 'wx');
    try {
      writeAll(descriptor, pieces);
    } finally {
      closeSync(descriptor);
    }
  });
}

/**
 * Lets `write` make a file under a temporary name and gives it the name `path` when it is complete.
 *
 * @throws RejectedError if the disk takes no more or no changes; nothing is left behind.
 */
export function publishFile(path: string, durability: Durability, write: (temporary: string) => void): void {
  sweepOnce(dirname(path));
  const temporary = temporaryBeside(path);
  try {
    try {
      write(temporary);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      // Made only when it turns out to be missing: looking for it first would cost every write.
      mkdirSync(dirname(path), { recursive: true });
      write(temporary);
    }
    if (durability.fsync) sync(temporary);
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw refused(path, error);
  }
}

/** Removes what was written so far. What failed before it is the error to tell, not a failure in here. */
function discard(temporary: string): void {
  try {
    rmSync(temporary, { force: true });
  } catch {}
}

/**
 * Removes the file `path`; `false` when there was none.
 *
 * @throws RejectedError if the disk takes no changes.
 */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return false;
    throw refused(path, error);
  }
}

const swept = new Set<string>();

/** Once per process: reading a directory of 100,000 entries takes a tenth of a second. */
function sweepOnce(directory: string): void {
  if (swept.has(directory)) return;
  swept.add(directory);
  sweepTemporaries(directory);
}

/**
 * Removes temporary files that were left behind: after an hour when the process that wrote them is gone, after a day in
 * any case, since its number may be another process's by now. What cannot be removed stays.
 */
export function sweepTemporaries(directory: string): void {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return;
  }
  for (const name of names) {
    const writer = /^\..*\.(\d+)-[^.]*\.tmp$/.exec(name)?.[1];
    // A writer on another machine that shares the directory looks dead to us; its file is fresh.
    if (writer !== undefined) removeIfOlder(join(directory, name), isAlive(Number(writer)) ? 24 * hourMs : hourMs);
  }
}

const hourMs = 3_600_000;

function removeIfOlder(path: string, ageMs: number): void {
  try {
    if (Date.now() - statSync(path).mtimeMs > ageMs) rmSync(path, { force: true });
  } catch {}
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** `writev` may write less than it was given, and takes no more than 1024 pieces at once. */
function writeAll(descriptor: number, pieces: readonly Uint8Array[]): void {
  let left = pieces.filter((piece) => piece.byteLength > 0);
  while (left.length > 0) {
    let written = writevSync(descriptor, left.slice(0, 1024));
    let whole = 0;
    while (whole < left.length && written >= (left[whole] as Uint8Array).byteLength) {
      written -= (left[whole] as Uint8Array).byteLength;
      whole += 1;
    }
    left = left.slice(whole);
    if (written > 0) left[0] = (left[0] as Uint8Array).subarray(written);
  }
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of the path is a file, not a directory',
  EISDIR: 'a directory has this name',
  ENOTEMPTY: 'a directory has this name',
  EFBIG: 'the file would be larger than the file system or a limit allows',
  EIO: 'the disk reports an input or output error',
  ENAMETOOLONG: 'its name is too long for this file system',
  EMFILE: 'this process has too many files open',
};

/** What the system refused, as an error that says so; everything else as it is. */
function refused(path: string, error: unknown): unknown {
  const { syscall, message } = (error ?? {}) as NodeJS.ErrnoException;
  const reason = reasons[codeOf(error)] ?? (syscall === undefined ? undefined : message);
  return reason === undefined ? error : new RejectedError({ location: path, reason, cause: error });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}
