import { type H5Engine, H5Failure, type H5Metadata, typeClass } from './engine.js';
import { largestArrayBytes } from './limits.js';

/** Reads the objects of one HDF5 file. Every method throws H5Failure for what HDF5 complains about. */
export class H5Reader {
  readonly #engine: H5Engine;
  readonly #file: bigint;

  private constructor(engine: H5Engine, file: bigint) {
    this.#engine = engine;
    this.#file = file;
  }

  /** Opens the file, and closes it when `read` is done. */
  static open<T>(engine: H5Engine, path: string, read: (reader: H5Reader) => T): T {
    const { module, checked } = engine;
    const file = checked(() => module.open(path, module.H5F_ACC_RDONLY, false, -1, -1));
    if (file < 0n) throw new H5Failure('the file cannot be opened');
    try {
      return read(new H5Reader(engine, file));
    } finally {
      checked(() => module.close_file(file));
    }
  }

  /** What stands at `path`; a link that leads nowhere or out of the file is nothing. */
  kindOf(path: string): 'group' | 'dataset' | undefined {
    const { module, checked } = this.#engine;
    const kind = checked(() => module.get_type(this.#file, path));
    if (kind === module.H5G_GROUP) return 'group';
    return kind === module.H5G_DATASET ? 'dataset' : undefined;
  }

  names(path: string): string[] {
    const { module, checked } = this.#engine;
    return checked(() => module.get_names(this.#file, path, false));
  }

  attributeNames(path: string): string[] {
    const { module, checked } = this.#engine;
    return checked(() => module.get_attribute_names(this.#file, path));
  }

  /** The text or the bytes of an attribute. */
  attribute(path: string, name: string): string | Uint8Array {
    const { module, checked } = this.#engine;
    const metadata = checked(() => module.get_attribute_metadata(this.#file, path, name));
    const fill = (pointer: bigint): void => {
      module.get_attribute_data(this.#file, path, name, pointer);
    };
    return metadata.type === typeClass.string ? this.#text(metadata, path, name, fill) : this.#bytes(metadata, fill);
  }

  describe(path: string): H5Metadata {
    const { module, checked } = this.#engine;
    return checked(() => module.get_dataset_metadata(this.#file, path));
  }

  /** All elements of a dataset, little-endian, in memory of their own. */
  bytes(path: string, metadata: H5Metadata): Uint8Array {
    return this.#bytes(metadata, (pointer) => this.#fill(path, pointer));
  }

  text(path: string, metadata: H5Metadata): string {
    return this.#text(metadata, path, '', (pointer) => this.#fill(path, pointer));
  }

  #fill(path: string, pointer: bigint): void {
    this.#engine.module.get_dataset_data(this.#file, path, null, null, null, pointer);
  }

  #bytes(metadata: H5Metadata, fill: (pointer: bigint) => void): Uint8Array {
    return this.#withMemory(metadata, fill, (pointer, length) =>
      this.#engine.module.HEAPU8.slice(pointer, pointer + length),
    );
  }

  /** A single text, of variable or fixed length. */
  #text(metadata: H5Metadata, path: string, attribute: string, fill: (pointer: bigint) => void): string {
    if (metadata.type !== typeClass.string || metadata.total_size !== 1) throw new H5Failure(`${path} is not a text`);
    const { module, checked } = this.#engine;
    return this.#withMemory(metadata, fill, (pointer, length) => {
      if (!metadata.vlen) return this.#decode(pointer, pointer + length);
      const start = new DataView(module.HEAPU8.buffer).getUint32(pointer, true);
      try {
        return start === 0 ? '' : this.#decode(start, module.HEAPU8.length);
      } finally {
        checked(() => module.reclaim_vlen_memory(this.#file, path, attribute, BigInt(pointer)));
      }
    });
  }

  /** The text from `start` to its NUL, at the latest to `end`. h5wasm's own decoder drops a leading U+FEFF. */
  #decode(start: number, end: number): string {
    const memory = this.#engine.module.HEAPU8;
    const nul = memory.indexOf(0, start);
    return utf8.decode(memory.subarray(start, nul < 0 || nul > end ? end : nul));
  }

  #withMemory<T>(
    metadata: H5Metadata,
    fill: (pointer: bigint) => void,
    use: (pointer: number, length: number) => T,
  ): T {
    const { module, checked } = this.#engine;
    const length = metadata.shape === null ? 0 : metadata.size * metadata.total_size;
    if (length > largestArrayBytes) {
      throw new H5Failure(`it holds an array of ${length} bytes, and h5wasm reads at most ${largestArrayBytes}`);
    }
    const pointer = module._malloc(Math.max(length, 1));
    if (pointer === 0) throw new H5Failure(`there is no memory for ${length} bytes`);
    try {
      if (length > 0) checked(() => fill(BigInt(pointer)));
      return use(pointer, length);
    } finally {
      module._free(pointer);
    }
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
