/** Depth, sharing and cycles: what is walked in which way must not be seen, and nothing may hang or overflow. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../../src/digest/index.js';

class Pair {
  readonly left: unknown;
  readonly right: unknown;
  constructor(left: unknown, right: unknown) {
    this.left = left;
    this.right = right;
  }
}
class Hidden {
  readonly #held: unknown;
  constructor(held: unknown) {
    this.#held = held;
  }
  get held(): unknown {
    return this.#held;
  }
}

/** One level of each kind of container, around what stands below. */
const levels: Readonly<Record<string, (below: unknown) => unknown>> = {
  array: (below) => [below],
  object: (below) => ({ below }),
  'object without a prototype': (below) => Object.assign(Object.create(null) as object, { below }),
  'object with a hidden property': (below) => Object.defineProperty({}, 'below', { value: below }),
  'object without a prototype, with a hidden property': (below) =>
    Object.defineProperty(Object.create(null) as object, 'below', { value: below }),
  'array with a property': (below) => Object.assign([], { below }),
  'Map by value': (below) => new Map([['below', below]]),
  'Map by key': (below) => new Map([[below, 1]]),
  Set: (below) => new Set([below]),
  instance: (below) => new Pair(below, 1),
  Error: (below) => new Error('above', { cause: below }),
  Date: (below) => Object.assign(new Date(0), { below }),
};
const nested = (depth: number, wrap: (below: unknown, level: number) => unknown, bottom: unknown): unknown => {
  let value = bottom;
  for (let i = 0; i < depth; i += 1) value = wrap(value, i);
  return value;
};

describe('10,000 levels', () => {
  test.each(Object.entries(levels))('of %s', (_name, wrap) => {
    expect(digest(nested(10_000, wrap, 1))).toBe(digest(nested(10_000, wrap, 1)));
    expect(digest(nested(10_000, wrap, 1))).not.toBe(digest(nested(10_000, wrap, 2)));
    expect(digest(nested(10_000, wrap, 1))).not.toBe(digest(nested(10_001, wrap, 1)));
  });

  test('of all kinds mixed', () => {
    const kinds = Object.values(levels);
    const mixed = (below: unknown, level: number): unknown => kinds[level % kinds.length]?.(below);
    expect(digest(nested(10_000, mixed, 1))).not.toBe(digest(nested(10_000, mixed, 2)));
  });

  test('of private fields', () => {
    const wrap = (below: unknown): unknown => new Hidden(below);
    expect(digest(nested(300, wrap, 1))).not.toBe(digest(nested(300, wrap, 2)));
  });

  test('of closures, and of closures and data in turn', () => {
    const wrap = (below: unknown) => () => below;
    const deep = nested(3000, wrap, 1);
    expect(digest(deep)).toBe(digest(deep));
    expect(digest(nested(1000, wrap, 1))).not.toBe(digest(nested(1000, wrap, 2)));
    expect(digest(nested(1000, wrap, 1))).not.toBe(digest(nested(1001, wrap, 1)));
    const mixed = (below: unknown, level: number): unknown => (level % 2 ? [below] : wrap({ below }));
    expect(digest(nested(1000, mixed, 1))).not.toBe(digest(nested(1000, mixed, 2)));
    expect(() => digest(nested(1000, wrap, Promise.resolve()), 'args[0]')).toThrow(
      `cannot digest a Promise at args[0]${'["captured variable below"]'.repeat(1000)}`,
    );
  });

  test('have a path in errors', () => {
    const deep = nested(10_000, (below) => [below], Promise.resolve());
    expect(() => digest(deep, 'args[0]')).toThrow(`cannot digest a Promise at args[0]${'[0]'.repeat(10_000)};`);
  });
});

describe('shared parts', () => {
  test.each(['array', 'object', 'Map by value', 'Set', 'instance'])(
    'of %s, each twice: 40 levels do not take 2^40 steps',
    (name) => {
      const twice = (below: unknown): unknown => [levels[name]?.(below), levels[name]?.(below)];
      expect(digest(nested(40, twice, 1))).not.toBe(digest(nested(40, twice, 2)));
    },
    60_000,
  );

  test.each([13, 15])(
    'count as copies, small values and large ones: 2^%i',
    (depth) => {
      const copies = (level: number): unknown =>
        level === 0 ? new Map([['leaf', new Pair(1, [2])]]) : [copies(level - 1), { x: copies(level - 1) }];
      const shared = nested(depth, (below) => [below, { x: below }], new Map([['leaf', new Pair(1, [2])]]));
      expect(digest(shared)).toBe(digest(copies(depth)));
    },
    60_000,
  );

  test('of a large array cost one hash', () => {
    const large = new Float64Array(4_000_000);
    expect(digest(new Array(1000).fill(large))).toBe(digest(new Array(1000).fill(large.slice())));
    expect(digest(new Array(1000).fill(large))).not.toBe(digest(new Array(999).fill(large)));
  });

  test('of large values keep the path of what is refused', () => {
    const below = { here: [1, new Map([['key', Promise.resolve()]])] };
    const large = nested(40, (at) => ({ a: at, b: at }), below);
    expect(() => digest(large, 'args[0]')).toThrow(
      /^cannot digest a Promise at args\[0\](\.a){40}\.here\[1\]\.get\("key"\);/,
    );
  });
});

/** Objects that refer to one another as the edges say. */
function network(
  names: readonly unknown[],
  edges: readonly (readonly [number, number])[],
  unordered = false,
): object[] {
  const people = names.map((name) => ({ name, friends: (unordered ? new Set() : []) as object[] & Set<object> }));
  for (const [from, to] of edges) {
    const { friends } = people[from] as (typeof people)[number];
    if (unordered) friends.add(people[to] as object);
    else friends.push(people[to] as object);
  }
  return people;
}
const complete = (count: number): [number, number][] =>
  Array.from({ length: count * count }, (_, i): [number, number] => [Math.floor(i / count), i % count]).filter(
    ([from, to]) => from !== to,
  );

describe('cycles', () => {
  test('have one digest however they are built, and differ where they differ', () => {
    const edges = complete(5);
    const [net] = network(['a', 'b', 'c', 'd', 'e'], edges);
    const [same] = network(['a', 'b', 'c', 'd', 'e'], edges);
    const [other] = network(['a', 'b', 'c', 'd', 'f'], edges);
    const [less] = network(['a', 'b', 'c', 'd', 'e'], edges.slice(0, -1));
    expect(digest(net)).toBe(digest(same));
    expect(new Set([net, other, less].map((each) => digest(each))).size).toBe(3);
  });

  test.each([false, true])(
    'of thirty who all know one another do not take 30! steps (Sets: %s)',
    (unordered) => {
      const names = Array.from({ length: 30 }, (_, i) => `n${i}`);
      const net = network(names, complete(30), unordered);
      if (!unordered) expect(digest(net)).toBe(digest(network(names, complete(30), unordered)));
      expect(digest(net)).not.toBe(digest(network([...names.slice(1), 'x'], complete(30), unordered)));
      expect(digest(net)).not.toBe(digest(network(names, complete(30).slice(1), unordered)));
      if (unordered) expect(digest(net)).toBe(digest(network(names, complete(30).reverse(), unordered)));
    },
    60_000,
  );

  test('of objects that look alike differ by who is who', () => {
    const names = new Array<number>(60).fill(0);
    const ring = (step: number): [number, number][] =>
      names.flatMap((_, i) => [1, 60 - 1, step, 60 - step].map((jump): [number, number] => [i, (i + jump) % 60]));
    const [far] = network(names, ring(7));
    const [near] = network(names, ring(2));
    expect(digest(far)).toBe(digest(network(names, ring(7))[0]));
    expect(digest(far)).not.toBe(digest(near));
  }, 60_000);

  test('in a long chain with links back are walked once', () => {
    const chain = (length: number, last: unknown): object[] => {
      const nodes = Array.from({ length }, (_, i) => ({ i: i === length - 1 ? last : i }) as Record<string, unknown>);
      nodes.forEach((node, i) => {
        node.next = nodes[i + 1] ?? null;
        node.previous = nodes[i - 1] ?? null;
      });
      return nodes;
    };
    expect(digest(chain(3000, 'a'))).toBe(digest(chain(3000, 'a')));
    expect(digest(chain(3000, 'a'))).not.toBe(digest(chain(3000, 'b')));
  }, 60_000);

  test('in small networks at random (property)', () => {
    const nets = fc.tuple(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 9 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(nets, fc.nat(2), ([names, all, unordered], name) => {
        const edges = all.filter(([from, to]) => from < names.length && to < names.length);
        const make = (first: unknown): string => digest(network([first, ...names.slice(1)], edges, unordered)[0]);
        expect(make(names[0])).toBe(make(names[0]));
        if (name !== names[0]) expect(make(name)).not.toBe(make(names[0]));
      }),
    );
  });
});
