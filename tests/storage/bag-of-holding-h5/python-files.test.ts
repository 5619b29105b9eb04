import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/digest/index.js';
import { digest } from '../../../src/index.js';
import { describeNdArray } from '../../../src/internal/nd-array.js';
import { ValueBagOfHoldingH5File } from '../../../src/storage/index.js';
import { assertSame } from '../../../src/testing/index.js';
import { readPart } from './open-bag.js';

const fixtures = fileURLToPath(new URL('../../fixtures/python-bags', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'fleche-h5-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
cpSync(join(fixtures, 'per-key'), root, { recursive: true });
const values = await ValueBagOfHoldingH5File.open({ root });

/** What a bag of Python's holds. */
function read(name: string): unknown {
  copyFileSync(join(fixtures, `python-bag-${name}.h5`), join(root, digest(name)));
  return values.get(digest(name))?.value;
}

/** An array as plain data. */
function plain(array: unknown): { dtype: string; shape: readonly number[]; elements: unknown[] } {
  const described = describeNdArray(array as object);
  if (described === undefined) throw new Error(`no array: ${String(array)}`);
  const { dtype, shape } = described;
  return { dtype, shape, elements: [...(described.elements() as Iterable<unknown>)] };
}

describe('a cache that the Python library wrote', () => {
  test('lists its entries', () => {
    const keys = [...values.list()].filter((key) => key.startsWith('5') || key.startsWith('1'));
    expect(keys.sort()).toEqual([
      '183708770a6459111eb4effccefdb31bac94cee07d7ea356d8e99b08b8551bcf',
      '567214852fbd65b973ef237da9a64e24df6a52397224ae1f22560aa7abd8d3fc',
      '5b07a837d91d67764109c11fb912c9b91b4e9d9d4c909fca542e5fbe39ddc244',
    ]);
  });

  test.each<[string, unknown]>([
    ['34aab093193789fb98402f4b1361527a46955421334bf7a26e9fed6009ed37ef', null],
    ['403da89dfa64303a3f9316800c8730969161176f43813d2b26d5b636b19fd25b', { b: true }],
    ['567214852fbd65b973ef237da9a64e24df6a52397224ae1f22560aa7abd8d3fc', 'Hello'],
    ['5b07a837d91d67764109c11fb912c9b91b4e9d9d4c909fca542e5fbe39ddc244', 5],
    // Split by Python into entries of their own.
    ['79f29bc9c940b8f2f33728ecedc4fca81ccd708b653aa21ce77566ddecd50d52', [1, [2.5, null]]],
    ['c303609f85a3f56d07ffdb95171acd44ee97a6f2bb617425ccced492e63b46f6', { a: { b: true } }],
  ])('gives the value under %s', (key, value) => {
    assertSame(values.get(key as Digest)?.value, value);
  });

  test('gives its array as one of numpy-ts', () => {
    const hit = values.get('183708770a6459111eb4effccefdb31bac94cee07d7ea356d8e99b08b8551bcf' as Digest);
    expect(plain(hit?.value)).toEqual({ dtype: 'float64', shape: [5, 5], elements: new Array(25).fill(1) });
  });

  test('says what is missing when a part is', () => {
    values.evict('b147068cb866a701af21bc190785e58f469a9f3129ff4d06702d649272917698' as Digest);
    expect(() => values.get('79f29bc9c940b8f2f33728ecedc4fca81ccd708b653aa21ce77566ddecd50d52' as Digest)).toThrow(
      /its part b147068cb866\w+ is not stored beside it/,
    );
  });
});

describe('bags that Python wrote', () => {
  test('of every builtin type', () => {
    const { array, ...rest } = read('nested') as Record<string, unknown>;
    expect(plain(array)).toEqual({ dtype: 'int64', shape: [2, 3], elements: [0n, 1n, 2n, 3n, 4n, 5n] });
    assertSame(rest, {
      big: 2n ** 70n,
      bytearray: new TextEncoder().encode('xyz'),
      bytes: new Uint8Array([0, 255]),
      complex: { re: 1, im: -2.5 },
      dict: new Map<unknown, unknown>([
        [1, 'one'],
        [[2, 3], 'pair'],
        ['', 0],
      ]),
      empty_bytes: new Uint8Array(0),
      empty_dict: {},
      empty_list: [],
      empty_text: '',
      false: false,
      float: 1.5,
      frozenset: new Set(['a']),
      int: 42,
      list: [1, [2, ['three']], []],
      nan: Number.NaN,
      neg: -1,
      none: null,
      set: new Set([1, 2]),
      text: 'hé🙂',
      true: true,
      tuple: [1, 'a', null],
      u64: 2n ** 63n,
    });
  });

  test('with references', () => {
    const list = [1, 2];
    const empty: unknown[] = [];
    assertSame(read('references'), { a: list, b: { again: list }, c: [empty, empty] });
    const [first, second] = read('shared') as unknown[];
    expect(first).toBe(second);
    expect(plain(first)).toEqual({ dtype: 'float64', shape: [4], elements: [0, 1, 2, 3] });
  });

  test('of texts', () => {
    const text = read('text') as Record<string, unknown>;
    assertSame(text, {
      astral: '🙂𝔘',
      bytes_nul: new Uint8Array(2),
      empty: '',
      long: 'x'.repeat((text.long as string).length),
      newline: 'a\nb',
      surrogate: 'a\ud800',
    });
    expect((text.long as string).length).toBeGreaterThan(200);
  });

  test('of arrays of every type', () => {
    const array = (name: string): unknown => plain(readPart(join(fixtures, 'python-bag-dtypes.h5'), `object/${name}`));
    for (const dtype of [
      'int8',
      'int16',
      'int32',
      'uint8',
      'uint16',
      'uint32',
      'float16',
      'float32',
      'float64',
      'bool',
    ]) {
      expect(array(dtype)).toEqual({ dtype, shape: [3], elements: [0, 1, 1] });
    }
    for (const dtype of ['int64', 'uint64'])
      expect(array(dtype)).toEqual({ dtype, shape: [3], elements: [0n, 1n, 1n] });
    for (const dtype of ['complex64', 'complex128']) {
      expect(array(dtype)).toEqual({ dtype, shape: [3], elements: [0, 0, 1, 0, 1, 0] });
    }
    expect(array('big_endian')).toEqual({ dtype: 'int32', shape: [3], elements: [1, 2, 3] });
    expect(array('fortran')).toEqual({ dtype: 'float64', shape: [2, 3], elements: [0, 1, 2, 3, 4, 5] });
    expect(array('empty')).toEqual({ dtype: 'float64', shape: [0, 3], elements: [] });
  });

  test('of NumPy numbers', () => {
    const number = (name: string): unknown => readPart(join(fixtures, 'python-bag-dtypes.h5'), `object/${name}`);
    expect([number('scalar_f8'), number('scalar_i4')]).toEqual([1.5, 7]);
  });

  test('of what JavaScript has no kind for say so', () => {
    expect(() => read('dtypes')).toThrow(/is corrupt: object\/text is an instance of Python's numpy.ndarray/);
    expect(() => read('reducible')).toThrow(/is an instance of Python's \w+\.\w+, which JavaScript has no kind for/);
  });
});
