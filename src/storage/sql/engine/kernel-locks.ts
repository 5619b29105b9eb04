/**
 * SQLite's own locks as real kernel locks, so that the `sqlite3` program, Python and other processes may use the file at
 * the same time as we do.
 *
 * They are open file description locks (Linux): those of two threads of one process exclude each other, and no `close`
 * of the same file elsewhere in the process drops them, both of which plain POSIX locks get wrong. Against the plain
 * POSIX locks of other programs they stand as any other lock does.
 */
import { closeSync, openSync } from 'node:fs';
import type { FileLocks, Locking, LockRequest } from './locks.js';

// <fcntl.h> of Linux, the same on every 64-bit machine.
const F_GETLK = 5;
const F_OFD_GETLK = 36;
const F_OFD_SETLK = 37;
const lockTypes = { read: 0, write: 1, unlock: 2 } as const;

type Fcntl = (descriptor: number, command: number, lock: Uint8Array) => number;

interface ForeignFunctions {
  readonly fcntl: Fcntl;
  createMemoryFile(name: string, flags: number): number;
  close(descriptor: number): number;
  errno(): number;
  /** The numbers of the machine by name. */
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * Loads koffi and makes sure that its locks hold on this machine.
 *
 * @throws Error if there is no koffi for this machine, or locks do not exclude here.
 */
export async function loadKernelLocking(): Promise<Locking> {
  if (process.platform !== 'linux' || !/64|s390x/.test(process.arch)) {
    throw new Error(`kernel locks are known for 64-bit Linux only, this is ${process.platform} ${process.arch}`);
  }
  const { default: koffi } = await import('koffi');
  const libc = koffi.load(null);
  const native: ForeignFunctions = {
    fcntl: libc.func('int fcntl(int descriptor, int command, _Inout_ void *lock)') as Fcntl,
    createMemoryFile: libc.func('int memfd_create(const char *name, unsigned int flags)') as (
      name: string,
      flags: number,
    ) => number,
    close: libc.func('int close(int descriptor)') as (descriptor: number) => number,
    errno: () => koffi.errno(),
    errors: koffi.os.errno,
  };
  const locking: Locking = { kind: 'kernel', open: (_path, descriptor) => new KernelLocks(native, descriptor) };
  checkThatLocksHold(native, locking);
  return locking;
}

class KernelLocks implements FileLocks {
  readonly #native: ForeignFunctions;
  readonly #descriptor: number;
  readonly #lock = new FlockStruct();

  constructor(native: ForeignFunctions, descriptor: number) {
    this.#native = native;
    this.#descriptor = descriptor;
  }

  set(request: LockRequest): boolean {
    this.#lock.fill(request);
    if (this.#native.fcntl(this.#descriptor, F_OFD_SETLK, this.#lock.bytes) === 0) return true;
    const { EAGAIN, EACCES } = this.#native.errors;
    const number = this.#native.errno();
    if (number === EAGAIN || number === EACCES) return false;
    throw lockError(this.#native, number);
  }

  isTaken(request: LockRequest): boolean {
    this.#lock.fill(request);
    if (this.#native.fcntl(this.#descriptor, F_OFD_GETLK, this.#lock.bytes) !== 0) {
      throw lockError(this.#native, this.#native.errno());
    }
    return this.#lock.type !== lockTypes.unlock;
  }

  close(): void {
    this.set({ kind: 'unlock', start: 0n, length: 0n });
  }
}

/** `struct flock`: l_type i16 at 0, l_whence i16 at 2, l_start i64 at 8, l_len i64 at 16, l_pid i32 at 24 (0 for OFD). */
class FlockStruct {
  readonly bytes: Uint8Array = new Uint8Array(32);
  readonly #view = new DataView(this.bytes.buffer);
  // The kernel reads the machine's own byte order.
  readonly #littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

  fill(request: LockRequest): void {
    this.bytes.fill(0);
    this.#view.setInt16(0, lockTypes[request.kind], this.#littleEndian);
    this.#view.setBigInt64(8, request.start, this.#littleEndian);
    this.#view.setBigInt64(16, request.length, this.#littleEndian);
  }

  get type(): number {
    return this.#view.getInt16(0, this.#littleEndian);
  }
}

/** A lock that does not exclude is worse than none: databases would be torn. So it is tried before it is trusted. */
function checkThatLocksHold(native: ForeignFunctions, locking: Locking): void {
  const closeOnExec = 1;
  // A file in memory: no directory has to be writable for this.
  const first = native.createMemoryFile('fleche', closeOnExec);
  if (first < 0) throw lockError(native, native.errno());
  try {
    const path = `/proc/self/fd/${first}`;
    const second = openSync(path, 'r+');
    try {
      const [ours, theirs] = [locking.open(path, first), locking.open(path, second)];
      const range = { kind: 'write', start: 0x40000000n, length: 512n } as const;
      const posix = new FlockStruct();
      const steps = [
        () => !theirs.isTaken(range),
        () => ours.set(range) && theirs.isTaken(range) && !theirs.set(range),
        // As a program sees it that knows plain POSIX locks only.
        () => {
          posix.fill(range);
          return native.fcntl(second, F_GETLK, posix.bytes) === 0 && posix.type === lockTypes.write;
        },
        () => ours.set({ ...range, kind: 'unlock' }) && !theirs.isTaken(range),
      ];
      if (!steps.every((step) => step())) throw new Error('kernel locks do not exclude on this machine');
    } finally {
      closeSync(second);
    }
  } finally {
    // Not Node's close, which in a worker thread complains of descriptors that Node did not open.
    native.close(first);
  }
}

function lockError(native: ForeignFunctions, number: number): Error {
  const code = Object.keys(native.errors).find((name) => native.errors[name] === number) ?? 'EIO';
  return Object.assign(new Error(`fcntl failed with ${code}`), { code });
}
