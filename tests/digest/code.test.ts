/** Functions and classes that refer to one another: what counts of them, and that each is looked at once. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digest } from '../../src/digest/index.js';
import { looks } from '../../src/internal/functions/scopes.js';
import { cloudpickle } from '../../src/serializers/index.js';
import { collectWarnings } from '../cache/support.js';
import { roundTrip } from '../serializers/bytes.js';

const warnings = collectWarnings();

/** What an expression gives after declarations, untouched by the compiler of the tests. */
const js = (declarations: string, expression: string): unknown =>
  new Function(`${declarations}; return ${expression}`)() as unknown;

describe('functions that call one another', () => {
  /** Functions of which each calls all others; the last one adds `last`. */
  const dense = (count: number, last: number): unknown[] => {
    const names = Array.from({ length: count }, (_, i) => `f${i}`);
    const calls = (own: string): string => names.filter((name) => name !== own).join('(x) + ');
    const texts = names.map((name, i) => `const ${name} = (x) => ${calls(name)}(x) + ${i < count - 1 ? i : last}`);
    return js(texts.join(';'), `[${names.join()}]`) as unknown[];
  };

  test('are looked at once each, however many they are', () => {
    const all = dense(60, 1);
    digest(all);
    const before = looks();
    const [whole, first, last] = [digest(all), digest(all[0]), digest(all[59])];
    expect(looks() - before).toBeLessThanOrEqual(3 * 60);
    expect([digest(dense(60, 1)), digest(dense(60, 1)[0])]).toEqual([whole, first]);
    const edited = dense(60, 2);
    for (const i of [0, 30, 59]) expect(digest(edited[i])).not.toBe(digest(all[i]));
    expect(new Set([whole, first, last]).size).toBe(3);
  });

  test('in a ring of 300 that are alike but for one', () => {
    const ring = (odd: number): unknown => {
      const next: { f?: unknown }[] = Array.from({ length: 300 }, () => ({}));
      const make = new Function('to', 'n', 'return () => [to, n]') as (to: unknown, n: number) => unknown;
      next.forEach((holder, i) => {
        holder.f = make(next[(i + 1) % 300], i === odd ? 1 : 0);
      });
      return next[0]?.f;
    };
    expect(digest(ring(5))).toBe(digest(ring(5)));
    expect(digest(ring(5))).not.toBe(digest(ring(6)));
  });

  test('have the digest of the whole they are in, wherever it is entered', () => {
    const pair = (odd: string): unknown[] =>
      js(`const even = (n) => n === 0 || odd(n - 1), odd = (n) => ${odd}`, '[even, odd, [odd, even]]') as unknown[];
    const [one, other] = [pair('n !== 0 && even(n - 1)'), pair('n !== 0 && even(n - 1)')];
    expect(one.map((value) => digest(value))).toEqual(other.map((value) => digest(value)));
    const edited = pair('n === 1 || even(n - 1)');
    for (const at of [0, 1, 2]) expect(digest(edited[at])).not.toBe(digest(one[at]));
  });

  test('and instances of classes that use each other', () => {
    const classes = (change: number): object[] => {
      const names = Array.from({ length: 12 }, (_, i) => `C${i}`);
      const texts = names.map((name, i) => `class ${name} { run() { return [all, ${i < 11 ? i : change}] } }`);
      return js(
        `const all = [];${texts.join(';')};all.push(${names.map((n) => `new ${n}`).join()})`,
        'all',
      ) as object[];
    };
    expect(digest(classes(11))).toBe(digest(classes(11)));
    expect(digest(classes(11)[0])).not.toBe(digest(classes(12)[0]));
  });

  test('are refused where one of them has no digest, but for classes, which count it by its kind', () => {
    const parts = js(
      'const a = () => b(), b = () => c(), c = () => a() + eval("1"); class M { f() { return a() + b.k } } b.m = () => new M()',
      '[a, b, c, new M()]',
    ) as unknown[];
    const what = 'cannot digest a function that uses a direct `eval` at';
    expect(() => digest(parts[0])).toThrow(`${what} ["captured variable b"]["captured variable c"]`);
    expect(() => digest(parts[1])).toThrow(`${what} ["captured variable c"]`);
    expect(() => digest(parts[2])).toThrow(`${what} the value itself`);
    expect(digest(parts[3])).toBe(digest(parts[3]));
  });
});

describe('the names of captured variables do not count', () => {
  const text = (k: string, helper: string): string => `(x) => ({ a: ${k} + ${helper}(2), k: ${k} })`;
  const cells = [
    ['const k = 1, helper = (x) => x', text('k', 'helper')],
    ['const other = 1, scale = (x) => x', text('other', 'scale')],
    ['const exports = { k: 1, helper: (x) => x, more: 3 }', text('exports.k', '(0, exports.helper)')],
    ['const lib_1 = { __esModule: true, k: 1, helper: (x) => x, more: 4 }', text('lib_1.k', '(0, lib_1.helper)')],
    ['const lib_7 = { __esModule: true, k: 1, helper: (x) => x }', text('lib_7.k', '(0, lib_7.helper)')],
  ] as const;

  test('of functions', () => {
    expect(new Set(cells.map(([declarations, fn]) => digest(js(declarations, fn)))).size).toBe(1);
    expect(digest(js('const exports = { k: 2, helper: (x) => x }', cells[2][1]))).not.toBe(digest(js(...cells[0])));
    expect(digest(js('const a = 1, b = 2', '() => a - b'))).not.toBe(digest(js('const a = 1, b = 2', '() => b - a')));
    expect(digest(js('const lib_1 = { a: 1 }, k = 1', '(k) => lib_1.a + k'))).not.toBe(
      digest(js('const lib_1 = { a: 1 }', '(k) => k + lib_1.a')),
    );
  });

  test('of classes and of modules', () => {
    const instances = cells.map(([declarations, fn]) =>
      js(declarations, `new class A { f = 1; g(y) { return (${fn})(y) } }`),
    );
    expect(new Set(instances.map((value) => digest(value))).size).toBe(1);
    const path = process.getBuiltinModule('node:path');
    const use = (expression: string, scope: object): string =>
      digest(new Function(...Object.keys(scope), `return ${expression}`)(...Object.values(scope)));
    const plain = use('() => path.join("a")', { path });
    expect(use('() => path_1.default.join("a")', { path_1: { default: path } })).toBe(plain);
    expect(use('() => path_2.default.join("a")', { path_2: { default: path } })).toBe(plain);
    expect(use('() => exports.path.join("a")', { exports: { path } })).toBe(plain);
    expect(use('() => (0, path_1.join)("a")', { path_1: path })).toBe(use('() => join("a")', { join: path.join }));
  });

  test('but a variable with the name of a global is no global', () => {
    expect(digest(js('const Map = 1', '() => Map'))).not.toBe(digest(js('const Map = 2', '() => Map')));
  });
});

describe('what a class assigns is an output', () => {
  test.each([
    ['a variable', 'let n = 0', 'n += 1'],
    ['a variable of another cell', 'const exports = { n: 0 }', 'exports.n += 1'],
    ['a member', 'const stats = { calls: 0, k: 1 }', 'stats.calls += stats.k'],
    ['a variable in a static method', 'let n = 0', '} static make() { n += 1', '.constructor.make()'],
  ])('%s', (_, declarations, statement, run = '.run()') => {
    const make = (): { value: object; run: () => void } =>
      js(
        declarations,
        `(() => { const value = new class A { run() { ${statement} } }; return { value, run: () => value${run} } })()`,
      ) as ReturnType<typeof make>;
    const { value, run: runs } = make();
    const before = digest(value);
    runs();
    expect(digest(value)).toBe(before);
    expect(digest([value, make().value])).toBe(digest([make().value, value]));
  });

  test('what stands beside it is none', () => {
    const make = (k: number): unknown => js(`const o = { n: 0, k: ${k} }`, 'new class A { run() { o.n += o.k } }');
    expect(digest(make(1))).not.toBe(digest(make(2)));
  });
});

describe('what functions have beside their text', () => {
  const f = (): ((n: number) => number) => (n) => n;
  const hidden = (key: PropertyKey, value: unknown): unknown => Object.defineProperty(f(), key, { value });

  test('counts, hidden or not', () => {
    const dressed = (): unknown[] => [
      f(),
      Object.assign(f(), { unit: 1 }),
      hidden('unit', 1),
      hidden('unit', 2),
      hidden(Symbol.for('unit'), 1),
      Object.defineProperty(f(), 'unit', { get: () => 1 }),
      Object.defineProperty(f(), 'unit', { get: () => 2 }),
      js('function F() {}', 'F'),
      js('function F() {} F.prototype.twice = () => 2', 'F'),
      js('function F() {} F.prototype.twice = () => 3', 'F'),
      js('function F() {} Object.setPrototypeOf(F.prototype, Map.prototype)', 'F'),
      js('class C {}', 'C'),
      js('class C {} C.prototype.twice = () => 2', 'C'),
      js('class C {} C.prototype.twice = 3', 'C'),
      js('class C {} C.made = 1', 'C'),
    ];
    const digests = dressed().map((value) => digest(value));
    expect(dressed().map((value) => digest(value))).toEqual(digests);
    expect(new Set(digests).size).toBe(digests.length);
  });

  test('counts where the body reads it', () => {
    const make = (k: number): unknown => js(`const g = () => g.k; Object.defineProperty(g, 'k', { value: ${k} })`, 'g');
    expect(digest(make(1))).not.toBe(digest(make(2)));
  });

  test('on a prototype, data counts with the instances', () => {
    const make = (k: number): unknown => js(`class A { f() { return this.k } } A.prototype.k = ${k}`, 'new A');
    expect(digest(make(1))).not.toBe(digest(make(2)));
  });

  test('a name is none of it', () => {
    const { a, b } = { a: (n: number) => n, b: (n: number) => n };
    expect(a.name).not.toBe(b.name);
    expect(digest(a)).toBe(digest(b));
  });
});

test('what a class uses and has no digest counts by its kind, and one notice says so', () => {
  const make = (value: string): unknown =>
    js(
      `const held = ${value}, socket = new WeakRef({})`,
      'new class Told { f() { return [held.at, socket, eval("1")] } }',
    );
  const before = digest(make('{ at: new Set([1]) }'));
  expect(digest(make('{ at: new Set([1]) }'))).toBe(before);
  expect(digest(make('{ at: new Set([2]) }'))).not.toBe(before);
  expect(warnings).toEqual([
    "the class Told uses a direct `eval`, which nobody can see; the variable socket, which counts by its kind alone (a WeakRef has no digest). A change of these is not noticed, and an old result may be given: pass what matters as an argument, or give the class a method [Symbol.for('fleche.digest')]().",
  ]);
  digest(js('const _n = new WeakMap()', 'new class Kept { constructor() { _n.set(this, 1) } }'));
  expect(warnings).toHaveLength(1);
});

test('a variable of a function of a package counts, one of the package itself does not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleche-package-'));
  try {
    const root = join(folder, 'node_modules/toolbox');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), '{"name":"toolbox","version":"1.0.0"}');
    writeFileSync(join(root, 'scale.js'), 'module.exports = (by) => (x) => x * by;');
    writeFileSync(
      join(root, 'count.js'),
      'let runs = 0; module.exports = (by) => (x) => { return [x, by, runs] }; module.exports.run = () => ++runs',
    );
    const require = createRequire(join(folder, 'cell.js'));
    const scale = require('toolbox/scale.js') as (by: number) => unknown;
    expect(digest(scale(2))).toBe(digest(scale(2)));
    expect(digest(scale(2))).not.toBe(digest(scale(3)));
    const count = require('toolbox/count.js') as { (by: number): unknown; run(): void };
    const before = digest(count(2));
    count.run();
    expect(digest(count(2))).toBe(before);
    expect(digest(count(3))).not.toBe(before);

    // What uses the package counts by its version, what does not by itself, also when it comes back from a file.
    const other = join(folder, 'other/node_modules');
    cpSync(join(folder, 'node_modules'), other, { recursive: true });
    writeFileSync(join(other, 'toolbox/package.json'), '{"name":"toolbox","version":"1.0.1"}');
    const later = createRequire(join(folder, 'other/cell.js'));
    const [scaleLater, countLater] = ['scale', 'count'].map(
      (name) => later(`toolbox/${name}.js`) as (by: number) => object,
    ) as [typeof scale, typeof scale];
    expect(digest(countLater(2))).not.toBe(before);
    expect(digest(scaleLater(2))).toBe(digest(scale(2)));
    const scaled = Object.assign(scale(2) as object, { unit: 'm' });
    expect(digest(scaled)).not.toBe(digest(scale(2)));
    expect(digest(roundTrip(cloudpickle, scaled))).toBe(digest(scaled));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what a class says of an instance may be a new closure over it each time', () => {
  const over = (held: unknown) => () => held;
  class Lens {
    readonly n: number;
    constructor(n: number) {
      this.n = n;
    }
    [Symbol.for('fleche.digest')](): unknown {
      return [this.n, over(this)];
    }
  }
  expect(digest([new Lens(1)])).toBe(digest([new Lens(1)]));
  expect(digest([new Lens(1)])).not.toBe(digest([new Lens(2)]));
});
