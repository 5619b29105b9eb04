/** Equal values have equal digests, different values different ones: over the whole corpus and for values at random. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { D, digest } from '../../src/digest/index.js';
import { IndigestibleError } from '../../src/errors.js';
import { ndArrays, values } from '../../src/testing/index.js';
import { anything, consed, shuffled } from './rebuild.js';

const corpus = [...values, ...ndArrays()];

/** Symbols that no other process has, and what lives in the process alone. */
const withoutDigest = (name: string, needs: string): boolean =>
  needs === 'impossible' || /\bsymbol.*(of its own|description)|symbol twice|symbol as key and value/.test(name);

function digestOrRefusal(make: () => unknown): string {
  try {
    return digest(make());
  } catch (error) {
    assert.ok(error instanceof IndigestibleError, `${String(error)}`);
    return '';
  }
}

describe('over the corpus', () => {
  const digests = new Map(corpus.map(({ name, make }) => [name, digestOrRefusal(make)]));

  test.each(corpus.map((value) => [value.name, value] as const))('%s made again has the same digest', (name, value) => {
    expect(digestOrRefusal(value.make)).toBe(digests.get(name));
    if (value.needs === 'data') expect(digests.get(name)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('all pairs differ, but for those that hold the same', () => {
    const named = new Map(corpus.map((value) => [value.name, value]));
    const contentOf = (name: string): string => {
      const alike = named.get(name)?.sameContentAs;
      return alike === undefined ? name : contentOf(alike);
    };
    const byDigest = new Map<string, string>();
    const problems: string[] = [];
    for (const [name, found] of digests) {
      if (found === '') continue;
      const content = contentOf(name);
      if (content !== name && digests.get(content) !== found) problems.push(`${name} is not as ${content}`);
      const other = byDigest.get(found);
      if (other !== undefined && contentOf(other) !== content) problems.push(`${name} is as ${other}`);
      byDigest.set(found, name);
    }
    expect(problems).toEqual([]);
    expect(byDigest.size).toBeGreaterThan(400);
  });

  test('what has none says so', () => {
    const refused = corpus.filter(({ name }) => digests.get(name) === '');
    expect(
      refused.filter(({ name, needs }) => !withoutDigest(name, needs)).map(({ name }) => name),
    ).toMatchInlineSnapshot(`
      [
        "an object with the prototype of another",
        "an object made from an instance",
      ]
    `);
  });
});

describe('at random', () => {
  test('no order of insertion counts', () => {
    fc.assert(
      fc.property(anything, fc.integer(), (value, seed) => {
        expect(digest(shuffled(value, seed))).toBe(digest(value));
      }),
    );
  });

  test('it does not count who shares what', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(digest(consed([value, value]))).toBe(digest([shuffled(value, 1), shuffled(value, 2)]));
      }),
    );
  });

  test('values with one digest are equal', () => {
    const small = fc.anything({
      maxDepth: 2,
      maxKeys: 2,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withBigInt: true,
    });
    fc.assert(
      fc.property(small, small, (a, b) => {
        if (digest(a) === digest(b)) expect(a).toStrictEqual(b);
        expect(digest([a, b]) === digest([b, a])).toBe(digest(a) === digest(b));
        expect(digest([a])).not.toBe(digest(a));
        expect(digest(new Set([a]))).not.toBe(digest([a]));
        expect(digest({ a })).not.toBe(digest(new Map([['a', a]])));
      }),
      { numRuns: 500 },
    );
  });
});

test('a value that has a digest already is a leaf of its own', () => {
  const known = D(digest({ big: [1, 2, 3] }));
  expect(digest(known)).not.toBe(digest([known]));
  expect(digest([known, 1])).toBe(digest([D(known.digest), 1]));
  // A function that is given the two sees different things.
  expect(digest([known])).not.toBe(digest([{ big: [1, 2, 3] }]));
  expect(digest([known])).not.toBe(digest([known.digest]));
  expect(() => digest({ a: D('65d52a82') })).toThrow('cannot digest the short digest 65d52a82 at .a; expand it first');
});
