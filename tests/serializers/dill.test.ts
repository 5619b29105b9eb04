import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dill } from '../../src/serializers/index.js';
import { roundTrip } from './bytes.js';
import { data } from './data.js';
import { exactly, picture } from './exactly.js';
import { type Compiled, compiled } from './second-process.js';

describe('dill holds exactly', () => {
  const own = Symbol('own');
  test.each(data)('%s', (_, make) => {
    const value = make();
    exactly(roundTrip(dill, value), value);
  });

  test.each<[string, () => unknown]>([
    ['hidden properties', () => Object.defineProperty({ a: 1 }, 'h', { value: 2 })],
    ['read-only properties', () => Object.defineProperty({}, 'r', { value: [1], enumerable: true })],
    ['a read-only length', () => Object.defineProperty([1, 2], 'length', { writable: false })],
    ['a hidden element', () => Object.defineProperty([1, 2, 3], 1, { enumerable: false })],
    ['a getter in an array', () => Object.defineProperty([1, 2], 1, { get: () => 7, enumerable: true })],
    [
      'getters and setters',
      () => ({
        x: 1,
        get a() {
          return 1;
        },
        set b(_: number) {},
        get c() {
          return 2;
        },
        set c(_: number) {},
      }),
    ],
    ['a symbol of its own', () => ({ s: own, t: own, [own]: 1 })],
    ['a hidden symbol', () => Object.defineProperty(new Map([[1, 2]]), own, { value: 1 })],
    [
      'a frozen object with a getter',
      () =>
        Object.freeze({
          get a() {
            return 1;
          },
          b: 2,
        }),
    ],
    [
      'a sealed object with a read-only property',
      () => Object.seal(Object.defineProperty({ a: 1 }, 'r', { value: 1 })),
    ],
    ['hidden details of an error', () => Object.defineProperty(new Error('x'), 'secret', { value: 1 })],
  ])('%s', (_, make) => {
    const value = make();
    const back = roundTrip(dill, value);
    // A symbol of its own is another one in each value, with the same description.
    const text = (each: unknown): string =>
      JSON.stringify(picture(each), (_key, part) => (typeof part === 'symbol' ? String(part) : part));
    expect(text(back)).toBe(text(value));
  });

  test('one symbol is one again', () => {
    const back = roundTrip(dill, { s: own, t: own, [own]: 1 } as { s: symbol; t: symbol; [key: symbol]: number });
    expect(back.s).toBe(back.t);
    expect(back[back.s]).toBe(1);
  });

  test('getters are functions again and were not run', () => {
    let ran = 0;
    const back = roundTrip(dill, {
      n: 1,
      get next() {
        ran += 1;
        return (this as { n: number }).n + 1;
      },
    });
    expect(ran).toBe(0);
    expect(back.next).toBe(2);
  });
});

const cases: readonly (readonly [name: string, make: string, use: string])[] = [
  [
    'private fields',
    'class A { #n = 0; #log = []; constructor(n) { this.#n = n } add(x) { this.#n += x; this.#log.push(x); return this } get state() { return [this.#n, this.#log] } } return new A(10).add(5)',
    '[v.state, v.add(1).state]',
  ],
  [
    'private methods',
    'class A { #twice() { return 2 * this.n } n = 4; get #own() { return 1 } use() { return this.#twice() + this.#own } } return new A()',
    'v.use()',
  ],
  [
    'private fields of base and derived',
    'class A { #x = 1; set(x) { this.#x = x; return this } a() { return this.#x } } class B extends A { #x = 2; #y = { deep: [1] }; constructor(y) { super(); this.#y.deep.push(y) } b() { return [this.#x, this.#y] } } return new B(3).set(9)',
    '[v.a(), v.b()]',
  ],
  [
    'private fields in a subclass of Map',
    'class M extends Map { #hits = 0; get(k) { this.#hits++; return super.get(k) } get hits() { return this.#hits } } const m = new M([["a", 1]]); m.get("a"); return m',
    '[v.get("a"), v.hits, v.size]',
  ],
  [
    'private fields in circles',
    'class N { #peer; link(o) { this.#peer = o; return this } get peer() { return this.#peer } } const a = new N(), b = new N().link(a); a.link(b); return a',
    '[v.peer.peer === v, v.peer !== v]',
  ],
  [
    'no constructor and no initialiser runs',
    'class A { #id = globalThis.count("field"); pub = globalThis.count("public"); constructor(x = globalThis.count("default")) { globalThis.count("body") } id() { return this.#id } } class B extends A { #z = globalThis.count("derived"); constructor() { super(1) } } return new B()',
    '[v.id(), v.pub, globalThis.counted]',
  ],
  [
    'constructors with patterns',
    'class A { #n; constructor({ n, deep: { x = globalThis.count(1) } }, [first, ...rest], y = globalThis.count(2)) { this.#n = n } n() { return this.#n } } class B extends A { #m = 1; m() { return this.#m } } class C extends B { constructor(a, ...rest) { super({ n: a, deep: { x: 1 } }, [1], 2) } } return new C(5)',
    '[v.n(), v.m(), globalThis.counted, v.constructor.length, Object.getPrototypeOf(v.constructor).length, new v.constructor(7).n()]',
  ],
  [
    'private fields in a subclass of Error',
    'class E extends Error { #code; constructor(code) { super("coded"); this.#code = code } get code() { return this.#code } } return new E(4)',
    '[v.code, v.message, v instanceof Error, Object.getOwnPropertyNames(v)]',
  ],
  [
    'a class with private fields that makes more',
    'class A { #n; constructor(n) { this.#n = n } static of(n) { return new A(n) } n() { return this.#n } } return [A.of(1), A]',
    '[v[0].n(), v[1].of(2).n(), new v[1](3).n(), v[0] instanceof v[1], Object.getOwnPropertyNames(v[1]).sort()]',
  ],
  [
    'accessors of a class of its own',
    'class A { constructor() { Object.defineProperty(this, "hidden", { value: 5 }) } } return new A()',
    '[v.hidden, Object.keys(v)]',
  ],
];

describe('dill in a second process', () => {
  let code: Compiled;
  let first: unknown[];
  let second: unknown[];

  beforeAll(() => {
    code = compiled();
    const file = (index: number): string => JSON.stringify(join(code.directory, `value-${index}`));
    const counter = 'globalThis.counted = 0; globalThis.count = (x) => { globalThis.counted++; return x };';
    const run = (body: string): string =>
      `try { out.push(await (async () => { ${body} })()) } catch (e) { out.push(String(e.stack)) }`;
    const makers = cases.map(([, make, use], i) =>
      run(`const v = (() => { ${make} })(); globalThis.counted = 0; dump('dill', ${file(i)}, v); return ${use}`),
    );
    const users = cases.map(([, , use], i) => run(`const v = load('dill', ${file(i)}); return ${use}`));
    first = JSON.parse(code.run(`${counter} const out = [];\n${makers.join('\n')}\nconsole.log(JSON.stringify(out))`));
    second = JSON.parse(code.run(`${counter} const out = [];\n${users.join('\n')}\nconsole.log(JSON.stringify(out))`));
  });
  afterAll(() => code.remove());

  test.each(cases.map(([name], index) => [name, index] as const))('%s', (_, index) => {
    expect(String(first[index])).not.toContain('Error');
    expect(second[index]).toEqual(first[index]);
  });
});
