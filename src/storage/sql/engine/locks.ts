/** A request of SQLite for a byte range of the database file, as `fcntl` knows it. */
export interface LockRequest {
  readonly kind: 'read' | 'write' | 'unlock';
  readonly start: bigint;
  /** 0n means up to the end of the file. */
  readonly length: bigint;
}

/** The locks that one SQLite module holds on one database file. */
export interface FileLocks {
  /** Takes or gives back a range at once, without waiting; `false` when somebody else is in the way. */
  set(request: LockRequest): boolean;
  /** Whether somebody else holds what stands against the request. */
  isTaken(request: LockRequest): boolean;
  /** Gives everything back. */
  close(): void;
}

/** How database files are locked on this machine. */
export interface Locking {
  /**
   * `kernel`: the locks that every SQLite takes, so that any program may share the file. `lock-file`: a file beside the
   * database, which only fleche knows.
   */
  readonly kind: 'kernel' | 'lock-file';
  /**
   * @param path The database file.
   * @param descriptor An open descriptor of it that stays open until the locks are closed.
   */
  open(path: string, descriptor: number): FileLocks;
}
