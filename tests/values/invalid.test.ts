import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { digest } from '../../src/digest/index.js';
import { isFlecheError } from '../../src/errors.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { ValueBagOfHoldingH5File, ValuePickleFile, type ValueStorage } from '../../src/storage/index.js';
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
