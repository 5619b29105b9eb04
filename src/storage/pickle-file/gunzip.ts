import { Inflate } from 'pako';
import { CorruptEntryError } from '../../errors.js';
import type { ByteSource } from '../../serializers/types.js';

/** How much of the file is read at once. */
const inputBytes = 1 << 18;

/** What comes out is kept in pieces of at most this size: small files must not pay for the memory of large ones. */
const mostChunkBytes = 1 << 20;

/**
 * What a gzip file holds.
 *
 * @throws CorruptEntryError if the file is damaged, or is not one gzip member from its first byte to its last.
 */
export function gunzipped(file: ByteSource): ByteSource {
  const { location } = file;
  const corrupt = (what: string): CorruptEntryError =>
    new CorruptEntryError({ location, reason: `its compression is damaged (${what})` });
  const chunkBytes = Math.min(mostChunkBytes, 1024 + 16 * file.sizeBytes);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  const inflate = new Inflate({ windowBits: 15 + 16, chunkSize: chunkBytes });
  inflate.onData = (chunk) => {
    chunks.push(chunk as Uint8Array);
    sizeBytes += chunk.byteLength;
  };
  const input = new Uint8Array(Math.min(inputBytes, file.sizeBytes));
  for (let at = 0; at < file.sizeBytes; at += inputBytes) {
    if (inflate.ended) throw corrupt('bytes follow its end');
    const part = input.subarray(0, Math.min(inputBytes, file.sizeBytes - at));
    file.read(part, at);
    if (!inflate.push(part, false)) throw corrupt(inflate.msg);
  }
  if (!inflate.ended) throw corrupt(`ends after ${file.sizeBytes} bytes, too early`);
  // pako passes over zeros behind the end and over members that follow; the size at the very end tells.
  if (sizeAtEnd(file) !== sizeBytes % 2 ** 32) throw corrupt('bytes follow its end');
  return new ChunkSource(location, sizeBytes, chunkBytes, chunks);
}

function sizeAtEnd(file: ByteSource): number {
  const bytes = Buffer.alloc(4);
  file.read(bytes, file.sizeBytes - 4);
  return bytes.readUInt32LE();
}

/** Bytes in chunks of one size, of which only the last may be shorter. */
class ChunkSource implements ByteSource {
  readonly location: string;
  readonly sizeBytes: number;
  readonly #chunkBytes: number;
  readonly #chunks: readonly Uint8Array[];

  constructor(location: string, sizeBytes: number, chunkBytes: number, chunks: readonly Uint8Array[]) {
    this.location = location;
    this.sizeBytes = sizeBytes;
    this.#chunkBytes = chunkBytes;
    this.#chunks = chunks;
  }

  read(target: Uint8Array, position: number): void {
    for (let done = 0; done < target.byteLength; ) {
      const at = position + done;
      const chunk = this.#chunks[Math.floor(at / this.#chunkBytes)];
      const start = at % this.#chunkBytes;
      const bytes = chunk?.subarray(start, start + target.byteLength - done);
      if (bytes === undefined || bytes.byteLength === 0) {
        throw new CorruptEntryError({
          location: this.location,
          reason: `ends after ${this.sizeBytes} of at least ${position + target.byteLength} bytes`,
        });
      }
      target.set(bytes, done);
      done += bytes.byteLength;
    }
  }
}
