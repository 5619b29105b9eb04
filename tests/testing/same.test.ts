import { describe, expect, test } from 'vitest';
import { Comparison } from '../../src/testing/comparison/comparison.js';
import { type NamedValue, ndArrays, values } from '../../src/testing/index.js';
import { assertSame } from '../../src/testing/same.js';

const all = [...values, ...ndArrays()];

describe('the corpus', () => {
  test('has several hundred values with names of their own', () => {
    expect(all.length).toBeGreaterThan(400);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    const names = new Set(all.map(({ name }) => name));
    expect(all.filter(({ sameContentAs }) => sameContentAs !== undefined && !names.has(sameContentAs))).toEqual([]);
  });

  test.each(all.filter(({ needs }) => needs !== 'impossible').map((each) => [each.name, each] as const))(
    '%s is the same as when it is made again, and passes its own check',
    (_, { make, check }: NamedValue) => {
      assertSame(make(), make());
      check?.(make());
    },
  );

  test('has no two values that are the same', () => {
    const made = all.map(({ name, make }) => ({ name, value: make() }));
    const alike: string[] = [];
    for (const [index, { name, value }] of made.entries()) {
      for (const other of made.slice(index + 1)) {
        if (new Comparison().difference(value, other.value) === undefined) alike.push(`${name} and ${other.name}`);
      }
    }
    // The memory around a view, which it does not show, does not count.
    expect(alike).toEqual(['a view with an offset and a view without an offset']);
  });
});
