import { type NamedValue, valuesOf } from './named-value.js';

const shared = valuesOf('shared references');
const cycles = valuesOf('cycles');
const deep = valuesOf('deep values');

type Open = Record<string, unknown>;

/** Values whose shape is the question: shared parts, cycles and depth. */
export const graphs: readonly NamedValue[] = [
  shared.data('a shared reference', () => {
    const part = { n: 1 };
    return [part, part, { again: part }];
  }),
  shared.data('the same without sharing', () => [{ n: 1 }, { n: 1 }, { again: { n: 1 } }], {
    sameContentAs: 'a shared reference',
  }),
  shared.data('a shared array as key, value and member', () => {
    const part = [1];
    return { map: new Map([[part, part]]), set: new Set([part]), list: [part] };
  }),
  shared.data('a shared Date', () => {
    const when = new Date(1);
    return { from: when, to: when };
  }),
  shared.data('two equal Dates', () => ({ from: new Date(1), to: new Date(1) }), { sameContentAs: 'a shared Date' }),
  shared.data('a shared Error as cause', () => {
    const cause = new Error('root');
    return [new Error('a', { cause }), new Error('b', { cause }), cause];
  }),
  shared.data('a shared boxed number', () => {
    const box = Object(1) as object;
    return [box, box];
  }),
  shared.data('a shared empty object', () => {
    const empty = {};
    return [empty, empty];
  }),
  // 4,096 paths lead to the bottom of 12 arrays: who does not notice what is shared walks them all.
  shared.data('a lattice', () => lattice(12)),
  cycles.data('a cycle', () => {
    const node: Open = { name: 'self', list: [] };
    node.self = node;
    (node.list as unknown[]).push(node);
    return node;
  }),
  cycles.data('an array that holds itself', () => {
    const list: unknown[] = [1];
    list.push(list, 2);
    return list;
  }),
  cycles.data('an array in an array that holds the outer one', () => {
    const list: unknown[] = [];
    list.push([list]);
    return list;
  }),
  cycles.data('an array in an array that holds itself', () => {
    const inner: unknown[] = [];
    inner.push(inner);
    return [inner];
  }),
  cycles.data('two objects that hold each other', () => {
    const [a, b]: [Open, Open] = [{ name: 'a' }, { name: 'b' }];
    a.other = b;
    b.other = a;
    return { a, b };
  }),
  cycles.data('two objects that hold themselves', () => {
    const [a, b]: [Open, Open] = [{ name: 'a' }, { name: 'b' }];
    a.other = a;
    b.other = b;
    return { a, b };
  }),
  cycles.data('a ring of ten', () => {
    const ring: Open[] = Array.from({ length: 10 }, (_, i) => ({ i }));
    for (const [i, each] of ring.entries()) each.next = ring[(i + 1) % 10];
    return ring[0];
  }),
  cycles.data('a cycle through a Map', () => {
    const map = new Map<string, unknown>();
    map.set('self', map);
    return map;
  }),
  cycles.data('a Map that is its own key', () => {
    const map = new Map<unknown, unknown>([['first', 1]]);
    return map.set(map, 2).set('last', 3);
  }),
  cycles.data('a Map with a key that holds the Map', () => {
    const map = new Map<unknown, unknown>();
    return map.set({ map }, 1);
  }),
  cycles.data('a Set that holds itself', () => {
    const set = new Set<unknown>([1]);
    return set.add(set).add(2);
  }),
  cycles.data('a Set with a member that holds the Set', () => {
    const set = new Set<unknown>();
    return set.add([set]);
  }),
  cycles.data('a cycle through everything', () => {
    const root: Open = {};
    const error = new Error('in a circle', { cause: root });
    root.map = new Map([[new Set([error]), [root]]]);
    root.error = error;
    root.box = Object.assign(Object(1) as object, { root });
    root.date = Object.assign(new Date(0), { root });
    root.bare = Object.assign(Object.create(null) as object, { root });
    return root;
  }),
  deep.data('500 levels', () => nested(500, (inner, i) => (i % 2 === 0 ? [inner] : { in: inner }))),
  deep.data('10,000 arrays in one another', () => nested(10_000, (inner) => [inner])),
  deep.data('10,000 objects in one another', () => nested(10_000, (inner) => ({ a: 1, inner, z: 2 }))),
  deep.data('10,000 Maps in one another', () => nested(10_000, (inner) => new Map([['in', inner]]))),
  deep.data('10,000 Maps as keys of one another', () => nested(10_000, (inner) => new Map([[inner, 1]]))),
  deep.data('10,000 Sets in one another', () => nested(10_000, (inner) => new Set([inner]))),
  deep.data('1,000 causes', () => nested(1000, (cause) => bare(new Error('x', { cause })))),
  deep.data('a list of 10,000 links', () => nested(10_000, (next, i) => ({ i, next }))),
  deep.data('a list of 3,000 links both ways', () => {
    const first: Open = { i: 0 };
    let last = first;
    for (let i = 1; i < 3000; i += 1) {
      const next: Open = { i, previous: last };
      last.next = next;
      last = next;
    }
    return { first, last };
  }),
  deep.data('10,000 frozen objects in one another', () => nested(10_000, (inner) => Object.freeze({ inner }))),
];

function nested(levels: number, wrap: (inner: unknown, level: number) => unknown): unknown {
  let value: unknown = 'bottom';
  for (let i = 0; i < levels; i += 1) value = wrap(value, i);
  return value;
}

function lattice(height: number): unknown {
  let level: unknown = 'bottom';
  for (let i = 0; i < height; i += 1) level = [level, level];
  return level;
}

/** Without its stack, since ten thousand of them are megabytes. */
function bare(error: Error): Error {
  delete error.stack;
  return error;
}
