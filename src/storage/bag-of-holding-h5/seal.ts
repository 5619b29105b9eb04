/**
 * A seal: 24 bytes after the end of an HDF5 file that make every byte of it checked. HDF5 itself does not check the
 * elements of arrays and texts. Readers of HDF5 take the length of the file from its header and never see the seal.
 *
 *     offset 0   8 bytes   "flecheH5"
 *            8   u32       version of the seal, 1
 *           12   u64       how many bytes the HDF5 file has
 *           20   u32       CRC-32 of these bytes and the 20 bytes before this field
 *
 * All numbers are little-endian.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const magic = 'flecheH5';
const version = 1;
const sealBytes = 24;
const checkedSealBytes = 20;

/** Appends the seal to the HDF5 file at `path`. */
export function seal(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    const sizeBytes = fstatSync(fd).size;
    const tail = Buffer.alloc(sealBytes);
    tail.write(magic, 'latin1');
    tail.writeUInt32LE(version, 8);
    tail.writeBigUInt64LE(BigInt(sizeBytes), 12);
    const checksum = crc32(tail.subarray(0, checkedSealBytes), checksumOf(fd, sizeBytes));
    tail.writeUInt32LE(checksum, checkedSealBytes);
    let written = 0;
    while (written < sealBytes) {
      written += writeSync(fd, tail, written, sealBytes - written, sizeBytes + written);
    }
  } finally {
    closeSync(fd);
  }
}

/** What the end of a file says: `sealed`, `unsealed` as other programs leave it, or what is wrong. */
export type SealState = 'sealed' | 'unsealed' | { readonly wrong: string };

/** Checks the file that is open as `fd`. */
export function checkSeal(fd: number, sizeBytes: number): SealState {
  if (sizeBytes < sealBytes) return 'unsealed';
  const tail = Buffer.alloc(sealBytes);
  const length = sizeBytes - sealBytes;
  readFully(fd, tail, length);
  if (tail.toString('latin1', 0, magic.length) !== magic) return 'unsealed';
  if (crc32(tail.subarray(0, checkedSealBytes), checksumOf(fd, length)) !== tail.readUInt32LE(checkedSealBytes)) {
    return { wrong: 'the checksum differs' };
  }
  if (tail.readUInt32LE(8) !== version) return { wrong: `its seal has the unknown version ${tail.readUInt32LE(8)}` };
  if (tail.readBigUInt64LE(12) !== BigInt(length)) return { wrong: 'bytes are missing or were added' };
  return 'sealed';
}

/** Fills `target` with the bytes of the file from `position` on. */
export function readFully(fd: number, target: Uint8Array, position: number): void {
  let filled = 0;
  while (filled < target.byteLength) {
    const count = readSync(fd, target, filled, target.byteLength - filled, position + filled);
    if (count === 0) throw new Error(`the file ends after ${position + filled} bytes`);
    filled += count;
  }
}

function checksumOf(fd: number, sizeBytes: number): number {
  const piece = Buffer.alloc(Math.min(sizeBytes, 1 << 20));
  let checksum = 0;
  for (let position = 0; position < sizeBytes; position += piece.byteLength) {
    const part = piece.subarray(0, Math.min(piece.byteLength, sizeBytes - position));
    readFully(fd, part, position);
    checksum = crc32(part, checksum);
  }
  return checksum;
}
