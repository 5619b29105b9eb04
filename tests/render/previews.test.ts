import * as np from 'numpy-ts';
import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/digest/index.js';
import { humanSize, previewValue } from '../../src/render/index.js';
import { oneLine } from '../../src/render/one-line.js';
import { shortDigests } from '../../src/render/short-digests.js';

class Point {
  x = 1;
}
const hostile = {
  [Symbol.for('nodejs.util.inspect.custom')]() {
    throw new Error('no');
  },
};
let ran = 0;
const getter = {
  get now() {
    ran += 1;
    return ran;
  },
};

describe('the preview of a value', () => {
  it.each([
    ['a number', 3, '3'],
    ['minus zero', -0, '-0'],
    ['a big integer', 5n, '5n'],
    ['a text', 'Hello, World!', "'Hello, World!'"],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a list', [1, 2, 3], '[ 1, 2, 3 ]'],
    ['a long list', Array.from({ length: 10 }, (_, i) => i), '[ 0, 1, 2, 3, 4, 5, ... 4 more items ]'],
    ['a very long list', new Array(1e6).fill(0), 'Array of 1000000'],
    [
      'very many properties',
      Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i])),
      'Object of 1000 properties',
    ],
    ['an object in an object', { a: { b: { c: 1 } } }, '{ a: { b: [Object] } }'],
    ['an instance', new Point(), 'Point { x: 1 }'],
    ['a map', new Map([['a', 1]]), "Map(1) { 'a' => 1 }"],
    ['a function', function add() {}, '[Function: add]'],
    ['a short typed array', new Float32Array([1, 2]), 'Float32Array(2) [ 1, 2 ]'],
    ['a typed array', new Float64Array(100), 'Float64Array of 100'],
    ['a line break', 'a\nb', "'a\\nb'"],
    ['an n-d array', np.ones([5, 5]), 'float64 5×5'],
    ['an array without axes', np.array(1).reshape([]), 'float64 scalar'],
    ['what throws when it is inspected', hostile, '[object]'],
    ['a getter', getter, '{ now: [Getter] }'],
  ])('%s', (_, value, expected) => {
    expect(previewValue(value)).toBe(expected);
    expect(ran).toBe(0);
  });

  it('is one line of at most the given length, whatever the value', () => {
    const preview = previewValue({ text: 'x'.repeat(1e6), more: ['😀'.repeat(100)] }, 40);
    expect([...preview]).toHaveLength(40);
    expect(preview.endsWith('…')).toBe(true);
    expect(
      previewValue(
        new (class {
          'a\n\u202eb' = 1;
        })(),
      ),
    ).not.toMatch(/[\n\u202e]/);
  });
});

describe('one line', () => {
  it.each([
    ['short', 'short'],
    ['exactly 10', 'exactly 10'],
    ['exactly 11!', 'exactly 1…'],
    ['two\r\nlines', 'two lines'],
    ['\u001b[31mred', ' [31mred'],
    ['😀😀😀😀😀😀😀😀😀😀', '😀😀😀😀😀😀😀😀😀😀'],
    ['😀😀😀😀😀😀😀😀😀😀😀', '😀😀😀😀😀😀😀😀😀…'],
  ])('of %j', (text, expected) => {
    expect(oneLine(text, 10)).toBe(expected);
  });
});

describe('a size for people', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1234, '1.2 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_949, '1000 kB'],
    [999_950, '1.0 MB'],
    [100_000_000, '100 MB'],
    [5e18, '5000 PB'],
  ])('%d bytes', (bytes, expected) => {
    expect(humanSize(bytes)).toBe(expected);
  });
});

it('short digests are 8 characters, or as many as tell them apart', () => {
  const digests = [
    '0'.repeat(64),
    `${'a'.repeat(20)}${'b'.repeat(44)}`,
    'a'.repeat(64),
    'f'.repeat(64),
  ].sort() as Digest[];
  expect([...shortDigests(digests).values()]).toEqual(['00000000', 'a'.repeat(21), `${'a'.repeat(20)}b`, 'ffffffff']);
  expect(shortDigests([])).toEqual(new Map());
});
