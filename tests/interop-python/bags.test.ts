import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import * as np from 'numpy-ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Digest } from '../../src/digest/index.js';
import { describeNdArray } from '../../src/internal/nd-array.js';
import { ValueBagOfHoldingH5File } from '../../src/storage/index.js';
import { assertSame } from '../../src/testing/index.js';

const python = process.env.FLECHE_PYTHON;
const hasH5dump = spawnSync('h5dump', ['--version']).status === 0;
// In hooks, which do not run where all tests are skipped.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleche-interop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keyOf = (number: number): Digest => number.toString(16).padStart(64, '0') as Digest;

function run(script: string, directory: string): string {
  const file = join(import.meta.dirname, script);
  return execFileSync(python as string, [file, directory], { encoding: 'utf8', maxBuffer: 1 << 26 });
}

const int = (value: number | bigint): unknown => ({ type: 'int', repr: String(value) });
const float = (repr: string): unknown => ({ type: 'float', repr });
const str = (text: string): unknown => ({ type: 'str', units: Buffer.from(text, 'utf16le').toString('hex') });
const list = (...items: unknown[]): unknown => ({ type: 'list', items });
const dict = (items: Record<string, unknown>): unknown => ({
  type: 'dict',
  items: Object.entries(items).map(([key, item]) => [str(key), item]),
});
const array = (dtype: string, shape: number[], elements: unknown[]): unknown => ({
  type: 'ndarray',
  dtype,
  shape,
  elements,
});

/** What JavaScript stores, and what Python sees. */
const cases: readonly [string, unknown, unknown][] = [
  ['null', null, null],
  ['booleans', [true, false], list(true, false)],
  [
    'integers',
    [25, -1, 2 ** 53 - 1, 5n, 2n ** 64n - 1n, -(2n ** 80n)],
    list(int(25), int(-1), int(2 ** 53 - 1), int(5), int(2n ** 64n - 1n), int(-(2n ** 80n))),
  ],
  [
    'floats',
    [0.1, -0, 1e300, 2 ** 53, Number.NaN, -Infinity],
    list(float('0.1'), float('-0.0'), float('1e+300'), float('9007199254740992.0'), float('nan'), float('-inf')),
  ],
  [
    'texts',
    ['', 'hé🙂', 'a\0b', 'x\ud800', `\ufeff${'y'.repeat(40)}`, ' z '],
    list(str(''), str('hé🙂'), str('a\0b'), str('x\ud800'), str(`\ufeff${'y'.repeat(40)}`), str(' z ')),
  ],
  [
    'a Buffer',
    [Buffer.from([0, 255]), Buffer.alloc(0)],
    list({ type: 'bytes', hex: '00ff' }, { type: 'bytes', hex: '' }),
  ],
  ['a dictionary', { a: 1, b: { c: [] } }, dict({ a: int(1), b: dict({ c: list() }) })],
  ['keys that HDF5 has no names for', { 'x/y': 1, ü: 2, '': 3 }, dict({ 'x/y': int(1), ü: int(2), '': int(3) })],
  [
    'typed arrays',
    [new Uint8Array([1, 2]), new BigInt64Array([-1n]), new Float32Array([0.5])],
    list(array('uint8', [2], [1, 2]), array('int64', [1], [-1]), array('float32', [1], ['0.5'])),
  ],
  [
    'data and shape',
    { data: new Float64Array([1, 2, 3, 4, 5, 6]), shape: [3, 2] },
    array('float64', [3, 2], ['1.0', '2.0', '3.0', '4.0', '5.0', '6.0']),
  ],
  [
    'an array of ndarray',
    ndarray(new Int16Array([1, 2, 3, 4]), [2, 2]).transpose(1, 0),
    array('int16', [2, 2], [1, 3, 2, 4]),
  ],
  ['an array of numpy-ts', np.ones([5, 5]), array('float64', [5, 5], new Array(25).fill('1.0'))],
  ['complex numbers', np.zeros([2], 'complex64'), array('complex64', [2], ['0.0', '0.0', '0.0', '0.0'])],
  ['an array without elements', np.zeros([0, 3]), array('float64', [0, 3], [])],
  [
    'a long list of integers',
    Array.from({ length: 101 }, (_, i) => i),
    array(
      'int64',
      [101],
      Array.from({ length: 101 }, (_, i) => i),
    ),
  ],
];

describe.skipIf(python === undefined)('bags that fleche wrote, in Python (FLECHE_PYTHON names the interpreter)', () => {
  let root: string;
  let seen: Record<string, { value: unknown; names: string[]; same?: boolean }> = {};
  beforeAll(async () => {
    root = join(folder, 'ours');
    const values = await ValueBagOfHoldingH5File.open({ root });
    const compressed = await ValueBagOfHoldingH5File.open({ root, compression: 4 });
    for (const [number, [, value]] of cases.entries()) values.put(keyOf(number), value);
    const shared = [1];
    values.put(keyOf(100), { first: shared, second: shared });
    values.put(keyOf(101), [new Date(5), new Map([['a', new Uint8Array(2000)]]), undefined]);
    compressed.put(keyOf(102), { data: new Float64Array(5000).fill(2), shape: [50, 100] });
    seen = JSON.parse(run('read_bags.py', root));
  });

  test.each(cases.map(([name, , expected], number) => [name, expected, number] as const))(
    '%s',
    (_, expected, number) => {
      expect(seen[keyOf(number)]?.value).toEqual(expected);
    },
  );

  test('a shared list is one list', () => {
    expect(seen[keyOf(100)]?.same).toBe(true);
  });

  test('what Python has no type for is a list that starts with a text', () => {
    const { value, names } = seen[keyOf(101)] as { value: { items: { items: { type: string }[] }[] }; names: string[] };
    expect(value.items.map(({ items }) => items.map(({ type }) => type))).toEqual([
      ['str'],
      ['str', 'ndarray'],
      ['str'],
    ]);
    expect(names).toContain('object/i1/i1');
  });

  test('a compressed array', () => {
    expect(seen[keyOf(102)]?.value).toEqual(array('float64', [50, 100], new Array(5000).fill('2.0')));
  });

  test.skipIf(!hasH5dump)('h5dump opens them all', () => {
    const files = Object.keys(seen);
    expect(files.length).toBe(cases.length + 3);
    for (const file of files) {
      expect(execFileSync('h5dump', ['-A', join(root, file)], { encoding: 'utf8' })).toContain('bagofholding');
    }
  });
});

describe.skipIf(python === undefined)('bags that Python wrote just now, in fleche', () => {
  let values: ValueBagOfHoldingH5File;
  beforeAll(async () => {
    const root = mkdtempSync(join(folder, 'theirs-'));
    run('write_bags.py', root);
    values = await ValueBagOfHoldingH5File.open({ root });
  });
  const value = (number: number): unknown => values.get(keyOf(number))?.value;
  const seenArray = (found: unknown): unknown => {
    const described = describeNdArray(found as object);
    return [described?.dtype, described?.shape, ...((described?.elements() ?? []) as Iterable<unknown>)];
  };

  test('plain values', () => {
    assertSame(value(0), {
      a: [1, 'x'],
      b: [1, 2.5, null, true],
      big: 2n ** 70n,
      bytes: new Uint8Array([0, 255]),
      text: 'hé🙂\ufeff',
    });
    assertSame(
      value(1),
      new Map<unknown, unknown>([
        [1, 'one'],
        [[2, 3], { deep: [] }],
      ]),
    );
    assertSame(value(6), [0.1, -3, true, 1.5, 2n ** 63n]);
    const shared = [1, 2];
    assertSame(value(7), [shared, shared]);
    const { a, b } = value(8) as { a: unknown; b: unknown };
    expect(seenArray(a)).toEqual(['float64', [0, 3]]);
    assertSame(b, { ['x'.repeat(300)]: 'y'.repeat(100_000) });
  });

  test('arrays', () => {
    expect(seenArray(value(2))).toEqual(['int16', [2, 3], 0, 1, 2, 3, 4, 5]);
    expect(seenArray(value(3))).toEqual(['complex64', [1, 2], 1, 2, 3, -4]);
    expect(seenArray(value(4))).toEqual(['bool', [2], 1, 0]);
    expect(seenArray(value(5))).toEqual(['float16', [5], 1.5, -0, Infinity, Number.NaN, 2 ** -24]);
  });
});
