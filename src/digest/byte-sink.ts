/**
 * Where the canonical form of a value goes: bytes, streamed into a SHA-256.
 *
 * Injective by construction: every node is one tag byte followed by payloads of fixed size or with their length in
 * front, so no two different values give the same bytes. What does not matter for equality does not enter: the order of
 * properties, of members of a Set and of entries of a Map, who holds a reference to whom, the memory behind a view.
 */
import { createHash, type Hash, hash } from 'node:crypto';
import { digestOfShort, longest } from './recent-digests.js';
import { Tag } from './tags.js';
import type { Digest } from './types.js';

const capacity = 1 << 16;
/** Payloads above this go into the hash as they are; smaller ones are gathered first. */
const direct = 1 << 15;
/** Less than this is kept when a part begins; more goes into the hash, so that nesting keeps little in memory. */
const kept = 1 << 12;
/** Values of fewer bytes than this have a view of their own. */
const views = 512;

/** Gathers bytes and hashes them. What fits into the buffer is hashed in one go, which costs half as much. */
export class ByteSink {
  /** Whether nothing is hashed, for a walk that only looks. */
  muted = false;
  #bytes: Buffer = Buffer.allocUnsafeSlow(capacity);
  #view: DataView = new DataView(this.#bytes.buffer, 0, capacity);
  #words: Int32Array = new Int32Array(this.#bytes.buffer, 0, longest >> 2);
  /** Views of the first bytes, by their number. */
  readonly #views: (Buffer | undefined)[] = [];
  #length = 0;
  /** Where the bytes of the part under way begin; those before belong to the parts around it. */
  #start = 0;
  #hash: Hash | undefined;
  readonly #around: { readonly start: number; readonly hash: Hash | undefined }[] = [];

  reset(): void {
    this.#length = 0;
    this.#start = 0;
    this.#hash = undefined;
    if (this.#around.length > 0) this.#around.length = 0;
    if (this.#bytes.length > 1 << 20) this.#resize(capacity);
  }

  /** Begins a part with a digest of its own. */
  open(): void {
    if (this.#length - this.#start > kept) this.#flush();
    this.#around.push({ start: this.#start, hash: this.#hash });
    this.#start = this.#length;
    this.#hash = undefined;
  }

  /** Ends the part under way: its digest. The bytes of the part around it go on. */
  close(): Digest {
    const digest = this.digest();
    const { start, hash } = this.#around.pop() as { start: number; hash: Hash | undefined };
    this.#length = this.#start;
    this.#start = start;
    this.#hash = hash;
    return digest;
  }

  /** The digest of all bytes since the part under way began. */
  digest(): Digest {
    if (this.muted) return '' as Digest;
    if (this.#hash === undefined) {
      const bytes = this.#gathered();
      if (this.#start > 0 || bytes.length > longest) return hash('sha256', bytes, 'hex') as Digest;
      for (let i = bytes.length; i % 4 > 0; i += 1) this.#bytes[i] = 0;
      return digestOfShort(bytes, this.#words);
    }
    this.#flush();
    return this.#hash.digest('hex') as Digest;
  }

  /** The bytes of the part under way. Making a view costs a third of hashing it, so those of short values are kept. */
  #gathered(): Buffer {
    const start = this.#start;
    const end = this.#length;
    if (start > 0 || end >= views) return this.#bytes.subarray(start, end);
    this.#views[end] ??= this.#bytes.subarray(0, end);
    return this.#views[end];
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
    if (this.muted) return;
    const wellFormed = isWellFormed(text);
    this.tag(wellFormed ? Tag.string : Tag.wideString);
    this.payload(Buffer.from(text, wellFormed ? 'utf8' : 'utf16le'), 4);
  }

  /** Raw bytes with their length in front, in 4 or 8 bytes. */
  payload(bytes: Uint8Array, lengthBytes: 4 | 8 = 8): void {
    if (this.muted) return;
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
  digestLeaf(digest: string, tag: number = Tag.digest): void {
    this.#reserve(65);
    this.#bytes[this.#length++] = tag;
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
    if (this.#length + length <= this.#bytes.length) return;
    this.#flush();
    // The parts around this one keep their bytes in front of it.
    if (this.#bytes.length - this.#start < capacity) this.#resize(2 * this.#bytes.length);
  }

  #resize(size: number): void {
    const bytes = Buffer.allocUnsafeSlow(size);
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#views.length = 0;
    this.#view = new DataView(bytes.buffer, 0, size);
    this.#words = new Int32Array(bytes.buffer, 0, longest >> 2);
  }

  #flush(): void {
    if (!this.muted) {
      this.#hash ??= createHash('sha256');
      this.#hash.update(this.#bytes.subarray(this.#start, this.#length));
    }
    this.#length = this.#start;
  }
}

/** `String.prototype.isWellFormed`, which ES2022's types do not know yet. */
function isWellFormed(text: string): boolean {
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}
