import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { afterAll, describe, expect, test } from 'vitest';
import { digest, isFlecheError } from '../../../src/index.js';
import { ValueBagOfHoldingH5File } from '../../../src/storage/index.js';
import { assertSame } from '../../../src/testing/index.js';
import { outline } from './open-bag.js';

const root = mkdtempSync(join(tmpdir(), 'fleche-h5-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const values = await ValueBagOfHoldingH5File.open({ root, fsync: false });
const key = digest('key');

/** Stores the value, holds what comes back to being the same, and tells how it lies in the file. */
function laidOut(value: unknown): Record<string, string> {
  values.put(key, value);
  assertSame(values.get(key)?.value, value);
  return outline(join(root, key));
}

describe('what bagofholding has a type for is laid out as that', () => {
  test.each<[string, unknown, string]>([
    ['null', null, 'NoneItem f4 0'],
    ['a boolean', true, 'Bool i1'],
    ['an integer', 25, 'Long i8'],
    ['an integer as large as is exact', Number.MAX_SAFE_INTEGER, 'Long i8'],
    ['an integer beyond', 2 ** 53, 'Float f8'],
    ['1e300', 1e300, 'Float f8'],
    ['-0', -0, 'Float f8'],
    ['a fraction', 0.5, 'Float f8'],
    ['NaN', Number.NaN, 'Float f8'],
    ['a bigint', 25n, 'Long as bigint i8'],
    ['a bigint of 64 bits without sign', 2n ** 64n - 1n, 'Long as bigint u8'],
    ['a bigint beyond', 2n ** 64n, 'Long as bigint'],
    ['a bigint below', -(2n ** 63n) - 1n, 'Long as bigint'],
    ['text', 'hé', 'Str'],
    ['text that ends in blanks and begins with a byte order mark', `\ufeff${'x'.repeat(40)}  `, 'Str'],
    ['text with NUL', 'a\0b', 'Str u1 8'],
    ['text with a lone surrogate', '\udc00', 'Str u1 4'],
    ['text of more than 64 Mi units', 'x'.repeat(2 ** 26 + 1), `Str u1 ${2 ** 27 + 4}`],
    ['a Buffer', Buffer.from([1, 2]), 'Bytes as Buffer u1 2'],
    ['an empty Buffer', Buffer.alloc(0), 'Bytes as Buffer u1 0'],
    ['a typed array', new Int16Array([1, 2, 3]), 'Array as typed-array i2 3'],
    ['a clamped array', new Uint8ClampedArray([1, 300]), 'Array as typed-array u1 2'],
    ['data and shape', { data: new Float32Array(6), shape: [3, 2] }, 'Array as record f4 3x2'],
    ['data without axes', { data: new Float32Array(1), shape: [] }, 'Array as record f4'],
    ['an array without elements', { data: new Float32Array(0), shape: [3, 0] }, 'Array as record f4 3x0'],
    ['many integers', Array.from({ length: 101 }, (_, i) => i - 50), 'Array as list i8 101'],
    ['many numbers', [-0, ...Array.from({ length: 100 }, () => 0.5)], 'Array as list f8 101'],
  ])('%s', (_, value, expected) => {
    expect(laidOut(value)).toEqual({ object: expected });
  });

  test('lists and dictionaries of such', () => {
    expect(laidOut({ b: [1, 'x', []], a: {} })).toEqual({
      object: 'StrKeyDict',
      'object/a': 'StrKeyDict',
      'object/b': 'List',
      'object/b/i0': 'Long i8',
      'object/b/i1': 'Str',
      'object/b/i2': 'List',
    });
    expect(laidOut({ 'a/b': 1, '': 2 })).toEqual({
      object: 'Dict',
      'object/keys': 'Tuple',
      'object/keys/i0': 'Str',
      'object/keys/i1': 'Str',
      'object/values': 'Tuple',
      'object/values/i0': 'Long i8',
      'object/values/i1': 'Long i8',
    });
    expect(laidOut(Object.fromEntries(['.', 'ü', 'a\0', 'a'].map((name) => [name, 1]))).object).toBe('Dict');
    expect(laidOut(Object.fromEntries(['..', ' ', '.a', '~', '\x7f', '10', '9'].map((name) => [name, 1]))).object).toBe(
      'StrKeyDict',
    );
  });

  test('n-d arrays of libraries, complex numbers as h5py knows them', async () => {
    const np = await import('numpy-ts');
    const stored = {
      real: ndarray(new Float64Array([1, 2, 3, 4, 5, 6]), [2, 3]).transpose(1, 0),
      made: np.ones([2, 2]),
    };
    values.put(key, { ...stored, complex: np.zeros([2], 'complex64'), bool: np.ones([3], 'bool') });
    expect(outline(join(root, key))).toEqual({
      object: 'StrKeyDict',
      'object/bool': 'Array as numpy-ts u1 3',
      'object/complex': 'Array as numpy-ts c8 2',
      'object/made': 'Array as numpy-ts f8 2x2',
      'object/real': 'Array as ndarray f8 3x2',
    });
    const back = values.get(key)?.value as typeof stored;
    expect([back.real.get(2, 1), back.real.shape, back.made.sum()]).toEqual([6, [3, 2], 4]);
  });
});

describe('what it has none for is one marked item', () => {
  test('the smallest part that holds it', () => {
    expect(laidOut({ when: new Date(5), map: new Map([['a', [new Uint8Array(1000)]]]), list: [undefined, 1] })).toEqual(
      {
        object: 'StrKeyDict',
        'object/list': 'List',
        'object/list/i0': 'List as graph-1',
        'object/list/i0/i0': 'Str',
        'object/list/i1': 'Long i8',
        'object/map': 'List as graph-1',
        'object/map/i0': 'Str',
        'object/map/i1': 'Array as typed-array u1 1000',
        'object/when': 'List as graph-1',
        'object/when/i0': 'Str',
      },
    );
  });

  test('objects that are not quite plain', () => {
    for (const value of [
      new Array<number>(3),
      Object.assign(new Array<number>(3), { 0: 1, 2: 2 }),
      Object.create(null) as object,
      new Float32Array(4).subarray(1),
      Object.assign([1, 2], { note: 3 }),
      Object.freeze({ a: 1 }),
    ]) {
      expect(laidOut([value])['object/i0']).toBe('List as graph-1');
    }
  });

  test('an object that nests too deep, or a part of it', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200; i += 1) deep = [deep];
    const names = Object.keys(laidOut({ deep, flat: 1 }));
    expect(names).toContain('object/flat');
    expect(names.length).toBeLessThan(70);
  });

  test('a part of too many objects; its siblings stay', () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ id: i, name: `row ${i}` }));
    expect(laidOut({ rows, title: 'x', few: rows.slice(0, 2).map((row) => ({ ...row })) })).toEqual({
      object: 'StrKeyDict',
      'object/few': 'List',
      'object/few/i0': 'StrKeyDict',
      'object/few/i0/id': 'Long i8',
      'object/few/i0/name': 'Str',
      'object/few/i1': 'StrKeyDict',
      'object/few/i1/id': 'Long i8',
      'object/few/i1/name': 'Str',
      'object/rows': 'List as graph-1',
      'object/rows/i0': 'Str',
      'object/title': 'Str',
    });
    expect(laidOut(Object.fromEntries(rows.map((row, i) => [`key${i}`, row])))).toEqual({
      object: 'List as graph-1',
      'object/i0': 'Str',
    });
  });
});

describe('what is shared', () => {
  test('is a reference where a bag can have one', () => {
    const list = [1];
    const array = new Float64Array(3);
    const many = Array.from({ length: 200 }, () => 1);
    const map = new Map();
    expect(laidOut({ list, array, many, map, again: [list, array, many, map] })).toMatchObject({
      'object/again/i0': 'Reference',
      'object/again/i1': 'Reference',
      'object/again/i2': 'Reference',
      'object/again/i3': 'Reference',
    });
  });

  test('with a part that is no item of its own makes the whole one', () => {
    const list = [1];
    const array = new Float64Array(3);
    const shape = [3];
    const rows = Array.from({ length: 500 }, (_, i) => ({ id: i, list }));
    for (const value of [
      { list, map: new Map([['list', list]]) },
      { map: new Map([['list', list]]), list },
      { array, buffer: array.buffer },
      { array, bytes: new Uint8Array(array.buffer) },
      { array, record: { data: array, shape } },
      { record: { data: array, shape }, other: { data: new Float32Array(3), shape } },
      { rows, list },
      { rows, row: rows[0] },
      [new Set([list]), new Set([list])],
    ]) {
      expect(laidOut(value).object).toBe('List as graph-1');
    }
  });

  test('over and over costs no more than once', () => {
    let shared: unknown[] = [];
    for (let i = 0; i < 50; i += 1) shared = [shared, shared];
    values.put(key, shared);
    let back = values.get(key)?.value as unknown[];
    for (let i = 0; i < 50; i += 1) {
      expect(back[0] === back[1]).toBe(true);
      back = back[0] as unknown[];
    }
    expect(back).toEqual([]);
  });

  test('in a circle makes the whole one', () => {
    const node: Record<string, unknown> = { name: 'x', list: [] };
    (node.list as unknown[]).push(node);
    expect(laidOut(node)).toEqual({ object: 'List as graph-1', 'object/i0': 'Str' });
  });
});

describe('what is refused', () => {
  function refusal(value: unknown): string {
    try {
      values.put(digest('refused'), value);
      values.evict(digest('refused'));
      return 'nothing';
    } catch (error) {
      expect(values.contains(digest('refused'))).toBe(false);
      return isFlecheError(error) ? `${error.tag}: ${error.message}` : String(error);
    }
  }

  test('is what pickle refuses, with its path', () => {
    expect(refusal({ a: [1, { f: () => 1 }] })).toBe(
      'Serialization: cannot store in ValueBagOfHoldingH5File a function at .a[1].f; cloudpickle can',
    );
    expect(refusal({ m: new Map([['k', [new WeakMap()]]]) })).toMatch(/a WeakMap at \.m\.get\("k"\)\[0\]/);
    expect(refusal(Object.defineProperty({}, 'x', { get: () => 1, enumerable: true }))).toMatch(/^Serialization: /);
    expect(refusal(new Proxy({}, {}))).toMatch(/^Serialization: /);
  });

  test('is an array that h5wasm could not read back', () => {
    // Never touched, so the system gives no memory for it.
    expect(refusal({ data: { big: new Uint8Array(2 ** 30 + 1) } })).toBe(
      'Serialization: cannot store in ValueBagOfHoldingH5File 1073741825 bytes in one piece at .data.big; ' +
        'h5wasm can hold at most 1073741824; a ValuePickleFile can hold more',
    );
  });
});

test('compression makes arrays smaller, and is read by whoever opens the file', async () => {
  const compressed = await ValueBagOfHoldingH5File.open({ root, compression: 9, fsync: false });
  const value = { data: Float64Array.from({ length: 300_000 }, (_, i) => i % 10), shape: [3, 1000, 100] };
  values.put(digest('plain'), value);
  compressed.put(key, value);
  assertSame(values.get(key)?.value, value);
  expect(compressed.sizeBytes(key)).toBeLessThan((values.sizeBytes(digest('plain')) as number) / 20);
});

test('every file says its version and ends in the seal', () => {
  values.put(key, 1);
  const bytes = readFileSync(join(root, key));
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89HDF\r\n\x1a\n');
  expect(bytes.subarray(-24, -12).toString('latin1')).toBe('flecheH5\x01\0\0\0');
  expect(bytes.readBigUInt64LE(bytes.length - 12)).toBe(BigInt(bytes.length - 24));
});
