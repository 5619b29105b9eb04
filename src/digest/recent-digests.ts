/** The digests of short sequences of bytes that were asked for last: small arguments come again and again. */
import { hash } from 'node:crypto';
import type { Digest } from './types.js';

/** The longest sequence that is remembered, in bytes. Looking up a longer one saves less than a miss costs. */
export const longest = 64;

const slots = 1 << 9;
const wordsPerSlot = longest / 4;

/** One sequence per slot; the one that comes last stays. */
const words = new Int32Array(slots * wordsPerSlot);
const lengths = new Int32Array(slots);
const digests: (Digest | undefined)[] = new Array<Digest | undefined>(slots).fill(undefined);

/**
 * The SHA-256 of `bytes`, at most {@link longest} of them, which are the first of `source`. Those behind them up to a
 * multiple of 4 are zero. The bytes themselves are compared, so that no other sequence can be taken for them.
 */
export function digestOfShort(bytes: Uint8Array, source: Int32Array): Digest {
  const { length } = bytes;
  const count = (length + 3) >> 2;
  let mixed = length;
  for (let i = 0; i < count; i += 1) {
    mixed = Math.imul(mixed ^ (source[i] as number), 0x9e3779b1);
    mixed ^= mixed >>> 15;
  }
  const slot = (mixed ^ (mixed >>> 9)) & (slots - 1);
  const at = slot * wordsPerSlot;
  const known = digests[slot];
  if (known !== undefined && lengths[slot] === length) {
    let i = 0;
    while (i < count && words[at + i] === source[i]) i += 1;
    if (i === count) return known;
  }
  const digest = hash('sha256', bytes, 'hex') as Digest;
  // An interrupt may end this anywhere: the slot is empty until all of it is right.
  digests[slot] = undefined;
  for (let i = 0; i < count; i += 1) words[at + i] = source[i] as number;
  lengths[slot] = length;
  digests[slot] = digest;
  return digest;
}
