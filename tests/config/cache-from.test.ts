import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { besideEachOther, type CacheSpec, cacheFrom, sqlWithValues } from '../../src/config/index.js';
import { withDirectory } from '../../src/testing/with-directory.js';

type Made = (root: string) => CacheSpec;
const kinds: readonly (readonly [string, string, string, Made])[] = [
  ['pickle', 'ValuePickleFile', 'CallPickleFile', (root) => besideEachOther('pickle', root)],
  ['cloudpickle', 'ValuePickleFile', 'CallPickleFile', (root) => besideEachOther('cloudpickle', root)],
  ['dill', 'ValuePickleFile', 'CallPickleFile', (root) => besideEachOther('dill', root)],
  ['h5', 'ValueBagOfHoldingH5File', 'CallBagOfHoldingH5File', (root) => besideEachOther('h5', root)],
  ['sql', 'ValuePickleFile', 'Sql', (root) => sqlWithValues(join(root, 'calls.db'))],
  [
    'a mixture',
    'ValueBagOfHoldingH5File',
    'Sql',
    (root) => ({
      values: { kind: 'h5', root: join(root, 'values') },
      calls: { kind: 'sql', url: `sqlite:///${join(root, 'calls.db')}` },
    }),
  ],
];

const call = { name: 'add', arguments: { a: 2, b: 3 }, result: 5 };

describe.each(kinds)('a cache of the kind %s', (_, values, calls, spec) => {
  it('is what it says, and finds again what it stored', () =>
    withDirectory(async (root) => {
      const first = await cacheFrom(spec(root));
      expect(first.values.constructor.name).toBe(values);
      expect(first.calls.constructor.name).toBe(calls);
      const key = first.save(call);
      first.close();
      const second = await cacheFrom(spec(root));
      expect(second.load(key).result).toBe(5);
      second.close();
    }));
});

it('compressed files are gzip', () =>
  withDirectory(async (root) => {
    (await cacheFrom(besideEachOther('pickle', root, { compress: true }))).save(call);
    for (const directory of ['values', 'calls']) {
      for (const name of readdirSync(join(root, directory))) {
        expect([...readFileSync(join(root, directory, name)).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
      }
    }
  }));

it('a memory is the same each time', async () => {
  const spec: CacheSpec = { values: { kind: 'memory' }, calls: { kind: 'memory' } };
  const key = (await cacheFrom(spec)).save(call);
  expect((await cacheFrom(spec)).load(key).result).toBe(5);
});

it('void keeps nothing', async () => {
  const nothing = await cacheFrom({ values: { kind: 'void' }, calls: { kind: 'void' } });
  expect(nothing.contains(nothing.save(call))).toBe(false);
});

it('what is refused leaves nothing behind', () =>
  withDirectory(async (root) => {
    const spec = { values: { kind: 'pickle', root: join(root, 'values') }, calls: { kind: 'nope' } };
    await expect(cacheFrom(spec as unknown as CacheSpec)).rejects.toThrow('"nope"');
    expect(existsSync(join(root, 'values'))).toBe(false);
  }));
