/** Bytes at rest that can be read piece by piece, so that large buffers go straight from the file to where they belong. */
export interface ByteSource {
  /** What it is, for messages: a path. */
  readonly location: string;
  readonly sizeBytes: number;
  /** Fills `target` with the bytes that start at `position`; there are enough of them (`sizeBytes` tells). */
  read(target: Uint8Array, position: number): void;
}

/** Turns values into bytes and back. Its name is written to disk: it is permanent, and so is the format behind it. */
export interface Serializer {
  /** `pickle`, `cloudpickle`, `dill` or a name of your own, in lower-case letters. */
  readonly name: string;
  /** What it takes; see `StorageCapabilities.holds`. */
  readonly holds: 'data' | 'code' | 'everything';

  /**
   * The bytes of `value`, in pieces that belong one after the other. Large buffers are not copied: a piece may be a view
   * onto the memory of `value`, so write the pieces before anything else runs.
   *
   * @throws SerializationError if something in `value` would not come back as it is; it says where.
   */
  dump(value: unknown): readonly Uint8Array[];

  /**
   * The value back, with memory of its own.
   *
   * @throws CorruptEntryError if the bytes are not, in full, what `dump` made.
   */
  load(source: ByteSource): unknown;
}
