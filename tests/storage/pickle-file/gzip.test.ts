import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { isFlecheError } from '../../../src/errors.js';
import type { ByteSource } from '../../../src/serializers/types.js';
import { gunzipped } from '../../../src/storage/pickle-file/gunzip.js';
import { gzipped, looksGzipped, wrapped } from '../../../src/storage/pickle-file/gzip.js';

const text = Buffer.from(JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ id: i, name: `row ${i}` }))));
/** Bytes that do not shrink, always the same ones. */
const noise = Buffer.concat(
  Array.from({ length: 20_000 }, (_, i) => createHash('sha256').update(String(i)).digest()),
) as Uint8Array;

const contents: Readonly<Record<string, readonly Uint8Array[]>> = {
  'no piece': [],
  'an empty piece': [new Uint8Array(0)],
  'a byte': [Uint8Array.of(7)],
  'small pieces': [Buffer.from('hel'), Buffer.from(''), Buffer.from('lo')],
  text: [text],
  noise: [noise],
  'zeros that fill the chunks of the reader exactly': [new Uint8Array(1 << 22)],
  'all kinds in turns': [Buffer.from('head'), text, noise, text, noise.subarray(1, 200_002), Buffer.from('tail')],
  'noise at both ends': [noise, text, noise],
  'exactly as much as one stored block holds': [noise.subarray(0, 65_535 * 3)],
  'the smallest piece that is sampled': [noise.subarray(0, 65_536)],
};

const source = (bytes: Uint8Array): ByteSource => ({
  location: 'memory',
  sizeBytes: bytes.byteLength,
  read: (target, position) => target.set(bytes.subarray(position, position + target.byteLength)),
});
function unpack(file: Uint8Array): Buffer {
  const from = gunzipped(source(file));
  const bytes = Buffer.alloc(from.sizeBytes);
  // In uneven steps, so that reads begin and end anywhere in the chunks.
  for (let at = 0, step = 1; at < bytes.length; at += step, step = (step * 7) % 900_001) {
    from.read(bytes.subarray(at, at + step), at);
  }
  return bytes;
}
const reason = (file: Uint8Array): string => {
  try {
    unpack(file);
  } catch (error) {
    return isFlecheError(error, 'CorruptEntry') ? error.reason : `other: ${String(error)}`;
  }
  return 'nothing thrown';
};

describe.each(Object.entries(contents))('%s', (_, pieces) => {
  test.each([['deflated', gzipped] as const, ['wrapped', wrapped] as const])(
    'comes back when %s, from us, zlib and gzip',
    (_name, pack) => {
      const whole = Buffer.concat(pieces);
      const file = Buffer.concat(pack(pieces));
      expect(unpack(file).equals(whole)).toBe(true);
      expect(gunzipSync(file).equals(whole)).toBe(true);
      expect(execFileSync('gzip', ['-dc'], { input: file, maxBuffer: 1 << 28 }).equals(whole)).toBe(true);
    },
  );
});

test('the same pieces give the same file', () => {
  const pieces = contents['all kinds in turns'] ?? [];
  expect(Buffer.concat(gzipped(pieces)).equals(Buffer.concat(gzipped(pieces)))).toBe(true);
});

test('what shrinks is deflated, what does not is neither deflated nor copied', () => {
  const pieces = gzipped([text, noise]);
  const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  expect(size).toBeLessThan(noise.byteLength * 1.001 + text.byteLength / 4);
  const views = pieces.filter((piece) => piece.buffer === noise.buffer);
  expect(views.reduce((sum, piece) => sum + piece.byteLength, 0)).toBe(noise.byteLength);
});

test('data that shrinks in one half only is judged by samples from all over', () => {
  const half = Buffer.concat([new Uint8Array(noise.byteLength), noise]);
  const size = gzipped([half]).reduce((sum, piece) => sum + piece.byteLength, 0);
  expect(size).toBeLessThan(half.byteLength * 0.6);
});

test('files that other programs compressed are read', () => {
  expect(unpack(gzipSync(text, { level: 9 })).equals(text)).toBe(true);
  expect(unpack(execFileSync('gzip', ['-c1'], { input: text })).equals(text)).toBe(true);
});

test('a file that ends early, goes on after its end or has several members is damaged', () => {
  const file = Buffer.concat(gzipped([text, noise.subarray(0, 70_000)]));
  for (const length of [2, 10, 11, 1000, file.length - 9, file.length - 8, file.length - 4, file.length - 1]) {
    expect(reason(file.subarray(0, length)), `${length} bytes`).toMatch(/^its compression is damaged \(ends after/);
  }
  for (const more of [Uint8Array.of(0), new Uint8Array(4), new Uint8Array(400_000), Buffer.from('x'), file]) {
    expect(reason(Buffer.concat([file, more])), `${more.length} more`).toMatch(/^its compression is damaged \(/);
  }
});

test('a changed byte is noticed or makes no difference', () => {
  const whole = Buffer.concat([text.subarray(0, 3000), noise.subarray(0, 66_000)]);
  const file = Buffer.concat(gzipped([text.subarray(0, 3000), noise.subarray(0, 66_000)]));
  let noticed = 0;
  for (let at = 2; at < file.length; at += at < 1000 ? 1 : 97) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] as number) ^ (1 << (at % 8));
    const told = reason(changed);
    if (told === 'nothing thrown') expect(unpack(changed).equals(whole), `byte ${at}`).toBe(true);
    else expect(told).toMatch(/^its compression is damaged/);
    if (told !== 'nothing thrown') noticed += 1;
  }
  expect(noticed).toBeGreaterThan(1000);
});

test('gzip is told by its first two bytes, however they are cut into pieces', () => {
  const start = [0x1f, 0x8b, 8];
  expect(looksGzipped([Buffer.from(start)])).toBe(true);
  expect(looksGzipped([Buffer.from([0x1f]), Buffer.alloc(0), Buffer.from([0x8b])])).toBe(true);
  expect(looksGzipped([Buffer.from([0x1f])])).toBe(false);
  expect(looksGzipped([])).toBe(false);
  expect(looksGzipped([Buffer.from([0, 0x1f, 0x8b])])).toBe(false);
});
