import { lazyImport } from '../../internal/lazy-import.js';

/** HDF5's classes of element types, by the numbers that the library gives them. */
export const typeClass = { integer: 0, float: 1, string: 3, opaque: 5, compound: 6, enumeration: 8 } as const;

/** What HDF5 says about a dataset or an attribute. `shape` is `null` where it has no elements by nature. */
export interface H5Metadata {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly vlen: boolean;
  readonly shape: readonly number[] | null;
  readonly total_size: number;
  readonly enum_type?: { readonly type: number };
  readonly compound_type?: { readonly members: readonly (H5Metadata & { name: string; offset: number })[] };
}

/** The part of h5wasm that we use: its C functions. Its classes convert, guess and trim on the way. */
export interface H5Module {
  HEAPU8: Uint8Array;
  readonly H5F_ACC_RDONLY: number;
  readonly H5F_ACC_EXCL: number;
  readonly H5F_LIBVER_V110: number;
  readonly H5G_GROUP: number;
  readonly H5G_DATASET: number;
  readonly FS: {
    write(stream: { fd: number }, from: Uint8Array, offset: number, length: number, ...rest: unknown[]): number;
  };
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  open(path: string, mode: number, trackOrder: boolean, lowest: number, highest: number): bigint;
  close_file(file: bigint): number;
  get_type(file: bigint, path: string): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_attribute_names(file: bigint, path: string): string[];
  get_attribute_metadata(file: bigint, path: string, name: string): H5Metadata;
  get_attribute_data(file: bigint, path: string, name: string, pointer: bigint): number;
  get_dataset_metadata(file: bigint, path: string): H5Metadata;
  get_dataset_data(file: bigint, path: string, count: null, offset: null, strides: null, pointer: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, attribute: string, pointer: bigint): number;
  create_group(file: bigint, path: string, trackOrder: boolean): number;
  create_dataset(file: bigint, path: string, pointer: bigint, metadata: object): number;
  create_vlen_str_dataset(file: bigint, path: string, texts: readonly string[], metadata: object): number;
  create_attribute(file: bigint, path: string, name: string, pointer: bigint, metadata: object): number;
  create_vlen_str_attribute(
    file: bigint,
    path: string,
    name: string,
    texts: readonly string[],
    metadata: object,
  ): number;
}

/** HDF5 reported an error: what it was doing, and why that failed. */
export class H5Failure extends Error {
  override readonly name = 'H5Failure';
  /** Node's code of the system's error behind it: `ENOSPC`. */
  readonly code: string | undefined;

  constructor(message: string | undefined, options?: { cause?: unknown; code?: string | undefined }) {
    super(message, options);
    this.code = options?.code;
  }
}

/** h5wasm, with its errors thrown. Synchronous, single-threaded, one for the process. */
export interface H5Engine {
  readonly module: H5Module;
  /**
   * Runs one or more calls of the library and throws what it complained about.
   * @throws H5Failure
   */
  checked<T>(calls: () => T): T;
}

let engine: Promise<H5Engine> | undefined;

/**
 * Loads h5wasm, on first use.
 *
 * @throws EngineMissingError if it is not installed or does not load here.
 */
export function loadEngine(neededBy: string): Promise<H5Engine> {
  engine ??= load(neededBy).catch((error: unknown) => {
    engine = undefined;
    throw error;
  });
  return engine;
}

async function load(neededBy: string): Promise<H5Engine> {
  const module = await lazyImport(
    'h5wasm',
    async () => (await (await import('h5wasm/node')).ready) as unknown as H5Module,
    { neededBy, install: 'npm install h5wasm' },
  );
  // The library never throws for HDF5's errors. It prints them to standard error, goes on and returns whatever lies in
  // memory. Its own switch to throwing leaks file handles and breaks the module after some thousand errors. So we
  // listen to what it prints; outside our own calls, it prints as ever.
  let listening = false;
  let heard = '';
  const { FS } = module;
  const write = FS.write;
  FS.write = (stream, from, offset, length, ...rest) => {
    if (!listening || stream.fd !== 2) return write.call(FS, stream, from, offset, length, ...rest);
    heard += Buffer.from(from.buffer, from.byteOffset + offset, length).toString();
    return length;
  };
  const checked = <T>(calls: () => T): T => {
    if (listening) return calls();
    heard = '';
    listening = true;
    let result: T;
    try {
      result = calls();
    } catch (cause) {
      if (cause instanceof H5Failure) throw cause;
      throw failure(heard, cause);
    } finally {
      listening = false;
    }
    if (heard !== '') throw failure(heard, heard);
    return result;
  };
  return { module, checked };
}

/** The error in HDF5's stack of complaints: the system's own where there is one, else the innermost line. */
function failure(printed: string, cause: unknown): H5Failure {
  const system = /errno = (\d+), error message = '([^']+)'/.exec(printed);
  if (system !== null) return new H5Failure(system[2], { cause, code: codes[Number(system[1])] });
  // What C++ does when it runs out of memory. Nothing that this instance of WebAssembly does afterwards can be relied on.
  if (cause instanceof Error && cause.name === 'RuntimeError') {
    return new H5Failure('h5wasm ran out of memory and has stopped; it works again in a new process', { cause });
  }
  const innermost = [...printed.matchAll(/#\d+: .*?line \d+ in \w+\(\): (.*)/g)].at(-1)?.[1];
  return new H5Failure(innermost ?? (printed.trim().slice(0, 200) || String(cause)), { cause });
}

/** The numbers that WebAssembly's system interface gives to errors. */
const codes: Readonly<Record<number, string>> = {
  2: 'EACCES',
  19: 'EDQUOT',
  22: 'EFBIG',
  29: 'EIO',
  31: 'EISDIR',
  33: 'EMFILE',
  44: 'ENOENT',
  51: 'ENOSPC',
  54: 'ENOTDIR',
  63: 'EPERM',
  69: 'EROFS',
};
