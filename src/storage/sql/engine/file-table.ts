import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { FileLocks, Locking } from './locks.js';

/** A database on disk, as the SQLite module is to treat it. */
export interface DatabaseFile {
  /** Absolute, without symbolic links: SQLite puts its journal beside the real file. */
  readonly path: string;
  /** Whether what SQLite wants on the disk is waited for. */
  durable: boolean;
  /** Whether the `-wal` file may be opened: only under an exclusive lock, since there is no shared memory here. */
  walAllowed: boolean;
}

/** A name that SQLite uses and the real file behind it. */
export interface ResolvedName {
  readonly database: DatabaseFile;
  readonly suffix: '' | '-journal' | '-wal' | '-shm';
  readonly path: string;
}

/** One open file of SQLite. */
export interface OpenFile {
  readonly descriptor: number;
  readonly name: ResolvedName;
  position: number;
  readonly inode: Inode | undefined;
}

interface Inode {
  readonly id: string;
  readonly locks: FileLocks;
  /** Carries the locks; open until the last user of the file has gone. */
  readonly descriptor: number;
  users: number;
}

/** Far above any descriptor that the module's own in-memory file system gives out. */
const firstDescriptor = 10_000;

/** Which real files stand behind the names and descriptors of one SQLite module. */
export class FileTable {
  readonly #locking: Locking;
  readonly #databases = new Map<string, DatabaseFile>();
  readonly #files = new Map<number, OpenFile>();
  readonly #inodes = new Map<string, Inode>();
  #expected: DatabaseFile | undefined;
  #next = firstDescriptor;

  constructor(locking: Locking) {
    this.#locking = locking;
  }

  /**
   * Runs `open`, in which sql.js opens a database under a name of its own (`dbfile_123`): that name means `database`
   * until the returned function is called.
   */
  bind<T>(database: DatabaseFile, open: () => T): { opened: T; unbind: () => void } {
    const known = new Set(this.#databases.keys());
    this.#expected = database;
    const unbind = (): void => {
      for (const [name, bound] of this.#databases) {
        if (bound === database && !known.has(name)) this.#databases.delete(name);
      }
    };
    try {
      return { opened: open(), unbind };
    } catch (error) {
      unbind();
      throw error;
    } finally {
      this.#expected = undefined;
    }
  }

  /** The real file behind a name, or `undefined` when the name is one of the in-memory file system. */
  resolve(name: string): ResolvedName | undefined {
    const match = /^\/?(dbfile_\d+)(-journal|-wal|-shm|)$/.exec(name);
    if (match === null) return undefined;
    const base = match[1] as string;
    const suffix = match[2] as ResolvedName['suffix'];
    if (this.#expected !== undefined && !this.#databases.has(base)) {
      this.#databases.set(base, this.#expected);
      this.#expected = undefined;
    }
    const database = this.#databases.get(base);
    return database && { database, suffix, path: database.path + suffix };
  }

  open(name: ResolvedName, flags: number, mode: number): number {
    const descriptor = openSync(name.path, flags, mode);
    const inode = name.suffix === '' && !(flags & constants.O_DIRECTORY) ? this.#use(name.path, descriptor) : undefined;
    const id = this.#next;
    this.#next += 1;
    this.#files.set(id, { descriptor, name, position: 0, inode });
    return id;
  }

  get(id: number): OpenFile | undefined {
    return this.#files.get(id);
  }

  close(id: number): void {
    const file = this.#files.get(id);
    if (file === undefined) return;
    this.#files.delete(id);
    const { inode, descriptor } = file;
    if (descriptor !== inode?.descriptor) closeSync(descriptor);
    if (inode === undefined) return;
    inode.users -= 1;
    if (inode.users > 0) return;
    this.#inodes.delete(inode.id);
    try {
      inode.locks.close();
    } finally {
      closeSync(inode.descriptor);
    }
  }

  /** Closes everything, whatever SQLite had in mind with it, and however far it had come. May be called again. */
  closeAll(): void {
    // The locks first, and before anything is forgotten: should this be stopped in its turn, none is left behind.
    for (const { locks } of this.#inodes.values()) locks.close();
    const descriptors = new Set<number>();
    for (const { descriptor } of this.#files.values()) descriptors.add(descriptor);
    for (const { descriptor } of this.#inodes.values()) descriptors.add(descriptor);
    this.#files.clear();
    this.#inodes.clear();
    this.#databases.clear();
    for (const descriptor of descriptors) {
      try {
        closeSync(descriptor);
      } catch {
        // It was closed already, or is closed with the process.
      }
    }
  }

  /** SQLite takes the locks of one file once for all its connections, so they must hang on one descriptor. */
  #use(path: string, descriptor: number): Inode {
    try {
      const { dev, ino } = fstatSync(descriptor, { bigint: true });
      const id = `${dev}:${ino}`;
      const inode = this.#inodes.get(id) ?? { id, locks: this.#locking.open(path, descriptor), descriptor, users: 0 };
      inode.users += 1;
      this.#inodes.set(id, inode);
      return inode;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }
}
