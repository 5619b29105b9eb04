/**
 * gzip by pako: the same bytes as zlib's, readable by `zcat`. A file is one or more members one after the other (RFC 1952,
 * 2.2), so that what does not shrink can be stored as it is.
 */
import { Deflate, ungzip } from 'pako';
import { CorruptEntryError } from '../../errors.js';

/** Larger pieces get a member of their own, whose level depends on a sample of it. */
const largeBytes = 1 << 16;

/** zlib's own default: most of what the highest level gains at a third of its time. */
const level = 6;

/** A piece whose sample does not shrink at least by this factor is stored: deflating it would cost seconds for nothing. */
const worthwhile = 1.1;

/** The gzip file of `pieces`. */
export function gzipped(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const file: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  for (const piece of pieces) {
    if (piece.byteLength < largeBytes) {
      small.push(piece);
      continue;
    }
    if (small.length > 0) file.push(...member(small, level));
    small = [];
    file.push(...member([piece], shrinks(piece) ? level : 0));
  }
  if (small.length > 0 || file.length === 0) file.push(...member(small, level));
  return file;
}

/**
 * What was compressed.
 *
 * @throws CorruptEntryError if the file is damaged: gzip has a checksum of its own.
 */
export function gunzipped(file: Uint8Array, location: string): Uint8Array {
  try {
    return ungzip(file);
  } catch (error) {
    const reason = `its compression is damaged (${error instanceof Error ? error.message : String(error)})`;
    throw new CorruptEntryError({ location, reason, cause: error });
  }
}

function member(pieces: readonly Uint8Array[], memberLevel: 0 | 6): readonly Uint8Array[] {
  const chunks: Uint8Array[] = [];
  const deflate = new Deflate({ gzip: true, level: memberLevel, chunkSize: largeBytes });
  deflate.onData = (chunk) => {
    chunks.push(chunk as Uint8Array);
  };
  for (const piece of pieces) deflate.push(bytesOf(piece), false);
  deflate.push(new Uint8Array(0), true);
  return chunks;
}

/** pako looks at the class of what it is given: a Buffer is no Uint8Array to it. */
function bytesOf(piece: Uint8Array): Uint8Array {
  return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
}

function shrinks(piece: Uint8Array): boolean {
  const middle = Math.floor((piece.byteLength - largeBytes) / 2);
  const sample = piece.subarray(middle, middle + largeBytes);
  const size = member([sample], level).reduce((sum, chunk) => sum + chunk.byteLength, 0);
  return size * worthwhile < sample.byteLength;
}
