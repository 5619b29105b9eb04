import { type H5Engine, H5Failure, typeClass } from './engine.js';
import { largestArrayBytes } from './limits.js';

/** The types of elements that we write. */
export type ElementType =
  | { readonly kind: 'integer'; readonly size: number; readonly signed: boolean }
  | { readonly kind: 'float'; readonly size: number }
  /** Pairs of real and imaginary part, `size` bytes together; h5py knows the compound type as complex. */
  | { readonly kind: 'complex'; readonly size: number };

/** Writes the objects of one new HDF5 file. Every method throws H5Failure for what HDF5 complains about. */
export class H5Writer {
  readonly #engine: H5Engine;
  readonly #file: bigint;
  readonly #gzip: number;

  private constructor(engine: H5Engine, file: bigint, gzip: number) {
    this.#engine = engine;
    this.#file = file;
    this.#gzip = gzip;
  }

  /**
   * Creates the file, which must not exist, and closes it when `write` is done.
   *
   * @param gzip The level for arrays, 0 for none.
   */
  static create(engine: H5Engine, path: string, gzip: number, write: (writer: H5Writer) => void): void {
    const { module, checked } = engine;
    // What version 1.10 and later of HDF5 read; newer formats of this build are unreadable for most programs.
    const version = module.H5F_LIBVER_V110;
    const file = checked(() => module.open(path, module.H5F_ACC_EXCL, false, version, version));
    if (file < 0n) throw new H5Failure('the file cannot be created');
    let closed = false;
    try {
      write(new H5Writer(engine, file, gzip));
      closed = true;
      checked(() => module.close_file(file));
    } catch (error) {
      if (!closed) closeQuietly(engine, file);
      throw error;
    }
  }

  group(path: string): void {
    const { module, checked } = this.#engine;
    checked(() => module.create_group(this.#file, path, false));
  }

  /** A text that holds no NUL and no lone surrogate; HDF5 would cut or alter it. */
  text(path: string, text: string): void {
    const { module, checked } = this.#engine;
    checked(() => module.create_vlen_str_dataset(this.#file, path, [text], { ...textType, ...scalar }));
  }

  array(path: string, bytes: Uint8Array, type: ElementType, shape: readonly number[]): void {
    const { module, checked } = this.#engine;
    if (bytes.byteLength > largestArrayBytes) throw new H5Failure(`an array of ${bytes.byteLength} bytes is too large`);
    const sizes = shape.map(BigInt);
    const compress = this.#gzip > 0 && bytes.byteLength >= smallestCompressed;
    const metadata = {
      ...metadataOf(type),
      shape: sizes,
      maxshape: sizes,
      chunks: compress ? chunksOf(shape, type.size).map(BigInt) : null,
      compression: compress ? deflate : 0,
      compression_opts: compress ? [this.#gzip] : [],
    };
    this.#withMemory(bytes, (pointer) => checked(() => module.create_dataset(this.#file, path, pointer, metadata)));
  }

  textAttribute(path: string, name: string, text: string): void {
    const { module, checked } = this.#engine;
    checked(() => module.create_vlen_str_attribute(this.#file, path, name, [text], { ...textType, ...scalar }));
  }

  /** An attribute of unsigned 16 bit integers; a single one as a scalar. */
  integersAttribute(path: string, name: string, values: readonly number[] | number): void {
    const { module, checked } = this.#engine;
    const elements = new Uint16Array(typeof values === 'number' ? [values] : values);
    const shape = typeof values === 'number' ? [] : [BigInt(elements.length)];
    const type = metadataOf({ kind: 'integer', size: 2, signed: false });
    this.#withMemory(new Uint8Array(elements.buffer), (pointer) =>
      checked(() => module.create_attribute(this.#file, path, name, pointer, { ...type, shape, maxshape: shape })),
    );
  }

  #withMemory(bytes: Uint8Array, use: (pointer: bigint) => void): void {
    const { module } = this.#engine;
    const pointer = module._malloc(Math.max(bytes.byteLength, 1));
    if (pointer === 0) throw new H5Failure(`there is no memory for ${bytes.byteLength} bytes`);
    try {
      module.HEAPU8.set(bytes, pointer);
      use(BigInt(pointer));
    } finally {
      module._free(pointer);
    }
  }
}

const deflate = 1;
/** Below this, the chunk index costs more than compression saves. */
const smallestCompressed = 1024;
const chunkBytes = 1 << 20;
const scalar = { shape: [], maxshape: [], chunks: null, compression: 0, compression_opts: [] };
const textType = { type: typeClass.string, size: 4, vlen: true, cset: 1, signed: false, littleEndian: true };

function metadataOf(type: ElementType): Record<string, unknown> {
  const common = { size: type.size, vlen: false, signed: false, littleEndian: true };
  switch (type.kind) {
    case 'integer':
      return { ...common, type: typeClass.integer, signed: type.signed };
    case 'float':
      return { ...common, type: typeClass.float };
    case 'complex': {
      const half = type.size / 2;
      const part = { ...common, type: typeClass.float, size: half };
      const members = [
        { ...part, name: 'r', offset: 0 },
        { ...part, name: 'i', offset: half },
      ];
      return { ...common, type: typeClass.compound, compound_type: { members, nmembers: 2 } };
    }
  }
}

/** Chunks of at most about a megabyte: the outer axes are cut first, so that each chunk is one run of memory. */
function chunksOf(shape: readonly number[], elementBytes: number): number[] {
  const chunks = [...shape];
  let bytes = chunks.reduce((product, length) => product * length, elementBytes);
  for (let axis = 0; axis < chunks.length && bytes > chunkBytes; axis += 1) {
    const length = chunks[axis] as number;
    const kept = Math.max(1, Math.floor(length / Math.ceil(bytes / chunkBytes)));
    bytes = (bytes / length) * kept;
    chunks[axis] = kept;
  }
  return chunks;
}

function closeQuietly({ module, checked }: H5Engine, file: bigint): void {
  try {
    checked(() => module.close_file(file));
  } catch {
    // The first error says what went wrong; that closing failed too says nothing new.
  }
}
