import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import { codeDigester, type HashCode } from '../../src/calls/code-digest.js';
import type { Callable } from '../../src/internal/functions/function-source.js';
import { looks } from '../../src/internal/functions/scopes.js';

/** The code digest of `fn` now. */
function code(fn: unknown, hashCode: HashCode = 'closure'): string | null {
  return codeDigester(fn as Callable, hashCode, 'f')();
}

/** Functions of a text, untouched by the compiler of the tests: `js('k = 1', '() => k')` captures `k`. */
function js(declarations: string, expression: string): Callable {
  return new Function(`${declarations}; return ${expression}`)() as Callable;
}

/** Whether the keys of two functions with these declarations are the same. */
function same(expression: string, one: string, other: string): boolean {
  return code(js(one, expression)) === code(js(other, expression));
}

describe('what a function captures', () => {
  test.each<[string, string, string, string, boolean]>([
    ['a constant', '() => k', 'const k = 1', 'const k = 1', true],
    ['another constant', '() => k', 'const k = 1', 'const k = 2', false],
    ['1 and "1"', '() => k', 'const k = 1', 'const k = "1"', false],
    ['0 and -0', '() => k', 'const k = 0', 'const k = -0', false],
    ['a variable and a constant', '() => k', 'const k = 1', 'let k = 1', true],
    ['under another name', '() => k', 'const k = 1, other = 2', 'const k = 1', true],
    ['data inside', '() => k.a[0]', 'const k = { a: [1] }', 'const k = { a: [2] }', false],
    ['data in another order', '() => k', 'const k = { a: 1, b: 2 }', 'const k = { b: 2, a: 1 }', true],
    ['a helper', '() => h()', 'const h = () => 1', 'const h = () => /* one */ 1', true],
    ['a helper that is edited', '() => h()', 'const h = () => 1', 'const h = () => 2', false],
    ["a helper's helper", '() => h()', 'const g = () => 1, h = () => g()', 'const g = () => 2, h = () => g()', false],
    ["a helper's constant", '() => h()', 'const k = 1, h = () => k', 'const k = 2, h = () => k', false],
    ['a helper in an object', '() => o.h()', 'const o = { h: () => 1 }', 'const o = { h: () => 2 }', false],
    ['a helper in a Map', '() => o', 'const o = new Map([[1, () => 1]])', 'const o = new Map([[1, () => 2]])', false],
    [
      'two helpers that change places',
      '() => o',
      'const a = () => 1, b = () => 2, o = [a, b]',
      'const a = () => 1, b = () => 2, o = [b, a]',
      false,
    ],
    ['two copies of one helper', '() => a() + b()', 'const a = () => 1, b = a', 'const a = () => 1, b = () => 1', true],
    ['a bound helper', '() => h()', 'const h = ((n) => n).bind(null, 1)', 'const h = ((n) => n).bind(null, 2)', false],
    ['a property of a helper', '() => h.k', 'const h = () => 1; h.k = 1', 'const h = () => 1; h.k = 2', false],
    ['a class', '() => new A().m()', 'class A { m() { return 1 } }', 'class A { m() { return 2 } }', false],
    ['a static field', '() => A.k', 'class A { static k = 1 }', 'class A { static k = 1; }', true],
    ['another static field', '() => A.k', 'class A { static k = 1 }', 'class A { static k = 1 } A.k = 2', false],
    [
      'the base of a class',
      '() => new B()',
      'class A { m() { return 1 } } class B extends A {}',
      'class A { m() { return 2 } } class B extends A {}',
      false,
    ],
    [
      'the class of an instance',
      '() => a.m()',
      'class A { m() { return 1 } } const a = new A()',
      'class A { m() { return 2 } } const a = new A()',
      false,
    ],
    [
      'the class of an instance inside',
      '() => o',
      'class A { m() { return 1 } } const o = [{ a: new A() }]',
      'class A { m() { return 2 } } const o = [{ a: new A() }]',
      false,
    ],
    ['a name of the language', '() => Map', 'const Map = 1', 'const Map = 2', false],
    ['a name of Node', '() => crypto', 'const crypto = 1', 'const crypto = 2', false],
    ['a variable that it assigns', '() => { n = 1 }', 'let n = 0', 'let n = 5', true],
    [
      'a member that it assigns',
      '() => { o.n++; return o.k }',
      'const o = { n: 0, k: 1 }',
      'const o = { n: 7, k: 1 }',
      true,
    ],
    [
      'a member beside it',
      '() => { o.n++; return o.k }',
      'const o = { n: 0, k: 1 }',
      'const o = { n: 0, k: 2 }',
      false,
    ],
    [
      'a static member that it assigns',
      '() => ++A.n',
      'class A { static n = 0 }',
      'class A { static n = 0 } A.n = 7',
      true,
    ],
    [
      'a counter in a class',
      '() => A.next()',
      'class A { static n = 0; static next() { return ++A.n } }',
      'class A { static n = 0; static next() { return ++A.n } } A.next()',
      true,
    ],
    [
      'a counter behind a helper',
      '() => h()',
      'let n = 0; const h = () => ++n',
      'let n = 5; const h = () => ++n',
      true,
    ],
    ['itself', 'function f(n) { return n && f(n - 1) }', '', 'const x = 1', true],
    ['a shorthand', '() => ({ k })', 'const k = 1', 'const k = 2', false],
    ['defaults of parameters', '(x = k) => x', 'const k = 1', 'const k = 2', false],
  ])('%s', (_, expression, one, other, expected) => {
    expect(same(expression, one, other)).toBe(expected);
  });

  test('is read again each time', () => {
    const [f, set] = js('let k = 1', '[() => k, (to) => { k = to }]') as unknown as [Callable, (to: unknown) => void];
    const digest = codeDigester(f, 'closure', 'f');
    const first = digest();
    set(2);
    expect(digest()).not.toBe(first);
    set(1);
    expect(digest()).toBe(first);
    const data = { deep: [1] };
    set(data);
    const before = digest();
    data.deep.push(2);
    expect(digest()).not.toBe(before);
    data.deep.pop();
    expect(digest()).toBe(before);
    set((x: number) => x + 1);
    const withHelper = digest();
    set((x: number) => x + 2);
    expect(digest()).not.toBe(withHelper);
  });

  test('may not exist yet', () => {
    const [f, early] = new Function(
      'code',
      'const f = () => [k]; const early = code(f); const k = 1; return [f, early]',
    )(code) as [Callable, string];
    expect(code(f)).toBe(code(f));
    expect(code(f)).not.toBe(early);
  });
});

describe('functions that call one another', () => {
  const pair = (odd = 'n !== 0 && even(n - 1)'): readonly Callable[] =>
    js(
      `const even = (n) => n === 0 || odd(n - 1); const odd = (n) => ${odd}`,
      '[even, odd, () => odd]',
    ) as unknown as Callable[];

  test('have digests that do not depend on which is asked first', () => {
    const [even, odd] = pair();
    const [sameEven, sameOdd] = pair();
    expect([code(even), code(odd)]).toEqual([code(sameOdd), code(sameEven)].reverse());
    expect(code(even)).not.toBe(code(odd));
    expect(code(pair()[2])).toBe(code(pair()[2]));
  });

  test('notice a change anywhere in the circle', () => {
    for (const at of [0, 1, 2]) expect(code(pair()[at])).not.toBe(code(pair('n === 1 || even(n - 1)')[at]));
  });

  test('of a whole registry take no longer than their number', () => {
    const registry = (last: number): Callable =>
      js(
        `const all = {}; for (let i = 0; i < 12; i++) all['f' + i] = new Function('all', 'i', 'return (x) => [all, i]')(all, i < 11 ? i : ${last})`,
        'all.f0',
      );
    expect(code(registry(11))).toBe(code(registry(11)));
    expect(code(registry(11))).not.toBe(code(registry(12)));
  });
});

describe('the names that compilers make', () => {
  const variants = [
    ['k', 'const k = 1, helper = (x) => x'],
    ['exports.k', 'const exports = { k: 1, helper: (x) => x, other: 3 }'],
    ['lib_1.k', 'const lib_1 = { __esModule: true, k: 1, helper: (x) => x, other: 4 }'],
    ['lib_7.k', 'const lib_7 = { __esModule: true, k: 1, helper: (x) => x }'],
  ] as const;

  test('do not count: a variable is what it holds', () => {
    const digests = variants.map(([k, declarations]) => {
      const prefix = k.slice(0, -1);
      const called = prefix === '' ? 'helper(2)' : `(0, ${prefix}helper)(2)`;
      return code(js(declarations, `(x) => ({ a: ${k} + ${called}, k: ${k} })`));
    });
    expect(new Set(digests).size).toBe(1);
  });

  test('of default imports, namespaces and named exports of Node', () => {
    const path = process.getBuiltinModule('node:path');
    const make = (expression: string, values: object): string | null =>
      code(new Function(...Object.keys(values), `return ${expression}`)(...Object.values(values)));
    expect(make('() => path_1.default.join("a")', { path_1: { default: path } })).toBe(
      make('() => path.join("a")', { path }),
    );
    expect(make('() => exports.path.join("a")', { exports: { path } })).toBe(make('() => path.join("a")', { path }));
    expect(make('() => (0, fs_1.join)("a")', { fs_1: path })).toBe(make('() => join("a")', { join: path.join }));
    expect(make('() => exports.join("a")', { exports: { join: path.join } })).toBe(
      make('() => join("a")', { join: path.join }),
    );
  });

  test('of what a class extends', () => {
    const one = js('class A { m() { return 1 } }', 'class B extends A {}');
    const other = js('const exports = { A: class A { m() { return 1 } } }', 'class B extends exports.A {}');
    expect(code(one)).toBe(code(other));
  });
});

describe('code of libraries', () => {
  test('counts by its name, and is never looked into', () => {
    expect(code(() => join('a'))).toBe(code(() => join('a')));
    expect(code(() => createHash('sha256'))).not.toBe(code(() => join('sha256')));
    const use = (fn: unknown) => () => fn;
    expect(code(use(parse))).not.toBe(code(use(join)));
    expect(code(use(parse))).toBe(code(use(parse)));
  });
});

describe('a function that captures nothing', () => {
  test('counts as its text alone, as in caches of before', () => {
    expect(code((a: number, b: number) => a + b)).toBe(code((a: number, b: number) => a + b, 'source'));
    expect(code(() => [Math.max(1), Buffer.from('a')])).toBe(code(() => [Math.max(1), Buffer.from('a')], 'source'));
  });

  test('is looked into once at most', () => {
    const digest = codeDigester(js('', '() => process.pid'), 'closure', 'f');
    digest();
    const before = looks();
    digest();
    expect(looks()).toBe(before);
  });
});

test("'source' counts the text alone, false nothing", () => {
  const [one, other] = [js('const k = 1', '() => k'), js('const k = 2', '() => k')];
  expect(code(one, 'source')).toBe(code(other, 'source'));
  expect(code(one, 'source')).not.toBe(code(js('', '() => 1'), 'source'));
  expect(code(one, false)).toBeNull();
});

describe('a second digest', () => {
  test.each<[string, string, string]>([
    ['constants and helpers', 'const k = 1, h = (x) => x + k', '(x) => h(x) * k'],
    ['parameters of a function around it', 'const make = (k) => () => k', 'make(5)'],
  ])('of a function that captures %s needs no look into V8', (_, declarations, expression) => {
    const digest = codeDigester(js(declarations, expression), 'closure', 'f');
    const first = digest();
    const before = looks();
    expect(digest()).toBe(first);
    expect(looks()).toBe(before);
  });

  test('of one that captures functions of Node and numbers is not made at all', () => {
    const digest = codeDigester(
      new Function('join', 'const k = 1; return () => join("a", k)')(join) as Callable,
      'closure',
      'f',
    );
    const first = digest();
    const own = Object.keys;
    const asked: unknown[] = [];
    Object.keys = (of: object) => {
      asked.push(of);
      return own(of);
    };
    try {
      expect(digest()).toBe(first);
    } finally {
      Object.keys = own;
    }
    expect(asked).toEqual([]);
  });

  test('nor does one whose script was there before anybody looked', () => {
    const [one, other] = [js('const k = "there"', '() => k'), js('const k = "before"', '() => k')];
    code(one);
    const digest = codeDigester(other, 'closure', 'f');
    digest();
    const before = looks();
    digest();
    expect(looks()).toBe(before);
  });

  test('of one that captures a variable looks again', () => {
    const digest = codeDigester(js('let k = 1; const set = () => { k = 2 }', '() => k'), 'closure', 'f');
    digest();
    const before = looks();
    digest();
    expect(looks()).toBeGreaterThan(before);
  });
});

describe('what nobody can see', () => {
  const noticesOf = async (body: () => void): Promise<string[]> => {
    const told: string[] = [];
    const listen = (warning: Error): void => void told.push(warning.message);
    process.on('warning', listen);
    body();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', listen);
    return told;
  };

  test.each<[string, Callable, string]>([
    ['`this`', js('function make() { return () => [this, 1] }', 'make.call({})'), 'the `this` of an outer function'],
    ['eval', js('', '() => eval("2")'), 'a direct `eval`'],
    ['a helper', js('const h = () => eval("3")', '() => h()'), 'a direct `eval` in h, which it calls'],
  ])('counts by the text: %s', async (_, fn, expected) => {
    const digest = codeDigester(fn, 'closure', 'f');
    const told = await noticesOf(() => expect(digest()).toBe(digest()));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`f uses ${expected}, which nobody can see. A change of it is not noticed`);
  });

  test.each<[string, string, string, string]>([
    ['a WeakMap', 'new WeakMap()', 'new WeakSet()', 'held'],
    ['a Proxy', 'new Proxy({}, {})', 'new WeakMap()', 'held'],
    ['a Proxy of a function', 'new Proxy(() => 1, {})', 'new WeakMap()', 'held'],
    ['a promise inside', '[{ a: Promise.resolve(1), b: 1 }]', '[{ a: Promise.resolve(1), b: 2 }]', 'held[0].a'],
    [
      'a weak set in a Map',
      'new Map([["k", new WeakSet()], ["n", 1]])',
      'new Map([["k", new WeakSet()], ["n", 2]])',
      'held.get("k")',
    ],
    ['a symbol', 'Symbol("one")', 'Symbol("two")', 'held'],
  ])('%s counts by its type, all around it by what it holds', async (name, one, other, place) => {
    const make = (text: string): Callable => js(`const held = ${text}`, `() => [held, ${JSON.stringify(name)}]`);
    const told = await noticesOf(() => {
      expect(code(make(one))).toBe(code(make(one)));
      expect(code(make(one))).not.toBe(code(make(other)));
    });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`f uses the variable ${place}, which counts by its name and type alone`);
  });

  test('a cycle through something without a digest ends', () => {
    const cyclic = 'const held = { a: new WeakMap(), k: 1 }; held.self = [held]';
    expect(same('() => held', cyclic, cyclic)).toBe(true);
    expect(same('() => held', cyclic, `${cyclic}; held.k = 2`)).toBe(false);
  });
});

test('`require` is no code of the user, also where a host wraps it', () => {
  const require = createRequire(import.meta.url);
  const use = (value: unknown): Callable => new Function('require', 'return () => require("node:os").EOL')(value);
  const wrapper = new Proxy(require, { apply: (target, self, given) => Reflect.apply(target, self, given) });
  expect(code(use(wrapper))).toBe(code(use(require)));
});
