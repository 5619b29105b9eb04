/** What holds for every storage, whatever it stores. */
import assert from 'node:assert/strict';
import { type Digest, digest } from '../digest/index.js';
import type { Storage } from '../storage/types.js';
import type { ContractOptions } from './contract.js';
import { withDirectory } from './with-directory.js';

/** Two different entries that the storage takes, for the laws that do not depend on what they are. */
export interface Samples<T> {
  readonly first: T;
  readonly second: T;
}

export function storageContract<T, S extends Storage<T>>(options: ContractOptions<S>, samples: Samples<T>): void {
  const { test, open } = options;
  const [a, b] = [digest('contract: a'), digest('contract: b')];

  /** A test with an open storage, which is closed afterwards also when the test fails. */
  const withStorage = (name: string, body: (storage: S, directory: string) => Promise<void> | void): void => {
    test(name, () =>
      withDirectory(async (directory) => {
        const storage = await open(directory);
        try {
          await body(storage, directory);
        } finally {
          storage.close?.();
        }
      }),
    );
  };
  const sorted = (keys: Iterable<Digest>): Digest[] => [...keys].sort();

  withStorage('an empty storage holds nothing', (storage) => {
    assert.equal(storage.get(a), undefined);
    assert.equal(storage.contains(a), false);
    assert.equal(storage.evict(a), false);
    assert.deepEqual([...storage.list()], []);
    assert.equal(storage.sizeBytes?.(a), undefined);
  });

  withStorage('what is put is found, when the storage retains', (storage) => {
    storage.put(a, samples.first);
    const { retains } = storage.capabilities;
    assert.equal(storage.contains(a), retains);
    assert.equal(storage.contains(b), false);
    assert.deepEqual(storage.get(a), retains ? { value: samples.first } : undefined);
    assert.deepEqual([...storage.list()], retains ? [a] : []);
  });

  withStorage('a second put replaces the first', (storage) => {
    storage.put(a, samples.first);
    storage.put(a, samples.second);
    assert.deepEqual(storage.get(a), storage.capabilities.retains ? { value: samples.second } : undefined);
    assert.deepEqual([...storage.list()].length, storage.capabilities.retains ? 1 : 0);
  });

  withStorage('entries do not touch one another, and eviction removes one', (storage) => {
    const { retains } = storage.capabilities;
    storage.put(a, samples.first);
    storage.put(b, samples.second);
    assert.deepEqual(sorted(storage.list()), retains ? sorted([a, b]) : []);
    assert.equal(storage.evict(a), retains);
    assert.equal(storage.evict(a), false);
    assert.equal(storage.get(a), undefined);
    assert.deepEqual(storage.get(b), retains ? { value: samples.second } : undefined);
    assert.deepEqual([...storage.list()], retains ? [b] : []);
  });

  withStorage('listing while entries come and go gives each entry at most once', (storage) => {
    const keys = Array.from({ length: 20 }, (_, i) => digest(`contract: ${i}`));
    for (const key of keys) storage.put(key, samples.first);
    const seen: Digest[] = [];
    for (const key of storage.list()) {
      seen.push(key);
      storage.evict(key);
    }
    assert.equal(new Set(seen).size, seen.length);
    assert.deepEqual(sorted(seen), storage.capabilities.retains ? sorted(keys) : []);
    assert.deepEqual([...storage.list()], []);
  });

  withStorage('a prefix finds exactly the entries that start with it', (storage) => {
    if (storage.startingWith === undefined) return;
    const keys = Array.from({ length: 40 }, (_, i) => digest(`contract: prefix ${i}`));
    for (const key of keys) storage.put(key, samples.first);
    for (const length of [1, 2, 3, 8, 64]) {
      const prefix = (keys[7] as Digest).slice(0, length);
      const expected = storage.capabilities.retains ? keys.filter((key) => key.startsWith(prefix)) : [];
      assert.deepEqual(sorted(storage.startingWith(prefix)), sorted(expected));
    }
  });

  withStorage('sizes are positive where they are known', (storage) => {
    storage.put(a, samples.first);
    const size = storage.sizeBytes?.(a);
    if (size !== undefined) assert.ok(Number.isInteger(size) && size > 0, `size ${size}`);
  });

  withStorage('the location is a text that says where', (storage) => {
    assert.ok(storage.location.length > 0);
  });

  withStorage('a persistent storage keeps its entries when it is opened again', async (storage, directory) => {
    if (!storage.capabilities.persistent) return;
    storage.put(a, samples.first);
    storage.put(b, samples.second);
    storage.close?.();
    const again = await open(directory);
    try {
      assert.deepEqual(sorted(again.list()), sorted([a, b]));
      assert.deepEqual(again.get(b), { value: samples.second });
      assert.equal(again.evict(a), true);
    } finally {
      again.close?.();
    }
  });

  withStorage('two open storages of one place see each other at once', async (storage, directory) => {
    if (!storage.capabilities.persistent || !storage.capabilities.sharedByProcesses) return;
    const other = await open(directory);
    try {
      storage.put(a, samples.first);
      assert.deepEqual(other.get(a), { value: samples.first });
      other.put(b, samples.second);
      assert.deepEqual(sorted(storage.list()), sorted([a, b]));
      assert.equal(other.evict(a), true);
      assert.equal(storage.get(a), undefined);
    } finally {
      other.close?.();
    }
  });
}
