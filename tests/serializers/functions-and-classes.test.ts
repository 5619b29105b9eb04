/** What hangs on functions and classes beside their text, in the process that wrote it and in one that never saw it. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { cloudpickle } from '../../src/serializers/index.js';
import { type Compiled, compiled } from './second-process.js';

const both = ['cloudpickle', 'dill'];
/** Rungs, JavaScript that makes a value, and an expression over `v` that uses it. */
const cases: readonly (readonly [name: string, rungs: readonly string[], make: string, use: string])[] = [
  [
    'a reparented function',
    both,
    'const parent = () => 1; parent.inherited = 7; const f = () => 2; Object.setPrototypeOf(f, parent); return f',
    '[v(), v.inherited, Object.getPrototypeOf(v)()]',
  ],
  [
    'a function without a prototype',
    both,
    'return Object.setPrototypeOf(() => 3, null)',
    '[v(), Object.getPrototypeOf(v)]',
  ],
  [
    'a reparented class',
    both,
    'class A { a() { return "a" } } class B { b() { return "b" } } class C extends A { c() { return "c" + super.b?.() + super.a?.() } } Object.setPrototypeOf(C.prototype, B.prototype); Object.setPrototypeOf(C, B); return [new C(), B]',
    '[v[0].c(), v[0].b(), v[0] instanceof v[1], Object.getPrototypeOf(v[0].constructor) === v[1]]',
  ],
  [
    'a class whose prototype alone was moved',
    both,
    'class A { static s = 1; a() { return "a" } } class B { b() { return "b" } } class C extends A {} Object.setPrototypeOf(C.prototype, B.prototype); return C',
    '[v.s, v.prototype.b(), "a" in v.prototype, Object.getPrototypeOf(v).name]',
  ],
  [
    'a class that extends null',
    both,
    'class N extends null { static s() { return 4 } m() { return 5 } } return N',
    '[v.s(), v.prototype.m(), Object.getPrototypeOf(v.prototype), Object.getPrototypeOf(v) === Function.prototype]',
  ],
  [
    'deleted members',
    both,
    'class A { m() {} n() { return 1 } static s() {} static t = 2 } delete A.prototype.m; delete A.s; delete A.t; return A',
    '["m" in v.prototype, v.prototype.n(), "s" in v, "t" in v]',
  ],
  [
    'a deleted name',
    both,
    'const f = (a, b) => 1; delete f.name; delete f.length; return f',
    '[Object.getOwnPropertyNames(v), v.name, v.length]',
  ],
  [
    'a changed name',
    both,
    'const f = () => 1; Object.defineProperty(f, "name", { value: "other" }); return f',
    '[v.name, Object.getOwnPropertyDescriptor(v, "name")]',
  ],
  [
    'a changed length',
    ['dill'],
    'const f = (a) => 1; Object.defineProperty(f, "length", { value: 9 }); return f',
    '[v.length, Object.getOwnPropertyDescriptor(v, "length")]',
  ],
  [
    'a bound function with properties',
    both,
    'const f = function (a, b) { return this.k + a + b }.bind({ k: 1 }, 2); f.extra = [f]; return f',
    '[v(3), v.extra[0] === v, v.name, v.length]',
  ],
  ['a frozen bound function', both, 'return Object.freeze((() => 1).bind(null))', '[v(), Object.isFrozen(v), v.name]'],
  [
    'a sealed function with a property',
    both,
    'return Object.seal(Object.assign(() => 1, { p: 2 }))',
    '[v.p, Object.isSealed(v), Object.isFrozen(v)]',
  ],
  [
    'a method that is one with that of its class',
    both,
    'class A { m() { return 1 } get g() { return 2 } static s() { return 3 } } return [A, A.prototype.m, Object.getOwnPropertyDescriptor(A.prototype, "g").get, A.s]',
    '[v[0].prototype.m === v[1], Object.getOwnPropertyDescriptor(v[0].prototype, "g").get === v[2], v[0].s === v[3], v[1](), v[3]()]',
  ],
  [
    'a method that comes before its class',
    both,
    'class A { m() { return 1 } } return { m: A.prototype.m, made: new A() }',
    '[v.m === v.made.m, v.m()]',
  ],
  [
    'the prototype of a generator function',
    both,
    'function* g() { yield 1 } g.prototype.twice = function () { return 2 * this.next().value }; return g',
    '[v().twice(), v.prototype.constructor === Object.getPrototypeOf(function* () {}).prototype.constructor, Object.getPrototypeOf(v.prototype) === Object.getPrototypeOf(function* () {}).prototype]',
  ],
  [
    'subclasses of errors',
    both,
    'class T extends TypeError { constructor(m) { super(m); this.code = 1 } get loud() { return this.message + "!" } } class U extends T {} class G extends AggregateError {} return [new T("t"), new U("u", { cause: 1 }), new G([1, 2], "g")]',
    'v.map((e) => [e.message, e.name, e.code, e.loud, e instanceof TypeError, e instanceof AggregateError, e instanceof Error, e.errors, e.constructor.name, Object.prototype.toString.call(e)])',
  ],
  [
    'a subclass of URL',
    both,
    'class U extends URL { get last() { return this.pathname.split("/").at(-1) } } return new U("https://a.b/c/d?e=f")',
    '[v.last, v.href, v.searchParams.get("e"), v instanceof URL, v.constructor.name]',
  ],
  ['import()', both, 'return async () => (await import("node:path")).posix.join("a", "b")', 'await v()'],
  [
    'private statics',
    ['dill'],
    'class A { static #count = 0; static #log = []; static next() { A.#log.push(A.#count); return [++A.#count, A.#log.length] } static #own() { return 5 } static own() { return A.#own() } } A.next(); return A',
    '[v.next(), v.own(), v.name, Object.getOwnPropertyNames(v).sort()]',
  ],
  [
    'one closure over one variable, twice',
    both,
    'let n = 0; const inc = () => ++n; return { inc, again: inc }',
    '[v.inc(), v.again(), v.inc === v.again]',
  ],
  [
    'closures over one variable that neither assigns',
    both,
    'const shared = { n: 0 }; return { inc: () => ++shared.n, get: () => shared.n }',
    '[v.inc(), v.inc(), v.get()]',
  ],
];

const each = cases.flatMap(([name, rungs, make, use]) =>
  rungs.map((rung) => [`${name}, ${rung}`, rung, make, use] as const),
);

describe('kept', () => {
  let code: Compiled;
  let before: unknown[];
  let here: unknown[];
  let there: unknown[];

  beforeAll(() => {
    code = compiled();
    const file = (index: number): string => JSON.stringify(join(code.directory, `value-${index}`));
    const reports = (body: (make: string, use: string, rung: string, index: number) => string): unknown[] =>
      code.reports(each.map(([, rung, make, use], index) => body(make, use, rung, index)));
    before = reports((make, use) => `const v = (() => { ${make} })(); return ${use}`);
    here = reports(
      (make, use, rung, index) =>
        `dump('${rung}', ${file(index)}, (() => { ${make} })()); const v = load('${rung}', ${file(index)}); return ${use}`,
    );
    there = reports((_, use, rung, index) => `const v = load('${rung}', ${file(index)}); return ${use}`);
  });
  afterAll(() => code.remove());

  test.each(each.map(([name], index) => [name, index] as const))('%s', (_, index) => {
    expect(String(before[index])).not.toContain('failed');
    expect(here[index]).toEqual(before[index]);
    expect(there[index]).toEqual(before[index]);
  });
});

describe('refused', () => {
  test.each<[string, string, string]>([
    [
      'a changed length',
      'const f = (a) => 1; Object.defineProperty(f, "length", { value: 9 }); return { f }',
      '.f.length; dill can',
    ],
    ['private statics', 'return [class { static #n = 1 }]', '[0]; dill can'],
    [
      'a method with properties of its own',
      'class A { m() {} } A.prototype.m.extra = 1; return A',
      'a method with properties of its own at .prototype.m; keep them beside the class',
    ],
  ])('%s', (_, body, message) => {
    const value: unknown = new Function(body)();
    try {
      cloudpickle.dump(value);
      expect.unreachable();
    } catch (error) {
      if (!isFlecheError(error, 'Serialization')) throw error;
      expect(error.message).toContain(message);
    }
  });
});
