import assert from 'node:assert/strict';
import type { CallRecord } from '../calls/record.js';
import { digest, digestScheme } from '../digest/index.js';
import type { CallStorage } from '../storage/types.js';
import type { ContractOptions } from './contract.js';
import { storageContract } from './storage-contract.js';
import { withDirectory } from './with-directory.js';

const plain: CallRecord = {
  name: 'add',
  module: null,
  version: null,
  codeDigest: null,
  arguments: { a: digest(2), b: digest(3) },
  result: digest(5),
  metadata: {},
  scheme: digestScheme,
};

/** Records that differ in every field that can differ. */
const records: Readonly<Record<string, CallRecord>> = {
  'a plain call': plain,
  'a call with everything': {
    name: 'relax',
    module: 'my/module.ts',
    version: '1.4.0',
    codeDigest: digest('code'),
    arguments: {
      z: digest(1),
      a: digest('x'),
      _: digest(null),
      $ü: digest(undefined),
      '{a,b}': digest({ a: 1, b: 2 }),
    },
    result: digest([1, 2, 3]),
    metadata: {
      runtime: { timestart: 1795542717.6899095, walltime: 0.00042748451232910156, async: true },
      tags: { project: 'a "quoted" näme 🙂', nested: { list: [1, null, 'two', false], empty: {} }, none: null },
      empty: {},
    },
    scheme: digestScheme,
  },
  'a call whose version is a number': { ...plain, version: 3 },
  'a call whose version is a text of digits': { ...plain, version: '3' },
  'a call without arguments': { ...plain, arguments: {} },
  'a call without a result': { ...plain, result: null },
  'a call of the Python library': { ...plain, scheme: 'python' },
  'a call with a long name': { ...plain, name: 'n'.repeat(2000) },
  'a call with many arguments': {
    ...plain,
    arguments: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`argument${50 - i}`, digest(i)])),
  },
};

/**
 * The tests that every call storage passes. What a backend cannot do it declares in its `capabilities`, which the suite
 * reads: there are no other exceptions.
 *
 * @example
 * import { test } from 'node:test';
 * import { CallMemory } from 'fleche/storage';
 * import { callStorageContract } from 'fleche/testing';
 * callStorageContract({ test, open: () => new CallMemory() });
 */
export function callStorageContract(options: ContractOptions<CallStorage>): void {
  const { test, open } = options;
  storageContract(options, {
    first: plain,
    second: { ...plain, name: 'multiply', result: digest(6), metadata: { tags: { project: 'second' } } },
  });

  test('its role is calls', () =>
    withDirectory(async (directory) => {
      const storage = await open(directory);
      assert.equal(storage.role, 'calls');
      storage.close?.();
    }));

  for (const [name, record] of Object.entries(records)) {
    test(`holds exactly: ${name}`, () =>
      withDirectory(async (directory) => {
        const storage = await open(directory);
        try {
          const key = digest(name);
          storage.put(key, record);
          const hit = storage.get(key);
          assert.equal(hit !== undefined, storage.capabilities.retains);
          if (hit === undefined) return;
          assert.deepStrictEqual(JSON.parse(JSON.stringify(hit.value)), JSON.parse(JSON.stringify(record)));
          assert.deepEqual(
            Object.keys(hit.value.arguments),
            Object.keys(record.arguments),
            'the order of the arguments',
          );
        } finally {
          storage.close?.();
        }
      }));
  }
}
