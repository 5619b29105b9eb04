import type { ByteSource, Serializer } from '../../src/serializers/types.js';

/** The pieces of a dump as one file's bytes. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces);
}

/** Bytes in memory, to be read like a file's. */
export function source(bytes: Uint8Array, location = 'memory'): ByteSource {
  return {
    location,
    sizeBytes: bytes.length,
    read: (target, position) => {
      if (position + target.length > bytes.length) throw new RangeError('read past the end');
      target.set(bytes.subarray(position, position + target.length));
    },
  };
}

/** What comes back when `value` goes through `serializer` and its bytes. */
export function roundTrip<T>(serializer: Serializer, value: T): T {
  return serializer.load(source(joined(serializer.dump(value)))) as T;
}
