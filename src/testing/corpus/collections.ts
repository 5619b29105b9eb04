import { type NamedValue, valuesOf } from './named-value.js';

const maps = valuesOf('Maps');
const sets = valuesOf('Sets');

/** Maps and Sets. */
export const collections: readonly NamedValue[] = [
  maps.data('an empty Map', () => new Map()),
  maps.data(
    'a Map with keys of all kinds',
    () =>
      new Map<unknown, unknown>([
        [1, 'a'],
        ['1', 'b'],
        [Number.NaN, {}],
        [null, [1]],
      ]),
  ),
  maps.data('a Map in one order', () => new Map(Object.entries({ a: 1, b: 2 }))),
  maps.data('a Map in the other order', () => new Map(Object.entries({ b: 2, a: 1 })), {
    sameContentAs: 'a Map in one order',
  }),
  maps.data('a Map with the key undefined', () => new Map([[undefined, undefined]])),
  maps.data('a Map with the key 0, put as -0', () => new Map([[-0, -0]])),
  maps.data(
    'a Map with keys that differ only in type',
    () =>
      new Map<unknown, unknown>([
        [1, 'number'],
        [1n, 'bigint'],
        ['1', 'text'],
        [true, 'boolean'],
      ]),
  ),
  maps.data('a Map with shared symbols as keys', () => new Map([[Symbol.for('a'), Symbol.iterator]])),
  maps.data('a Map with an object as key', () => new Map([[{ k: 1 }, { v: 2 }]])),
  maps.data(
    'a Map with two equal objects as keys',
    () =>
      new Map([
        [{ k: 1 }, 'a'],
        [{ k: 1 }, 'b'],
      ]),
  ),
  maps.data('a Map whose key is also its value', () => {
    const both = { both: true };
    return new Map([[both, both]]);
  }),
  maps.data(
    'a Map with dates, arrays and buffers as keys',
    () =>
      new Map<unknown, unknown>([
        [new Date(5), 1],
        [[1, 2], 2],
        [Uint8Array.of(1, 2), 3],
      ]),
  ),
  maps.data('Maps in Maps', () => new Map([['a', new Map([[new Map([[1, 2]]), new Map()]])]])),
  maps.data('a Map of 1,000 entries', () => new Map(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i / 7]))),
  maps.data('a Map with a property', () => Object.assign(new Map([[1, 2]]), { extra: [1] })),
  maps.everything('a Map with a hidden property', () =>
    Object.defineProperty(new Map([[1, 2]]), 'extra', { value: 3 }),
  ),
  sets.data('an empty Set', () => new Set()),
  sets.data('a Set', () => new Set<unknown>([1, '1', { a: 1 }, undefined])),
  sets.data('a Set in one order', () => new Set(['a', 'b'])),
  sets.data('a Set in the other order', () => new Set(['b', 'a']), { sameContentAs: 'a Set in one order' }),
  sets.data('a Set of NaN and 0', () => new Set([Number.NaN, -0])),
  sets.data('a Set of two equal objects', () => new Set([{ a: 1 }, { a: 1 }])),
  sets.data('Sets in Sets', () => new Set([new Set([new Set()]), new Set()])),
  sets.data('a Set of 1,000 members', () => new Set(Array.from({ length: 1000 }, (_, i) => i * i))),
  sets.data('a Set with a property', () => Object.assign(new Set([1]), { extra: 1 })),
];
