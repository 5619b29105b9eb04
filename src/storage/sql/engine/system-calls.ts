/**
 * The system calls of the SQLite module on real files. Each gets the arguments that the module passes and returns what
 * the module expects, or `undefined` when the call concerns the in-memory file system of sql.js and is none of ours.
 *
 * Numbers and structures are those of Emscripten's C library (musl) for 32-bit WebAssembly; error numbers are WASI's.
 */
import {
  accessSync,
  type BigIntStats,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { FileTable, OpenFile, ResolvedName } from './file-table.js';
import type { LockRequest } from './locks.js';
import type { WasmMemory } from './wasm-memory.js';

/** What went wrong underneath SQLite, which itself only says "disk I/O error". */
export interface SystemCallFailure {
  readonly call: string;
  readonly path: string;
  /** `ENOSPC`, `EACCES`. */
  readonly code: string;
}

// biome-ignore format: a table
const errorNumbers: Readonly<Record<string, number>> = {
  EACCES: 2, EAGAIN: 6, EBADF: 8, EEXIST: 20, EINVAL: 28, EIO: 29, EISDIR: 31, ELOOP: 32, EMFILE: 33, ENAMETOOLONG: 37,
  ENFILE: 41, ENOENT: 44, ENOLCK: 46, ENOSPC: 51, ENOTDIR: 54, ENOTEMPTY: 55, EDQUOT: 19, EFBIG: 22, EPERM: 63,
  EROFS: 69, ESTALE: 72, EXDEV: 75,
};
const openFlags = { create: 0o100, exclusive: 0o200, truncate: 0o1000, noFollow: 0o400000 } as const;
const accessModes = [constants.O_RDONLY, constants.O_WRONLY, constants.O_RDWR] as const;
const lockKinds = ['read', 'write', 'unlock'] as const;
const fcntl = { getLock: 12, setLock: 13 } as const;

/** The calls that SQLite makes on files, by their readable names: `openat` is Emscripten's `__syscall_openat`. */
export type SystemCallName = Exclude<keyof SystemCalls, 'lastFailure' | 'run'>;

/** See the module's comment. */
export class SystemCalls {
  /** The last call that failed for another reason than a file that is not there. */
  lastFailure: SystemCallFailure | undefined;
  readonly #memory: WasmMemory;
  readonly #files: FileTable;
  /** The file that was last written through or removed: the next directory that SQLite opens is the one it lies in. */
  #touched: ResolvedName | undefined;

  constructor(memory: WasmMemory, files: FileTable) {
    this.#memory = memory;
    this.#files = files;
  }

  /** Makes the call; what the system refuses becomes the error number that the module expects. */
  run(name: SystemCallName, values: readonly unknown[]): number | undefined {
    try {
      return (this[name] as (...values: readonly unknown[]) => number | undefined)(...values);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // No answer of the system: the stack ended, say. SQLite must not take it for one and go on.
      if (code === undefined) throw error;
      if (code !== 'ENOENT') this.lastFailure = { call: name, path: this.#pathOf(values), code };
      const number = errorNumbers[code] ?? (errorNumbers.EIO as number);
      return name.startsWith('fd_') ? number : -number;
    }
  }

  openat(_directory: number, name: number, flags: number, rest: number): number | undefined {
    const text = this.#memory.text(name);
    const known = this.#files.resolve(text);
    if (known === undefined) {
      // To SQLite all its files lie in `/`; what it opens that for is to write the directory through.
      if (text !== '/' || this.#touched === undefined) return undefined;
      return this.#files.open({ ...this.#touched, path: dirname(this.#touched.path) }, constants.O_DIRECTORY, 0);
    }
    const { database, suffix } = known;
    // Without shared memory a second user of the WAL would not be seen, so it is never opened beside others.
    if (suffix === '-shm' || (suffix === '-wal' && !database.walAllowed)) throw refusal('EACCES');
    let native = accessModes[flags & 3] ?? constants.O_RDONLY;
    if (flags & openFlags.create) native |= constants.O_CREAT;
    if (flags & openFlags.exclusive) native |= constants.O_EXCL;
    if (flags & openFlags.truncate) native |= constants.O_TRUNC;
    if (flags & openFlags.noFollow) native |= constants.O_NOFOLLOW ?? 0;
    const mode = flags & openFlags.create && rest !== 0 ? this.#memory.view.getUint32(rest, true) : 0;
    return this.#files.open(known, native, mode & 0o777);
  }

  stat64(name: number, out: number): number | undefined {
    const known = this.#resolve(name);
    return known && this.#writeStat(out, statSync(known.path, { bigint: true }));
  }

  lstat64(name: number, out: number): number | undefined {
    const known = this.#resolve(name);
    return known && this.#writeStat(out, lstatSync(known.path, { bigint: true }));
  }

  newfstatat(_directory: number, name: number, out: number): number | undefined {
    return this.stat64(name, out);
  }

  fstat64(id: number, out: number): number | undefined {
    const file = this.#files.get(id);
    return file && this.#writeStat(out, fstatSync(file.descriptor, { bigint: true }));
  }

  faccessat(_directory: number, name: number, mode: number): number | undefined {
    const known = this.#resolve(name);
    if (known === undefined) return undefined;
    accessSync(known.path, mode);
    return 0;
  }

  unlinkat(_directory: number, name: number): number | undefined {
    const known = this.#resolve(name);
    this.#touched = known;
    if (known === undefined) return undefined;
    unlinkSync(known.path);
    return 0;
  }

  readlinkat(_directory: number, name: number): number | undefined {
    if (this.#resolve(name) === undefined) return undefined;
    throw refusal('EINVAL');
  }

  fchmod(id: number, mode: number): number | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    fchmodSync(file.descriptor, mode & 0o777);
    return 0;
  }

  fchown32(id: number, user: number, group: number): number | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    // The module believes to be root and gives a journal to the database's owner; only root may do that.
    if (process.geteuid?.() === 0) fchownSync(file.descriptor, user, group);
    return 0;
  }

  ftruncate64(id: number, length: bigint | number): number | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    ftruncateSync(file.descriptor, Number(length));
    return 0;
  }

  fcntl64(id: number, command: number, rest: number): number | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    if (command !== fcntl.getLock && command !== fcntl.setLock) return 0;
    if (file.inode === undefined) throw refusal('EINVAL');
    const { view } = this.#memory;
    const lock = view.getUint32(rest, true);
    const request: LockRequest = {
      kind: lockKinds[view.getInt16(lock, true)] ?? 'unlock',
      start: view.getBigInt64(lock + 8, true),
      length: view.getBigInt64(lock + 16, true),
    };
    if (command === fcntl.setLock) return file.inode.locks.set(request) ? 0 : -(errorNumbers.EAGAIN as number);
    view.setInt16(lock, lockKinds.indexOf(file.inode.locks.isTaken(request) ? 'write' : 'unlock'), true);
    return 0;
  }

  fd_read(id: number, vectors: number, count: number, out: number): number | undefined {
    return this.#transfer(readSync, id, vectors, count, out);
  }

  fd_write(id: number, vectors: number, count: number, out: number): number | undefined {
    return this.#transfer(writeSync, id, vectors, count, out);
  }

  fd_seek(id: number, offset: bigint | number, whence: number, out: number): number | undefined {
    const file = this.#files.get(id);
    if (file === undefined) return undefined;
    const origin = whence === 0 ? 0 : whence === 1 ? file.position : fstatSync(file.descriptor).size;
    file.position = origin + Number(offset);
    this.#memory.view.setBigInt64(out, BigInt(file.position), true);
    return 0;
  }

  fd_sync(id: number): number | undefined {
    const file = this.#files.get(id);
    this.#touched = file?.name;
    if (file === undefined) return undefined;
    if (file.name.database.durable) fsyncSync(file.descriptor);
    return 0;
  }

  fd_close(id: number): number | undefined {
    if (this.#files.get(id) === undefined) return undefined;
    this.#files.close(id);
    return 0;
  }

  #transfer(
    move: (descriptor: number, bytes: Uint8Array, offset: number, length: number, position: number) => number,
    id: number,
    vectors: number,
    count: number,
    out: number,
  ): number | undefined {
    const file: OpenFile | undefined = this.#files.get(id);
    if (file === undefined) return undefined;
    const { bytes, view } = this.#memory;
    let total = 0;
    for (let i = 0; i < count; i += 1) {
      const start = view.getUint32(vectors + 8 * i, true);
      const length = view.getUint32(vectors + 8 * i + 4, true);
      const moved = move(file.descriptor, bytes, start, length, file.position);
      file.position += moved;
      total += moved;
      if (moved < length) break;
    }
    view.setUint32(out, total, true);
    return 0;
  }

  /**
   * `struct stat`: dev u32 at 0, mode 4, nlink 8, uid 12, gid 16, size i64 at 24, blksize u32 at 32, blocks 36,
   * access, modification and change time (i64 seconds) at 40, 56 and 72, ino u64 at 88; 96 bytes.
   */
  #writeStat(out: number, stat: BigIntStats): number {
    const { bytes, view } = this.#memory;
    bytes.fill(0, out, out + 96);
    const words = [stat.dev, stat.mode, stat.nlink, stat.uid, stat.gid] as const;
    words.forEach((word, index) => {
      view.setUint32(out + 4 * index, Number(BigInt.asUintN(32, word)), true);
    });
    view.setBigInt64(out + 24, stat.size, true);
    view.setUint32(out + 32, 4096, true);
    view.setUint32(out + 36, Number(BigInt.asUintN(32, stat.blocks)), true);
    view.setBigInt64(out + 40, stat.atimeMs / 1000n, true);
    view.setBigInt64(out + 56, stat.mtimeMs / 1000n, true);
    view.setBigInt64(out + 72, stat.ctimeMs / 1000n, true);
    view.setBigUint64(out + 88, BigInt.asUintN(64, stat.ino), true);
    return 0;
  }

  #resolve(name: number): ResolvedName | undefined {
    return this.#files.resolve(this.#memory.text(name));
  }

  /** For people: the path behind whichever argument of a failed call names a file. */
  #pathOf(values: readonly unknown[]): string {
    const file = this.#files.get(values[0] as number);
    if (file !== undefined) return file.name.path;
    for (const pointer of values.slice(0, 2)) {
      const known = typeof pointer === 'number' && pointer > 0 ? this.#resolve(pointer) : undefined;
      if (known !== undefined) return known.path;
    }
    return '';
  }
}

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code });
}
