import { describe, expect, test } from 'vitest';
import { Cache, cache, digest, fleche } from '../../src/index.js';
import { CallMemory, ValueMemory } from '../../src/storage/memory.js';
import { CallVoid, ValueVoid } from '../../src/storage/void.js';
import { callStorageContract, valueStorageContract } from '../../src/testing/index.js';
import { collectWarnings, fresh } from '../cache/support.js';

describe('ValueMemory', () => valueStorageContract({ test, open: () => new ValueMemory() }));
describe('ValueVoid', () => valueStorageContract({ test, open: () => new ValueVoid() }));
describe('CallMemory', () => callStorageContract({ test, open: () => new CallMemory() }));
describe('CallVoid', () => callStorageContract({ test, open: () => new CallVoid() }));

const key = digest('key');

/** A value made by plain JavaScript, untouched by the compiler of the tests. */
function js<T>(body: string): T {
  return new Function(body)() as T;
}

function hitsOf<T>(value: T): [T, T] {
  const values = new ValueMemory();
  values.put(key, value);
  return [values.get(key)?.value as T, values.get(key)?.value as T];
}

describe('functions in memory', () => {
  test.each<[string, string]>([
    ['a counter', 'let n = 0; return { next: () => n++ }'],
    ['a counter by itself', 'let n = 0; return Object.assign(() => n++, {}).bind(null) && { next: () => n++ }'],
    ['state in an object', 'const s = { n: 0 }; return { next: () => s.n++ }'],
    [
      'state in a Map',
      'const s = new Map([["n", 0]]); return { next() { const n = s.get("n"); s.set("n", n + 1); return n } }',
    ],
    ['state behind another function', 'let n = 0; const inner = () => n++; return { next: () => inner() }'],
    [
      'state behind a frozen object',
      'const s = Object.freeze({ deep: Object.freeze([{ n: 0 }]) }); return { next: () => s.deep[0].n++ }',
    ],
    ['a property of the function', 'function next() { return next.n++ } next.n = 0; return { next }'],
    ['state that is bound', 'return { next: function () { return this.n++ }.bind({ n: 0 }) }'],
    [
      'state on the prototype of a function',
      'function next() { return next.prototype.n++ } next.prototype.n = 0; return { next }',
    ],
    ['a part of the value', 'const data = { n: 0 }; return { data, next: () => data.n++ }'],
  ])('two hits never share %s', (_, body) => {
    const made = js<{ next(): number }>(body);
    const [one, two] = hitsOf(made);
    made.next();
    expect([one.next(), one.next(), two.next(), one.next()]).toEqual([0, 1, 0, 2]);
  });

  test.each<[string, string]>([
    ['captures nothing', 'return (x) => x + 1'],
    [
      'captures what cannot change',
      'const k = 2, deep = Object.freeze({ list: Object.freeze([1]) }); return (x) => x * k + deep.list[0]',
    ],
    ['calls such a function', 'const twice = (x) => 2 * x; return (x) => twice(x) + 1'],
    ['calls itself', 'const sum = (n) => n < 1 ? 0 : n + sum(n - 1); return sum'],
    ['is bound to nothing that changes', 'return function (x) { return x }.bind(null, 1)'],
  ])('a function that %s stays the same function', (_, body) => {
    const fn = js<(x: number) => number>(body);
    const [one, two] = hitsOf({ fn });
    expect([one.fn, two.fn]).toEqual([fn, fn]);
    expect(one).not.toBe(two);
  });

  test('a function by itself, and a getter with a state', () => {
    const [one, two] = hitsOf(js<() => number>('let n = 0; return () => n++'));
    expect([one(), one(), two()]).toEqual([0, 1, 0]);
    const [first, second] = hitsOf(js<{ a: { n: number } }>('let n = 0; return { a: { get n() { return n++ } } }'));
    expect([first.a.n, first.a.n, second.a.n]).toEqual([0, 1, 0]);
  });

  test.each<[string, string, string]>([
    [
      'an instance of a class that counts them',
      'let n = 0; class Item { #id = ++n; id() { return this.#id } } return { a: [new Item()] }',
      'an instance of Item, which has private fields at .a[0]',
    ],
    [
      'an instance of a class whose constructor looks at what it is given',
      'class Item { #id; constructor(id) { if (!(id > 0)) throw new Error(); this.#id = id } id() { return this.#id } } return [new Item(1)]',
      'an instance of Item, which has private fields at [0]',
    ],
    [
      'what is not seen',
      'return [function () { return () => this }.call({})]',
      'a function that uses the `this` of an outer function at [0]',
    ],
    ['a native function', 'let r; new Promise((resolve) => { r = resolve }); return [r]', 'a native function at [0]'],
    [
      'a running generator in a closure',
      'const g = (function* () { yield 1 })(); return { f: () => g.next() }',
      'a running generator at .f → captured g',
    ],
  ])('%s is refused with its path', (_, body, message) => {
    expect(() => new ValueMemory().put(key, js(body))).toThrow(`cannot store in ValueMemory ${message}`);
  });

  test('instances have their class, beside closures with a state too', () => {
    const made = js<{ Class: new () => object; next(): object }>(
      'class Point { constructor() { this.x = 1 } } const all = [new Point()]; return { Class: Point, first: all[0], next: () => { all.push(new Point()); return all[all.length - 1] } }',
    );
    const [one, two] = hitsOf(made);
    expect([one.Class, two.Class]).toEqual([made.Class, made.Class]);
    expect(one.next()).toBeInstanceOf(made.Class);
    expect((two as unknown as { first: object }).first).toBeInstanceOf(made.Class);
  });

  test('functions that share a variable share it in each hit, and no two hits do', () => {
    const [one, two] = hitsOf(
      js<{ a: { inc(): number; get(): number } }>('let n = 0; return { a: { inc: () => ++n, get: () => n } }'),
    );
    expect([one.a.inc(), one.a.inc(), one.a.get(), two.a.get(), two.a.inc()]).toEqual([1, 2, 2, 0, 1]);
  });

  test('instances with private fields are of their class, and no two hits alias', () => {
    const made = js<{ Stack: new () => object; stack: { push(x: number): number[]; self(): unknown } }>(
      'class Stack { #items = []; #self; constructor() { this.#self = this } push(x) { this.#items.push(x); return this.#items } self() { return this.#self } } const stack = new Stack(); stack.push(1); return { Stack, stack }',
    );
    const [one, two] = hitsOf(made);
    made.stack.push(9);
    expect([one.stack instanceof made.Stack, two.stack instanceof made.Stack, one.Stack === made.Stack]).toEqual([
      true,
      true,
      true,
    ]);
    expect([one.stack.push(2), two.stack.push(3), one.stack.self() === one.stack]).toEqual([[1, 2], [1, 3], true]);
  });

  test('large memory beside a closure is one of each hit', () => {
    const [one, two] = hitsOf(
      js<{ data: Float64Array; next(): number }>('let n = 0; return { data: new Float64Array(1000), next: () => n++ }'),
    );
    one.data[3] = 7;
    expect([two.data[3], two.next()]).toEqual([0, 0]);
  });
});

describe('a cached call', () => {
  const warnings = collectWarnings();

  test('gives every hit a counter of its own', () =>
    cache(fresh(), () => {
      const counter = fleche(
        js<() => { next(): number }>('return function counter() { let n = 0; return { next: () => n++ } }'),
      );
      counter().next();
      const [one, two] = [counter(), counter()];
      expect([one.next(), one.next(), two.next(), counter().next()]).toEqual([0, 1, 0, 0]);
      expect(warnings).toEqual([]);
    }));

  test('runs uncached, with a warning, when its result cannot be copied', () =>
    cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() }), () => {
      const numbered = fleche(
        js<() => { id(): number }>(
          'let n = 0; class Item { #id = ++n; id() { return this.#id } } return function numbered() { return { item: new Item() } }',
        ) as unknown as () => { item: { id(): number } },
      );
      expect([numbered().item.id(), numbered().item.id()]).toEqual([1, 2]);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^numbered ran, but its result was not cached: .* an instance of Item, which has private fields at result\.item/,
        ),
      ]);
    }));

  test('takes a cached function for what it is', () => {
    const inner = fleche({ name: 'inner' }, (x: number) => x + 1);
    const [one, two] = hitsOf({ inner });
    expect([one.inner, two.inner]).toEqual([inner, inner]);
  });
});
