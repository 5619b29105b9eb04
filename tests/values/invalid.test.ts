import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { digest } from '../../src/digest/index.js';
import { isFlecheError } from '../../src/errors.js';
import { Cache, cache, fleche } from '../../src/index.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import {
  Sql,
  ValueBagOfHoldingH5File,
  ValueMemory,
  ValuePickleFile,
  type ValueStorage,
} from '../../src/storage/index.js';
import { Comparison } from '../../src/testing/comparison/comparison.js';
import { damaged, forged } from '../../src/testing/corpus/invalid.js';
import { source } from '../serializers/bytes.js';

const root = mkdtempSync(join(tmpdir(), 'fleche-invalid-'));
afterAll(() => rmSync(root, { recursive: true }));
const key = digest('an entry');
const sample = (): unknown => ({
  list: [1, -0, 'text'],
  map: new Map([['k', new Date(5)]]),
  bytes: new Uint8Array(400).fill(7),
});

/** What is wrong with how the bytes are read: they must be told to be corrupt, or give the very value. */
function mistake(read: () => unknown): string | undefined {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    return isFlecheError(error, 'CorruptEntry') ? undefined : String(error);
  }
  return new Comparison().difference(value, sample());
}

describe.each([pickle, cloudpickle, dill])('$name', (serializer) => {
  test('tells that invalid bytes are corrupt', () => {
    const whole = Buffer.concat(serializer.dump(sample()));
    const mistakes = [...damaged(whole), ...forged()].flatMap(({ name, bytes }) => {
      const wrong = mistake(() => serializer.load(source(bytes)));
      return wrong === undefined ? [] : [`${name}: ${wrong}`];
    });
    expect(mistakes).toEqual([]);
  });
});

describe.each<[string, () => ValueStorage | Promise<ValueStorage>]>([
  ['a pickle file', () => ValuePickleFile.withPickle({ root, fsync: false })],
  ['a compressed pickle file', () => ValuePickleFile.withPickle({ root, fsync: false, compress: true })],
  ['a dill file', () => ValuePickleFile.withDill({ root, fsync: false })],
  ['an HDF5 bag', () => ValueBagOfHoldingH5File.open({ root, fsync: false })],
])('%s', (_, open) => {
  test('that is invalid is told to be corrupt, and the next put mends it', async () => {
    const storage = await open();
    const path = join(root, key);
    storage.put(key, sample());
    const whole = readFileSync(path);
    const mistakes = [...damaged(whole), ...forged()].flatMap(({ name, bytes }) => {
      writeFileSync(path, bytes);
      const wrong = mistake(() => storage.get(key)?.value);
      return wrong === undefined ? [] : [`${name}: ${wrong}`];
    });
    expect(mistakes).toEqual([]);
    storage.put(key, sample());
    expect(mistake(() => storage.get(key)?.value)).toBeUndefined();
    storage.close?.();
  });
});

test('a database of calls that is invalid is told to be, or gives right results: SQLite has no checksums', async () => {
  const path = join(root, 'calls.db');
  const values = new ValueMemory();
  const numbers = Array.from({ length: 12 }, (_, at) => at);
  const half = fleche({ name: 'half', version: 1 }, (n: number) => ({
    half: n / 2,
    n,
  }));
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const results = async (): Promise<unknown> => {
    const calls = await Sql.open({ url: `sqlite:///${path}`, durability: 'os' });
    try {
      return cache(new Cache({ values, calls }), () => numbers.map((n) => half(n)));
    } finally {
      calls.close();
    }
  };
  const expected = numbers.map((n) => ({ half: n / 2, n }));
  expect(await results()).toEqual(expected);
  const whole = readFileSync(path);
  const mistakes: string[] = [];
  for (const { name, bytes } of [...damaged(whole), ...flippedThroughout(whole, 211)]) {
    writeFileSync(path, bytes);
    try {
      const found = new Comparison().difference(await results(), expected);
      if (found !== undefined) mistakes.push(`${name}: ${found}`);
    } catch (error) {
      const isTold = ['CorruptEntry', 'Configuration', 'StorageLocked', 'Rejected'] as const;
      if (!isTold.some((tag) => isFlecheError(error, tag))) mistakes.push(`${name}: ${String(error)}`);
    }
    for (const left of ['-wal', '-journal', '-shm']) rmSync(path + left, { force: true });
  }
  warn.mockRestore();
  expect(mistakes).toEqual([]);
  rmSync(path);
  expect(await results()).toEqual(expected);
}, 240_000);

/** One bit flipped in every byte at a distance of `step` from the one before. */
function flippedThroughout(whole: Uint8Array, step: number): readonly { name: string; bytes: Uint8Array }[] {
  return Array.from({ length: Math.floor(whole.length / step) }, (_, index) => {
    const [at, bytes] = [index * step, whole.slice()];
    bytes[at] = (bytes[at] as number) ^ (1 << (index % 8));
    return { name: `a bit flipped in byte ${at}`, bytes };
  });
}
