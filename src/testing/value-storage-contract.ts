import assert from 'node:assert/strict';
import { digest } from '../digest/index.js';
import { isFlecheError } from '../errors.js';
import type { ValueStorage } from '../storage/types.js';
import type { ContractOptions } from './contract.js';
import { type NamedValue, ndArrays, values } from './corpus/index.js';
import { assertSame } from './same.js';
import { storageContract } from './storage-contract.js';
import { withDirectory } from './with-directory.js';

/**
 * The tests that every value storage passes. What a backend cannot do it declares in its `capabilities`, which the suite
 * reads: there are no other exceptions.
 *
 * @example
 * import { test } from 'node:test';
 * import { ValueMemory } from 'fleche/storage';
 * import { valueStorageContract } from 'fleche/testing';
 * valueStorageContract({ test, open: () => new ValueMemory() });
 */
export function valueStorageContract(options: ContractOptions<ValueStorage>): void {
  const { test, open } = options;
  storageContract<unknown, ValueStorage>(options, {
    first: { n: 42, list: [1, 'two', null] },
    second: [1.5, { deep: true }],
  });

  test('its role is values', () =>
    withDirectory(async (directory) => {
      const storage = await open(directory);
      assert.equal(storage.role, 'values');
      storage.close?.();
    }));

  // In one storage, since opening one for each of hundreds of values takes longer than all the rest.
  test('holds every value of the corpus exactly, or refuses it with the path', () =>
    withDirectory(async (directory) => {
      const storage = await open(directory);
      try {
        const failures = [...values, ...ndArrays()].flatMap((value) => {
          try {
            holdsOrRefuses(storage, value);
            return [];
          } catch (error) {
            return [`${value.name}: ${error instanceof Error ? error.message : String(error)}`];
          }
        });
        assert.deepEqual(failures, []);
      } finally {
        storage.close?.();
      }
    }));

  test('what is put and what is got share nothing', () =>
    withDirectory(async (directory) => {
      const storage = await open(directory);
      try {
        if (!storage.capabilities.retains) return;
        const key = digest('contract: isolation');
        const value = { list: [1, 2], bytes: new Uint8Array([1, 2, 3]), map: new Map([['a', [1]]]) };
        storage.put(key, value);
        value.list.push(3);
        value.bytes[0] = 9;
        value.map.get('a')?.push(2);
        const expected = { list: [1, 2], bytes: new Uint8Array([1, 2, 3]), map: new Map([['a', [1]]]) };
        const first = storage.get(key)?.value as typeof value;
        assertSame(first, expected);
        first.list.push(4);
        first.bytes[1] = 9;
        assertSame(storage.get(key)?.value, expected);
      } finally {
        storage.close?.();
      }
    }));
}

function holdsOrRefuses(storage: ValueStorage, { name, make, needs, check }: NamedValue): void {
  const key = digest(`contract: ${name}`);
  const { retains, holds } = storage.capabilities;
  const original = make();
  try {
    storage.put(key, { part: original });
  } catch (error) {
    assert.ok(rank[needs] > rank[holds], `${storage.constructor.name} declares that it holds this: ${error}`);
    assert.ok(isFlecheError(error, 'Serialization'), String(error));
    assert.ok(error.path.startsWith('.part'), `the path is ${error.path}`);
    assert.equal(storage.contains(key), false);
    return;
  }
  const hit = storage.get(key);
  assert.equal(hit !== undefined, retains);
  if (hit === undefined) return;
  const { part } = hit.value as { part: unknown };
  // What cannot be made twice the same is only the same as itself.
  assertSame(part, needs === 'impossible' ? original : make());
  check?.(part);
}

const rank = { data: 0, code: 1, everything: 2, impossible: 3 } as const;
