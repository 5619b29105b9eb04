import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import type { Serializer } from '../../src/serializers/types.js';
import { joined, source } from './bytes.js';

const value = { a: [1, 'x', null], big: new Uint8Array(300).fill(7), other: new Float64Array(40).fill(0.5) };
const whole = joined(pickle.dump(value));

/** Why the bytes are refused; any other error, or none at all, fails the test. */
function reason(bytes: Uint8Array, serializer: Serializer = pickle): string {
  try {
    serializer.load(source(bytes, '/cache/some.file'));
  } catch (error) {
    if (isFlecheError(error, 'CorruptEntry') && error.location === '/cache/some.file') return error.reason;
    throw error;
  }
  throw new Error('damaged bytes were taken');
}

describe('damage is always found', () => {
  test('at every length that is too short', () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(reason(whole.subarray(0, length))).toMatch(/^ends after \d+ of/);
    }
  });

  test('in every bit', () => {
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const bytes = new Uint8Array(whole);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(reason(bytes)).not.toBe('');
    }
  });

  test('when something follows', () => {
    expect(reason(joined([whole, Uint8Array.of(0)]))).toBe('1 bytes follow its end');
  });

  test('when it is something else', () => {
    expect(reason(Buffer.from('{"json": true, "and": "long enough"}'))).toBe('it is no file of fleche');
  });

  test('when two parts are exchanged', () => {
    const a = joined(pickle.dump([new Uint8Array(300).fill(1), new Uint8Array(300).fill(2)]));
    const bytes = new Uint8Array(a);
    bytes.set(a.subarray(a.length - 300), a.length - 600);
    bytes.set(a.subarray(a.length - 600, a.length - 300), a.length - 300);
    expect(reason(bytes)).toBe('the checksum of its buffer 0 differs');
  });
});

/** The bytes with another start, whose checksum is right. */
function restarted(change: (preamble: Buffer) => void): Uint8Array {
  const bytes = Buffer.from(whole);
  change(bytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  return bytes;
}

describe('what is whole but not for us', () => {
  test('another version', () => {
    expect(reason(restarted((preamble) => preamble.writeUInt16LE(2, 8)))).toBe(
      'it is of format version 2, and this fleche reads version 1',
    );
  });

  test('another byte order', () => {
    expect(reason(restarted((preamble) => preamble.write('BE', 10)))).toBe(
      'it was written on a machine with another byte order',
    );
  });

  test('a higher rung', () => {
    const code = joined(cloudpickle.dump({ f: () => 1 }));
    const everything = joined(dill.dump({ s: Symbol('x') }));
    expect(reason(code, pickle)).toBe('cloudpickle wrote it, and pickle does not load that; use cloudpickle');
    expect(reason(everything, pickle)).toBe('dill wrote it, and pickle does not load that; use dill');
    expect(reason(everything, cloudpickle)).toBe('dill wrote it, and cloudpickle does not load that; use dill');
  });

  test('a lower rung is read', () => {
    expect(cloudpickle.load(source(whole))).toEqual(value);
    expect(dill.load(source(whole))).toEqual(value);
    expect((dill.load(source(joined(cloudpickle.dump(() => 7)))) as () => number)()).toBe(7);
  });

  test('code under the name of pickle is not run', () => {
    const text = 'globalThis.wasRun = true';
    const bytes = joined(cloudpickle.dump(new Function(`return () => { ${text} }`)()));
    // The same file with the other name and the right checksums, as an attacker would make it.
    const head = Buffer.from(bytes).subarray(24, 24 + Buffer.from(bytes).readUInt32LE(12));
    const forgedHead = Buffer.from(head.toString().replace('"cloudpickle"', '"pickle"'));
    const preamble = Buffer.from(bytes.subarray(0, 24));
    preamble.writeUInt32LE(forgedHead.length, 12);
    preamble.writeUInt32LE(crc32(forgedHead), 16);
    preamble.writeUInt32LE(crc32(preamble.subarray(0, 20)), 20);
    const forged = joined([preamble, forgedHead, bytes.subarray(24 + head.length)]);
    expect(reason(forged, pickle)).toBe('it holds function, which pickle does not load; cloudpickle does');
    expect('wasRun' in globalThis).toBe(false);
  });
});

describe('the pieces', () => {
  test('hold the memory of the value itself', () => {
    const big = new Float64Array(1000);
    const pieces = pickle.dump({ big });
    expect(pieces.some((piece) => piece.buffer === big.buffer)).toBe(true);
  });

  test('are the same each time', () => {
    expect(joined(pickle.dump(value))).toEqual(joined(pickle.dump(value)));
  });

  test('a loaded buffer has memory of its own', () => {
    const back = pickle.load(source(whole)) as typeof value;
    expect(back.big.buffer.byteLength).toBe(300);
    expect(back.other.buffer).not.toBe(back.big.buffer);
  });
});

test('bytes that were written once are read for ever', () => {
  const written =
    'iUZMRUNIRRoBAExFTAAAAC3IW/rD6IE2eyJzZXJpYWxpemVyIjoicGlja2xlIiwidGV4dCI6WzM3MywzOTA2MzQ4Njk0XSwiYnVmZmVycyI6W1szMDAsMjA1NzM3NjQ4OF1dfXsiZ3JhcGgiOltbIlNldCIsMV0sWzJdLFszLC02LC0xLDQsNSw2LDEwLDE0XSwxLCLDqSIsWyJEYXRlIiwiMTk3MC0wMS0wMVQwMDowMDowMC4wMDBaIl0sWyJNYXAiLDcsOF0sImEiLHsibiI6OX0sWyJCaWdJbnQiLCIxMCJdLFsiQCIsMTFdLHsia2luZCI6MTIsIm51bWJlciI6MTN9LCJ2aWV3IiwwLFsiQCIsMTVdLHsia2luZCI6MTYsInByb3BlcnRpZXMiOjE3LCJpbnRlZ3JpdHkiOjIxfSwib2JqZWN0IixbMTgsMTldLCJ4IixbIkAiLDIwXSx7ImtpbmQiOjEyLCJudW1iZXIiOjN9LCJmcm96ZW4iXSwibWVtb3J5Ijp7InNlZ21lbnRzIjpbMCwiQVFJPSJdLCJ2aWV3cyI6W1siVWludDhBcnJheSIsMCwwLDMwMF0sWyJVaW50OEFycmF5IiwxLDAsMl1dfX0HBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=';
  expect(pickle.load(source(Buffer.from(written, 'base64')))).toEqual([
    1,
    -0,
    undefined,
    'é',
    new Date(0),
    new Map([['a', { n: 10n }]]),
    new Uint8Array(300).fill(7),
    { x: Uint8Array.of(1, 2) },
  ]);
});
