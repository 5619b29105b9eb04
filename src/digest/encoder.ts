/**
 * The canonical byte form of a value, streamed into one SHA-256.
 *
 * Injective by construction: every node is one tag byte followed by payloads of fixed size or with their length in
 * front, so no two different values give the same bytes. What does not matter for equality does not enter: the order of
 * properties, of members of a Set and of entries of a Map, who holds a reference to whom, the memory behind a view.
 */
import { createHash, type Hash, hash } from 'node:crypto';
import type { Digest } from './types.js';

/** The first byte of each node. These numbers are part of the scheme: they never change their meaning. */
export const Tag = {
  undefined: 1,
  null: 2,
  true: 3,
  false: 4,
  float64: 5,
  int32: 6,
  nan: 7,
  bigint: 8,
  string: 9,
  wideString: 10,
  symbol: 11,
  hole: 12,
  array: 13,
  object: 14,
  nullPrototypeObject: 15,
  map: 16,
  set: 17,
  date: 18,
  regexp: 19,
  url: 20,
  searchParameters: 21,
  boxed: 22,
  error: 23,
  arrayBuffer: 24,
  view: 25,
  ndArray: 26,
  instance: 27,
  function: 28,
  cycle: 29,
  digest: 30,
  call: 31,
  property: 32,
  extended: 33,
} as const;

const capacity = 1 << 16;
/** Payloads above this go into the hash as they are; smaller ones are gathered first. */
const direct = 1 << 15;

/** Gathers bytes and hashes them. What fits into the buffer is hashed in one go, which costs half as much. */
export class ByteSink {
  readonly #bytes: Buffer = Buffer.allocUnsafeSlow(capacity);
  readonly #view: DataView = new DataView(this.#bytes.buffer, 0, capacity);
  #length = 0;
  #hash: Hash | undefined;

  reset(): void {
    this.#length = 0;
    this.#hash = undefined;
  }

  digest(): Digest {
    if (this.#hash === undefined) return hash('sha256', this.#bytes.subarray(0, this.#length), 'hex') as Digest;
    this.#flush();
    return this.#hash.digest('hex') as Digest;
  }

  tag(tag: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = tag;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** A number as a whole node: the shortest of its forms, so that each number has exactly one. */
  number(value: number): void {
    this.#reserve(9);
    if ((value | 0) === value && !Object.is(value, -0)) {
      this.#bytes[this.#length] = Tag.int32;
      this.#view.setInt32(this.#length + 1, value, true);
      this.#length += 5;
    } else if (Number.isNaN(value)) {
      this.#bytes[this.#length++] = Tag.nan;
    } else {
      this.#bytes[this.#length] = Tag.float64;
      this.#view.setFloat64(this.#length + 1, value, true);
      this.#length += 9;
    }
  }

  /** A string as a whole node: UTF-8, or UTF-16 where lone surrogates have no UTF-8. */
  string(text: string): void {
    const { length } = text;
    if (length <= 64) {
      this.#reserve(5 + length);
      const start = this.#length + 5;
      let i = 0;
      for (; i < length; i += 1) {
        const unit = text.charCodeAt(i);
        if (unit > 127) break;
        this.#bytes[start + i] = unit;
      }
      if (i === length) {
        this.#bytes[this.#length] = Tag.string;
        this.#view.setUint32(this.#length + 1, length, true);
        this.#length = start + length;
        return;
      }
    }
    const wellFormed = isWellFormed(text);
    this.tag(wellFormed ? Tag.string : Tag.wideString);
    this.payload(Buffer.from(text, wellFormed ? 'utf8' : 'utf16le'), 4);
  }

  /** Raw bytes with their length in front, in 4 or 8 bytes. */
  payload(bytes: Uint8Array, lengthBytes: 4 | 8 = 8): void {
    if (lengthBytes === 4) {
      this.uint32(bytes.length);
    } else {
      this.#reserve(8);
      this.#view.setBigUint64(this.#length, BigInt(bytes.length), true);
      this.#length += 8;
    }
    this.#append(bytes);
  }

  /** A digest as a leaf: 64 hexadecimal characters. */
  digestLeaf(digest: string): void {
    this.#reserve(65);
    this.#bytes[this.#length++] = Tag.digest;
    this.#length += this.#bytes.write(digest, this.#length, 64, 'latin1');
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length > direct) {
      this.#flush();
      this.#hash ??= createHash('sha256');
      this.#hash.update(bytes);
    } else {
      this.#reserve(bytes.length);
      this.#bytes.set(bytes, this.#length);
      this.#length += bytes.length;
    }
  }

  #reserve(length: number): void {
    if (this.#length + length > capacity) this.#flush();
  }

  #flush(): void {
    this.#hash ??= createHash('sha256');
    this.#hash.update(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }
}

/** `String.prototype.isWellFormed`, which ES2022's types do not know yet. */
function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
