/** A cache of two storages, without a function in front of it. */
import { describe, expect, test } from 'vitest';
import { Cache, D, digest } from '../../src/index.js';
import { CallMemory, CallVoid, ValueMemory, ValueVoid } from '../../src/storage/index.js';
import { fresh } from './support.js';

describe('Cache', () => {
  test('refuses a storage in the wrong role', () => {
    expect(() => new Cache({ values: new CallMemory() as never, calls: new CallMemory() })).toThrow(
      'CallMemory holds calls only: it cannot be the values of a cache',
    );
    expect(() => new Cache({ values: new ValueMemory(), calls: new ValueVoid() as never })).toThrow(
      /ValueVoid holds values only/,
    );
    expect(() => new Cache({ calls: new CallVoid() } as never)).toThrow(/must be a storage of values, not undefined/);
  });

  test('saves, loads lazily, contains, evicts', () => {
    const c = fresh();
    const key = c.save({ name: 'add', arguments: { a: 2, b: [3] }, result: { sum: 5 }, metadata: { tags: { p: 1 } } });
    const call = c.load(key.slice(0, 6));
    expect([call.key, call.name, call.result, call.arguments, call.metadata]).toEqual([
      key,
      'add',
      { sum: 5 },
      { a: 2, b: [3] },
      { tags: { p: 1 } },
    ]);
    expect(c.contains(key)).toBe(true);
    expect(c.loadValue(D(digest([3])))).toEqual([3]);
    expect([c.evict(key), c.evict(key), c.contains(key)]).toEqual([true, false, false]);
    expect(() => c.load(key)).toThrow(/no call has the digest/);
  });

  test('seals the key before the body can change the arguments', () => {
    const c = fresh();
    const list = [1];
    const prepared = c.prepare({ name: 'f', arguments: { list } });
    list.push(2);
    prepared.commit('done');
    expect(c.load(prepared.key).arguments).toEqual({ list: [1] });
  });

  test('expands and shrinks digests', () => {
    const c = fresh();
    for (let i = 0; i < 3000; i += 1) c.values.put(digest(i), i);
    const full = digest(77);
    const short = c.shrink(full);
    expect(short.length).toBeGreaterThanOrEqual(4);
    expect(c.expand(short)).toBe(full);
    const keys = [...c.values.list()].map((key) => key.slice(0, 4));
    const twice = keys.find((key, i) => keys.indexOf(key) !== i) as string;
    expect(() => c.expand(twice)).toThrow(/fits \d entries; give at least [5-9] characters/);
    expect(() => c.expand('abc')).toThrow(/64 hexadecimal characters or the first 4/);
  });
});
