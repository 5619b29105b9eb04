/**
 * The bytes of a value at rest, all numbers little-endian:
 *
 *     0   8  magic: 89 "FLECHE" 1a (no text, and damaged by anything that treats it as text)
 *     8   2  version of this format: 1
 *     10  2  byte order of the numbers inside buffers: "LE" or "BE"
 *     12  4  length of the head
 *     16  4  CRC-32 of the head
 *     20  4  CRC-32 of bytes 0 to 19
 *     24     head, JSON: { serializer, text: [length, CRC-32], buffers: [[length, CRC-32], …] }
 *            text, UTF-8
 *            buffers, one right after the other
 */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import { CorruptEntryError } from '../errors.js';
import type { ByteSource } from './types.js';
import type { Flat } from './writer.js';

const magic: Uint8Array = Uint8Array.of(0x89, 0x46, 0x4c, 0x45, 0x43, 0x48, 0x45, 0x1a);
const version = 1;
const preambleBytes = 24;

/** Bytes read and checked in one go: they are still in the processor's cache when they are checked. */
const chunkBytes = 1 << 18;

type Section = readonly [length: number, checksum: number];

interface Head {
  readonly serializer: string;
  readonly text: Section;
  readonly buffers: readonly Section[];
}

/** The pieces of a frame, one after the other; the buffers themselves are not copied. */
export function framed(serializer: string, flat: Flat): readonly Uint8Array[] {
  const text = Buffer.from(flat.text);
  const head: Head = { serializer, text: section(text), buffers: flat.buffers.map(section) };
  const headBytes = Buffer.from(JSON.stringify(head));
  const preamble = Buffer.alloc(preambleBytes);
  preamble.set(magic);
  preamble.writeUInt16LE(version, 8);
  preamble.write(endianness(), 10, 'latin1');
  preamble.writeUInt32LE(headBytes.length, 12);
  preamble.writeUInt32LE(crc32(headBytes), 16);
  preamble.writeUInt32LE(crc32(preamble.subarray(0, 20)), 20);
  return [preamble, headBytes, text, ...flat.buffers];
}

/**
 * Reads a frame back; each buffer comes in memory of its own.
 *
 * @throws CorruptEntryError if any byte is not as it was written.
 */
export function unframed(source: ByteSource): Flat & { readonly serializer: string } {
  const corrupt = (reason: string): CorruptEntryError => new CorruptEntryError({ location: source.location, reason });
  const { sizeBytes } = source;
  if (sizeBytes < preambleBytes) throw corrupt(`ends after ${sizeBytes} of at least ${preambleBytes} bytes`);
  const preamble = Buffer.alloc(preambleBytes);
  source.read(preamble, 0);
  if (!preamble.subarray(0, magic.length).equals(magic)) throw corrupt('it is no file of fleche');
  if (preamble.readUInt32LE(20) !== crc32(preamble.subarray(0, 20))) throw corrupt('the checksum of its start differs');
  if (preamble.readUInt16LE(8) !== version) {
    throw corrupt(`it is of format version ${preamble.readUInt16LE(8)}, and this fleche reads version ${version}`);
  }
  if (preamble.toString('latin1', 10, 12) !== endianness()) {
    throw corrupt('it was written on a machine with another byte order');
  }
  const headBytes = preamble.readUInt32LE(12);
  if (preambleBytes + headBytes > sizeBytes) {
    throw corrupt(`ends after ${sizeBytes} of at least ${preambleBytes + headBytes} bytes`);
  }
  const checked = (position: number, [length, checksum]: Section, part: string): Uint8Array => {
    const bytes = new Uint8Array(new ArrayBuffer(length));
    let sum = 0;
    for (let at = 0; at < length; at += chunkBytes) {
      const chunk = bytes.subarray(at, at + chunkBytes);
      source.read(chunk, position + at);
      sum = crc32(chunk, sum);
    }
    if (sum !== checksum) throw corrupt(`the checksum of its ${part} differs`);
    return bytes;
  };
  const json = checked(preambleBytes, [headBytes, preamble.readUInt32LE(16)], 'head');
  const head = headOf(Buffer.from(json.buffer).toString());
  if (head === undefined) throw corrupt('its head says nothing that makes sense');
  const expected = [head.text, ...head.buffers].reduce((sum, [length]) => sum + length, preambleBytes + headBytes);
  if (expected > sizeBytes) throw corrupt(`ends after ${sizeBytes} of ${expected} bytes`);
  if (expected < sizeBytes) throw corrupt(`${sizeBytes - expected} bytes follow its end`);
  let position = preambleBytes + headBytes;
  const next = (part: string, size: Section): Uint8Array => {
    const bytes = checked(position, size, part);
    position += size[0];
    return bytes;
  };
  const text = Buffer.from(next('text', head.text).buffer).toString();
  return {
    serializer: head.serializer,
    text,
    buffers: head.buffers.map((each, index) => next(`buffer ${index}`, each)),
  };
}

function headOf(json: string): Head | undefined {
  const isSection = (part: unknown): boolean => Array.isArray(part) && part.length === 2 && part.every(isCount);
  try {
    const head = JSON.parse(json) as Partial<Head> | null;
    const { serializer, text, buffers } = head ?? {};
    const isHead =
      typeof serializer === 'string' && isSection(text) && Array.isArray(buffers) && buffers.every(isSection);
    return isHead ? (head as Head) : undefined;
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function section(bytes: Uint8Array): Section {
  return [bytes.byteLength, crc32(bytes)];
}
