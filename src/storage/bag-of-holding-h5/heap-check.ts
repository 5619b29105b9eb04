/**
 * Checks the lists of texts in an HDF5 file ("global heap collections") that no checksum covers. HDF5 walks such a list
 * without making sure that it gets ahead: one changed byte makes it loop for ever.
 *
 * A collection is `GCOL`, the version 1, three zeros and its size, an u64; then objects of an u16 index, a u16 count, four
 * bytes, an u64 size and, but for the free space with the index 0, that many bytes, rounded up to eight.
 */
import { readFully } from './seal.js';

const start = Buffer.from('GCOL\x01\0\0\0', 'latin1');
const headerBytes = 16;
const objectHeaderBytes = 16;
const pieceBytes = 1 << 20;

/** Whether all collections of the file can be walked to their end. */
export function heapsAreSound(fd: number, sizeBytes: number): boolean {
  const piece = Buffer.alloc(Math.min(sizeBytes, pieceBytes));
  for (let position = 0; position + headerBytes <= sizeBytes; position += pieceBytes - start.length + 1) {
    const part = piece.subarray(0, Math.min(piece.length, sizeBytes - position));
    readFully(fd, part, position);
    for (let found = part.indexOf(start); found >= 0; found = part.indexOf(start, found + 1)) {
      if (!isSound(fd, sizeBytes, position + found)) return false;
    }
  }
  return true;
}

function isSound(fd: number, sizeBytes: number, position: number): boolean {
  const header = Buffer.alloc(headerBytes);
  if (position + headerBytes > sizeBytes) return false;
  readFully(fd, header, position);
  const size = Number(header.readBigUInt64LE(8));
  if (size < headerBytes || position + size > sizeBytes) return false;
  const collection = Buffer.alloc(size);
  readFully(fd, collection, position);
  let at = headerBytes;
  while (at + objectHeaderBytes <= size) {
    const length = Number(collection.readBigUInt64LE(at + 8));
    const isFree = collection.readUInt16LE(at) === 0;
    const step = isFree ? length : objectHeaderBytes + Math.ceil(length / 8) * 8;
    if (step < objectHeaderBytes || at + step > size) return false;
    at += step;
  }
  return true;
}
