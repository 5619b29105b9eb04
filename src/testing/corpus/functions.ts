import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parse } from 'devalue';
import { type NamedValue, returns, script, valuesOf } from './named-value.js';

const forms = valuesOf('functions of every form');
const named = valuesOf('functions of the language, of Node and of packages');
const dressed = valuesOf('functions with properties');

type Fn = (...args: unknown[]) => unknown;

const members = {
  tens: 10,
  method(n: number) {
    return n * this.tens;
  },
  async wait(n: number) {
    await null;
    return n;
  },
  *count(n: number) {
    for (let i = 0; i < n; i += 1) yield i;
  },
  ['com' + 'puted']() {
    return 'computed';
  },
  get got(): number {
    return this.tens;
  },
};

/** Functions: every form of text, of capture and of origin. */
export const functions: readonly NamedValue[] = [
  forms.code('a function', () => (a: number, b: number) => a + b, { check: returns(5, 2, 3) }),
  forms.code(
    'an arrow with a body',
    () => (a: number, b: number) => {
      const sum = a + b;
      return { sum };
    },
    { check: returns({ sum: 5 }, 2, 3) },
  ),
  forms.code('an arrow that returns nothing', () => () => {}, { check: returns(undefined) }),
  forms.code(
    'a function declaration',
    () => {
      function declared(a: number): number {
        return a + 1;
      }
      return declared;
    },
    { check: returns(8, 7) },
  ),
  forms.code('a function expression without a name', () => script('return [function () { return "anonymous" }][0]'), {
    check: returns('anonymous'),
  }),
  forms.code(
    'a function with defaults, rest and patterns',
    () =>
      (
        { a, b: { c = 3 } = {} }: { a: number; b?: { c?: number } },
        [d, ...e]: number[] = [4],
        f = a + c,
        ...rest: number[]
      ) => [a, c, d, e, f, rest],
    { check: returns([1, 3, 4, [], 4, []], { a: 1 }) },
  ),
  forms.code(
    'a function with `this`',
    () =>
      function (this: { n: number }) {
        return this.n;
      },
    { check: (actual) => assert.equal((actual as () => number).call({ n: 6 }), 6) },
  ),
  forms.code('a method', () => members.method, {
    check: (actual) => assert.equal((actual as typeof members.method).call({ tens: 2 } as typeof members, 21), 42),
  }),
  forms.code('a method with a computed name', () => members[('com' + 'puted') as 'computed' & keyof typeof members], {
    check: returns('computed'),
  }),
  forms.code('the function of a getter', () => Object.getOwnPropertyDescriptor(members, 'got')?.get, {
    check: (actual) => assert.equal((actual as () => number).call({ tens: 3 }), 3),
  }),
  forms.code(
    'an async function',
    () => async (n: number) => {
      const one = await Promise.resolve(1);
      return n + one;
    },
    { check: (actual) => assert.ok((actual as Fn)(1) instanceof Promise) },
  ),
  forms.code('an async method', () => members.wait),
  forms.code(
    'a generator function',
    () =>
      function* (n: number) {
        const got: unknown = yield n;
        yield [got, n + 1];
      },
    {
      check: (actual) => {
        const running = (actual as (n: number) => Generator<unknown, void, unknown>)(1);
        assert.deepStrictEqual([running.next().value, running.next('x').value], [1, ['x', 2]]);
      },
    },
  ),
  forms.code('a generator method', () => members.count, {
    check: (actual) => assert.deepStrictEqual([...(actual as typeof members.count)(3)], [0, 1, 2]),
  }),
  forms.code(
    'an async generator function',
    () =>
      async function* (n: number) {
        yield await Promise.resolve(n);
      },
  ),
  forms.code(
    'a function that calls itself by its name',
    () =>
      function factorial(n: number): number {
        return n < 2 ? 1 : n * factorial(n - 1);
      },
    { check: returns(120, 5) },
  ),
  forms.code(
    'a function of the old kind that makes objects',
    () =>
      script(
        'function Point(x) { this.x = x } Point.prototype.twice = function () { return 2 * this.x }; return Point',
      ),
    {
      check: (actual) => assert.equal(new (actual as new (x: number) => { twice(): number })(4).twice(), 8),
    },
  ),
  forms.code('a sloppy function with `arguments`', () => script('return function () { return arguments.length }'), {
    check: returns(3, 1, 2, 3),
  }),
  forms.code('a function with `new.target`', () => script('return function T() { return new.target === T }'), {
    check: returns(false),
  }),
  forms.code(
    'a function with comments and odd spacing',
    () => script('return (a /* one */,\n\n  b) =>   a // two\n + b'),
    { check: returns(3, 1, 2), sameContentAs: 'a function' },
  ),
  forms.code(
    'a function with text of every kind',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of code
    () => script('return (x) => `a${`b${x}`}` + "\\u2028" + /[/`]/.source + "é"'),
    { check: returns('ab1\u2028[/`]é', 1) },
  ),
  named.code('Math.max', () => Math.max, { check: (actual) => assert.equal(actual, Math.max) }),
  named.code('Array', () => Array, { check: (actual) => assert.equal(actual, Array) }),
  named.code('Array.prototype.map', () => Array.prototype.map, {
    check: (actual) => assert.equal(actual, Array.prototype.map),
  }),
  named.code('Function.prototype', () => Function.prototype, {
    check: (actual) => assert.equal(actual, Function.prototype),
  }),
  named.code('the constructor of generators', () => Object.getPrototypeOf(function* () {}).constructor),
  named.code('Math', () => Math, { check: (actual) => assert.equal(actual, Math) }),
  named.code('JSON', () => JSON, { check: (actual) => assert.equal(actual, JSON) }),
  named.code('structuredClone', () => structuredClone, { check: (actual) => assert.equal(actual, structuredClone) }),
  named.code('a function of a module of Node', () => join, { check: (actual) => assert.equal(actual, join) }),
  named.code('a class of Node', () => Buffer, { check: (actual) => assert.equal(actual, Buffer) }),
  named.code('a function of a package', () => parse, {
    check: (actual) => assert.deepStrictEqual((actual as typeof parse)('[[1],2]'), [2]),
  }),
  named.code('Math.max, bound', () => Math.max.bind(null, 5), { check: returns(5, 3) }),
  dressed.code('a function with properties', () => Object.assign((n: number) => n, { unit: 'm', limits: [1, 2] }), {
    check: (actual) => assert.equal((actual as { unit: string }).unit, 'm'),
  }),
  dressed.code(
    'a function that holds itself',
    () => {
      const fn: Fn & { self?: unknown } = () => fn.self === fn;
      fn.self = fn;
      return fn;
    },
    { check: returns(true) },
  ),
  dressed.code('a function with another name', () => Object.defineProperty(() => 1, 'name', { value: 'renamed' }), {
    check: (actual) => assert.equal((actual as Fn).name, 'renamed'),
  }),
  dressed.code(
    'a function with another prototype',
    () => script('function F() {} F.prototype = { constructor: F, kind: "replaced" }; return F'),
    { check: (actual) => assert.equal(new (actual as new () => { kind: string })().kind, 'replaced') },
  ),
  dressed.everything(
    'a function with a hidden property',
    () => Object.defineProperty(() => 1, 'hidden', { value: 2 }),
    {
      check: (actual) => assert.equal((actual as { hidden: number }).hidden, 2),
    },
  ),
  dressed.everything(
    'a function with a getter',
    () => Object.defineProperty(() => 1, 'now', { get: () => 3, enumerable: true, configurable: true }),
    { check: (actual) => assert.equal((actual as { now: number }).now, 3) },
  ),
];
