import { describe, expect, test } from 'vitest';
import { pickle } from '../../src/serializers/index.js';
import { roundTrip } from './bytes.js';

interface Chain {
  [key: string]: unknown;
}

describe('shared parts and circles', () => {
  test('what was one is one again', () => {
    const shared = { n: 1 };
    const bytes = new Uint8Array(1000);
    const back = roundTrip(pickle, { a: shared, b: [shared, new Map([[shared, shared]])], c: bytes, d: bytes });
    expect(back.b[0]).toBe(back.a);
    expect((back.b[1] as Map<unknown, unknown>).get(back.a)).toBe(back.a);
    expect(back.c).toBe(back.d);
  });

  test('circles through every container', () => {
    const value: Chain = { array: [], map: new Map(), set: new Set(), error: new Error('x'), boxed: Object(1) };
    (value.array as unknown[]).push(value);
    (value.map as Map<unknown, unknown>).set(value, value.map);
    (value.set as Set<unknown>).add(value.set).add(value);
    (value.error as Error).cause = value.error;
    Object.assign(value.boxed as object, { value });
    const frozen = Object.freeze({ value });
    value.frozen = frozen;
    const back = roundTrip(pickle, value);
    expect((back.array as unknown[])[0]).toBe(back);
    expect((back.map as Map<unknown, unknown>).get(back)).toBe(back.map);
    expect([...(back.set as Set<unknown>)]).toEqual([back.set, back]);
    expect((back.set as Set<unknown>).has(back)).toBe(true);
    expect((back.error as Error).cause).toBe(back.error);
    expect((back.boxed as Chain).value).toBe(back);
    expect((back.frozen as Chain).value).toBe(back);
    expect(Object.isFrozen(back.frozen)).toBe(true);
  });
});

describe('10,000 levels', () => {
  const depth = 10_000;
  const wraps: readonly [string, (inner: unknown) => unknown, (outer: never) => unknown][] = [
    ['objects', (inner) => ({ a: 1, inner, z: 2 }), (outer: Chain) => outer.inner],
    ['arrays', (inner) => [0, inner], (outer: unknown[]) => outer[1]],
    ['values of Maps', (inner) => new Map([['k', inner]]), (outer: Map<string, unknown>) => outer.get('k')],
    ['keys of Maps', (inner) => new Map([[inner, 1]]), (outer: Map<unknown, number>) => [...outer.keys()][0]],
    ['members of Sets', (inner) => new Set(['first', inner, 'last']), (outer: Set<unknown>) => [...outer][1]],
    [
      'objects without prototype',
      (inner) => Object.assign(Object.create(null), { inner }),
      (outer: Chain) => outer.inner,
    ],
    ['frozen objects', (inner) => Object.freeze({ inner }), (outer: Chain) => outer.inner],
    ['causes of errors', (inner) => new Error('x', { cause: inner }), (outer: Error) => outer.cause],
  ];

  test.each(wraps)('of %s', (_, wrap, unwrap) => {
    let value: unknown = 'bottom';
    for (let i = 0; i < depth; i += 1) value = wrap(value);
    let back = roundTrip(pickle, value);
    let levels = 0;
    while (back !== 'bottom') {
      back = unwrap(back as never);
      levels += 1;
    }
    expect(levels).toBe(depth);
  });

  test('of a list linked both ways, which is shared', () => {
    const first: Chain = { index: 0 };
    let last = first;
    for (let index = 1; index < depth; index += 1) {
      const next: Chain = { index, previous: last };
      last.next = next;
      last = next;
    }
    const back = roundTrip(pickle, { first, last });
    let at = back.first;
    for (let index = 0; index < depth - 1; index += 1) {
      expect(at.index === index && (at.next as Chain).previous === at).toBe(true);
      at = at.next as Chain;
    }
    expect(at).toBe(back.last);
    expect(Object.keys(at)).toEqual(['index', 'previous']);
  });

  test('keep order where they are put back', () => {
    let value: unknown = 'bottom';
    for (let i = 0; i < 2000; i += 1)
      value = {
        a: 1,
        inner: value,
        m: new Map([
          ['a', 0],
          ['b', value],
          ['c', 2],
        ]),
        z: 2,
      };
    let at = roundTrip(pickle, value) as Chain;
    while (typeof at === 'object') {
      expect(Object.keys(at)).toEqual(['a', 'inner', 'm', 'z']);
      expect([...(at.m as Map<string, unknown>)]).toEqual([
        ['a', 0],
        ['b', at.inner],
        ['c', 2],
      ]);
      at = at.inner as Chain;
    }
  });
});
