import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compiled, compiled } from './second-process.js';

/**
 * Each case: JavaScript that makes a value, and an expression over `v` that uses it. One process makes all values, prints
 * what their use gives and writes them; a second one, which has never seen their code, reads them and prints the same.
 */
const cases: readonly (readonly [name: string, make: string, use: string])[] = [
  ['a closure', 'const k = 5; const f = (x) => x + k; return f', 'v(2)'],
  ['a closure over a function', 'const inner = (x) => x * 2; return (x) => inner(x) + 1', 'v(20)'],
  [
    'a chain of closures',
    'let f = (x) => x; for (let i = 0; i < 50; i++) { const g = f, n = i; f = (x) => g(x) + n; } return f',
    'v(0)',
  ],
  ['a recursive function', 'const fact = (n) => n < 2 ? 1 : n * fact(n - 1); return fact', '[v(5), v.name]'],
  [
    'functions that call each other',
    'const even = (n) => n === 0 || odd(n - 1); const odd = (n) => n !== 0 && even(n - 1); return { even, odd }',
    '[v.even(10), v.odd(7), v.even(3)]',
  ],
  [
    'a declaration',
    'function add(a, b = 2, ...rest) { return a + b + rest.length } return add',
    '[v(1), v(1, 1, 1), v.name, v.length]',
  ],
  ['a generator', 'const n = 3; return function* () { for (let i = 0; i < n; i++) yield i }', '[...v()]'],
  ['an async function', 'const n = 3; return async () => n', 'await v()'],
  [
    'an async generator',
    'return async function* () { yield 1; yield 2 }',
    'await (async () => { const all = []; for await (const x of v()) all.push(x); return all })()',
  ],
  ['a method', 'return { n: 2, m(x) { return this.n + x } }', 'v.m(5)'],
  [
    'a method with a computed name',
    'const o = { [Symbol.iterator]() { return [1, 2][Symbol.iterator]() } }; return o',
    '[...v]',
  ],
  ['a lone getter', 'return Object.getOwnPropertyDescriptor({ get x() { return 7 } }, "x").get', '[v(), v.name]'],
  [
    'captured data',
    'const big = new Float64Array(1000).fill(2), m = new Map([["a", [1]]]); return () => big.length + m.get("a")[0]',
    'v()',
  ],
  [
    'captured data that is also in the value',
    'const shared = { n: 1 }; return { shared, inc: () => ++shared.n }',
    '[v.inc(), v.shared.n]',
  ],
  ['a function that holds itself in data', 'const o = { n: 4 }; o.f = () => o.n; return o', '[v.f(), v.f === v.f]'],
  ['a captured variable that the function assigns', 'let c = 10; return () => ++c', '[v(), v()]'],
  ['a captured undefined and null', 'const u = undefined, n = null; return () => [u, n]', 'v()'],
  [
    'a bound function',
    'return (function (a, b) { return this.x + a + b }).bind({ x: 1 }, 2)',
    '[v(3), v.name, v.length]',
  ],
  [
    'an object bound to itself',
    'const o = { n: 3, get() { return this.n } }; o.bound = o.get.bind(o); return o',
    '(0, v.bound)()',
  ],
  [
    'a bound function that holds itself',
    'const o = { n: 3 }; o.f = (function () { return [this.n, this.f === o_f(this)] }).bind(o); return o.f; function o_f(o) { return o.f }',
    'v()',
  ],
  [
    'a function with properties',
    'const f = () => f.count; f.count = 3; f.nested = { f }; return f',
    '[v(), v.nested.f === v]',
  ],
  [
    'built-in functions',
    'return [Math.max, JSON.stringify, Array.prototype.map, Map, Promise.resolve, structuredClone]',
    'v.map((f) => f.name).concat(v[0] === Math.max, v[3] === Map)',
  ],
  [
    'built-in objects',
    'return { Math, JSON, console, process }',
    '[v.Math === Math, v.JSON === JSON, v.console === console, v.process === process]',
  ],
  [
    'modules of Node',
    'return () => [path.join("a", "b"), join("a", "b"), os.EOL, createHash("md5").update("x").digest("hex")]',
    'v()',
  ],
  [
    'a namespace of a module of Node',
    'return path',
    '[v.join("a", "b"), v.default === (await import("node:path")).default]',
  ],
  [
    'an export of a package',
    'return { parse, use: (t) => parse(t, { ecmaVersion: 2022 }).type }',
    '[v.use("1"), v.parse === acorn.parse]',
  ],
  ['a namespace of a package', 'return (t) => acorn.parse(t, { ecmaVersion: 2022 }).type', 'v("1")'],
  ['a variable with the name of a global', 'const crypto = { mine: 1 }, Map = 2; return () => [crypto, Map]', 'v()'],
  ['names of globals', 'return () => [typeof process, new Map().size, isNaN(NaN), typeof URL]', 'v()'],
  [
    'strict and sloppy functions',
    'return [function () { "use strict"; return this === undefined }, new Function("return this === globalThis")]',
    'v.map((f) => f())',
  ],
  ['awkward text', 'return (x) => x // a comment at the end', 'v(1)'],
  [
    'a class',
    'class A { x = 1; constructor(y) { this.y = y } sum() { return this.x + this.y } static make(y) { return new A(y) } get twice() { return 2 * this.sum() } } return A',
    '[new v(2).sum(), v.make(3).twice, v.name, v.make(1) instanceof v]',
  ],
  [
    'an instance',
    'class P { constructor(x) { this.x = x; globalThis.ran = true } norm() { return Math.abs(this.x) } } return new P(-3)',
    '[v.norm(), v.constructor.name, Object.keys(v)]',
  ],
  [
    'instances of one class',
    'class P {} return [new P(), new P(), P]',
    '[v[0] instanceof v[2], v[1].constructor === v[2]]',
  ],
  [
    'an instance that holds itself',
    'class N {} const a = new N(), b = new N(); a.peer = b; b.peer = a; return a',
    '[v.peer.peer === v, v.peer.constructor === v.constructor]',
  ],
  [
    'derived classes',
    'class A { constructor(n) { this.n = n } hi() { return "A" + this.n } } class B extends A { hi() { return "B" + super.hi() } static s() { return super.name } } return { b: new B(1), A, B }',
    '[v.b.hi(), v.b instanceof v.A, v.B.s(), Object.getPrototypeOf(v.B) === v.A]',
  ],
  [
    'a class with statics',
    'class A { static count = 0; static all = []; static { this.count = 5 } constructor() { A.count++; A.all.push(this) } } new A(); return A',
    '[v.count, v.all.length, v.all[0] instanceof v, (new v(), v.count)]',
  ],
  [
    'a singleton in a static field',
    'class S { static instance = new S(); who() { return S.instance === this } } return S.instance',
    '[v.who(), v.constructor.instance === v]',
  ],
  [
    'a class that captures its instance',
    'class S { who() { return only === this } } const only = new S(); return only',
    'v.who()',
  ],
  [
    'a class with Symbol.iterator',
    'class R { *[Symbol.iterator]() { yield* [1, 2] } get [Symbol.toStringTag]() { return "R" } } return new R()',
    '[[...v], String(v)]',
  ],
  [
    'subclasses of built-in classes',
    'class M extends Map { twice(k) { return 2 * this.get(k) } } class E extends Error { code = 7 } class L extends Array { last() { return this.at(-1) } } return [new M([["a", 2]]), new E("bad"), L.of(1, 2, 3)]',
    '[v[0].twice("a"), v[0].size, v[1].message, v[1].code, v[1] instanceof Error, v[2].last(), v[2].length]',
  ],
  [
    'an old class',
    'function Old(x) { this.x = x } Old.prototype.get = function () { return this.x }; return [new Old(4), Old]',
    '[v[0].get(), v[0] instanceof v[1]]',
  ],
  [
    'an old derived class',
    'function A() {} A.prototype.a = () => 1; function B() {} B.prototype = Object.create(A.prototype, { constructor: { value: B, enumerable: true, writable: true, configurable: true } }); B.prototype.b = () => 2; return new B()',
    '[v.a(), v.b()]',
  ],
  ['an object on another object', 'return Object.create({ inherited: 1 })', '[v.inherited, Object.keys(v)]'],
  ['an extended prototype', 'class A {} A.prototype.extra = function () { return 9 }; return new A()', 'v.extra()'],
  [
    'a class that is returned by a function',
    'const mixin = (B) => class extends B { mixed() { return super.base() + 1 } }; class Base { base() { return 1 } } return new (mixin(Base))()',
    '[v.mixed(), v.constructor.name]',
  ],
  [
    'an instance of a class of a package',
    'return new acorn.Parser({ ecmaVersion: 2022 }, "1 + 1")',
    'v.constructor === acorn.Parser',
  ],
  [
    'frozen functions and instances',
    'class A { x = 1 } return [Object.freeze(() => 1), Object.freeze(new A())]',
    '[Object.isFrozen(v[0]), v[0](), Object.isFrozen(v[1]), v[1].x]',
  ],
  ['an object with a then function', 'return { then: (f) => 1 }', 'v.then()'],
];

const header = `
import * as path from 'node:path'; import { join } from 'node:path'; import os from 'node:os'; import { createHash } from 'node:crypto';
import * as acorn from 'acorn'; import { parse } from 'acorn';
`;

describe.each(['cloudpickle', 'dill'])('%s in a second process', (rung) => {
  let code: Compiled;
  let first: readonly { name: string; failure?: string; result?: unknown }[];
  let second: readonly { name: string; failure?: string; result?: unknown }[];

  beforeAll(() => {
    code = compiled();
    const file = (index: number): string => JSON.stringify(join(code.directory, `value-${index}`));
    const report = (name: string, body: string): string =>
      `try { out.push({ name: ${JSON.stringify(name)}, result: await (async () => { ${body} })() }) } catch (e) { out.push({ name: ${JSON.stringify(name)}, failure: String(e.stack) }) }`;
    const print =
      'console.log(JSON.stringify(out, (k, x) => x === undefined ? "undefined" : typeof x === "function" ? "function" : x))';
    const makers = cases.map(([name, make, use], index) =>
      report(name, `const v = (() => { ${make}\n })(); dump('${rung}', ${file(index)}, v); return ${use}`),
    );
    const users = cases.map(([name, , use], index) =>
      report(name, `const v = load('${rung}', ${file(index)}); return ${use}`),
    );
    first = JSON.parse(code.run(`${header} const out = [];\n${makers.join('\n')}\n${print}`));
    second = JSON.parse(
      code.run(
        `import * as acorn from 'acorn'; const out = [];\n${users.join('\n')}\nif (globalThis.ran) throw new Error('a constructor ran');\n${print}`,
      ),
    );
  });
  afterAll(() => code.remove());

  test.each(cases.map(([name], index) => [name, index] as const))('%s', (_, index) => {
    expect(first[index]?.failure).toBeUndefined();
    expect(second[index]?.failure).toBeUndefined();
    expect(second[index]).toEqual(first[index]);
  });
});
