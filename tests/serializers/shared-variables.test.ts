/** Functions that share a variable, in the process that wrote them and in one that never saw them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cloudpickle } from '../../src/serializers/index.js';
import { type Compiled, compiled } from './second-process.js';

/** JavaScript that makes a value, and an expression over `v` that uses it. */
const cases: readonly (readonly [name: string, make: string, use: string])[] = [
  [
    'a setter and a getter',
    'let n = 1; return { inc: () => ++n, get: () => n }',
    '[v.get(), v.inc(), v.get(), v.inc(), v.get()]',
  ],
  ['two that both assign', 'let n = 0; return [() => ++n, () => --n, () => n]', '[v[0](), v[0](), v[1](), v[2]()]'],
  [
    'what another pair of the same functions does not see, though it holds the same',
    'const make = () => { let n = 0; return { inc: () => ++n, get: () => n } }; const a = make(), b = make(); return { a: a.inc, b: b.get, aGet: a.get }',
    '[v.a(), v.a(), v.b(), v.aGet()]',
  ],
  [
    'two variables of one name, and one around both',
    'let all = 0; const make = () => { let n = 0; return { inc: () => { all++; return ++n }, get: () => [n, all] } }; return [make(), make(), make()]',
    '[v[0].inc(), v[0].inc(), v[1].inc(), v.map((each) => each.get())]',
  ],
  [
    'a class with methods, accessors and statics',
    'let n = 5; const k = 2; class C { static bump() { n += k; return n } m() { return n } set at(to) { n = to } static { C.made = 1 } } return { C, c: new C(), get: () => n }',
    '[v.C.bump(), v.get(), v.c.at = 9, v.get(), v.c.m(), v.c instanceof v.C, v.C.made]',
  ],
  [
    'two classes, one of which extends the other',
    'let made = 0; class A { constructor() { made++ } static made() { return made } } class B extends A { static reset() { made = 0 } } return [A, B, new B()]',
    '[new v[1]() instanceof v[0], v[0].made(), v[1].reset(), v[0].made(), v[2] instanceof v[1]]',
  ],
  [
    'a class that counts where nothing can be stopped, and a function',
    'let n = 0; class Item { number = ++n } return [Item, () => { n = 0 }]',
    '[new v[0]().number, new v[0]().number, v[1](), new v[0]().number]',
  ],
  [
    'a variable that holds the functions that share it',
    'let head; const push = (x) => { head = { x, head, push } }; const all = () => head; push(1); push(2); return { push, all }',
    '[v.all().head.x, v.all().push === v.push, v.push(3), v.all().x, v.all().head.x]',
  ],
  [
    'a recursive function that somebody replaces',
    'let f = (n) => n <= 0 ? 0 : n + f(n - 1); return [f, (other) => { f = other }]',
    '[v[0](3), v[1](() => 100), v[0](3)]',
  ],
  [
    'generators and async functions, whose parameters take patterns',
    'let n = 0; return [function* ({ a = ++n } = {}) { yield ++n }, async (b = ++n, [c = ++n] = []) => ++n, async function* () { yield n }, ({ [++n]: d }) => n, () => n]',
    '[[...v[0]({ a: 1 })], await v[1](1), v[4](), (await v[2]().next()).value, v[3]({}), v[4]()]',
  ],
  [
    'a method of an object, one of a class, a getter',
    'let n = 0; const o = { inc() { return ++n }, get now() { return n } }; return [o.inc, Object.getOwnPropertyDescriptor(o, "now").get]',
    '[v[0](), v[1](), v[0](), v[1]()]',
  ],
  [
    'sloppy code',
    'return new Function("var n = 0; return { inc: function () { n += 1; return this === undefined }, get: function () { return n } }")()',
    '[(0, v.inc)(), v.get(), (0, v.inc)(), v.get()]',
  ],
  [
    'functions with other variables of the same names as what others share',
    'let n = 0; const one = { inc: () => ++n, get: () => n }; const two = (() => { const n = "two"; return () => n })(); return [one, two]',
    '[v[0].inc(), v[0].get(), v[1]()]',
  ],
  [
    'what shares a variable with a function in a variable',
    'let n = 0; const inner = () => ++n; return { outer: () => inner() + 10, get: () => n }',
    '[v.outer(), v.get(), v.outer(), v.get()]',
  ],
];
const each = cases.flatMap(([name, make, use]) =>
  ['cloudpickle', 'dill'].map((rung) => [`${name}: ${rung}`, rung, make, use] as const),
);

describe('one variable stays one', () => {
  let code: Compiled;
  let before: unknown[];
  let here: unknown[];
  let there: unknown[];
  let again: unknown[];

  beforeAll(() => {
    code = compiled();
    const file = (index: number): string => JSON.stringify(join(code.directory, `value-${index}`));
    const reports = (body: (make: string, use: string, rung: string, index: number) => string): unknown[] =>
      code.reports(each.map(([, rung, make, use], index) => body(make, use, rung, index)));
    before = reports((make, use) => `const v = (() => { ${make} })(); return ${use}`);
    // The original is used after it was written: it is what it was.
    here = reports(
      (make, use, rung, index) => `const v = (() => { ${make} })(); dump('${rung}', ${file(index)}, v); return ${use}`,
    );
    there = reports((_, use, rung, index) => `const v = load('${rung}', ${file(index)}); return ${use}`);
    again = reports(
      (_, use, rung, index) =>
        `dump('${rung}', ${file(index)}, load('${rung}', ${file(index)})); const v = load('${rung}', ${file(index)}); return ${use}`,
    );
  });
  afterAll(() => code.remove());

  test.each(each.map(([name], index) => [name, index] as const))('%s', (_, index) => {
    expect(String(before[index])).not.toContain('failed');
    expect(here[index]).toEqual(before[index]);
    expect(there[index]).toEqual(before[index]);
    expect(again[index]).toEqual(before[index]);
  });

  test('is not told where somebody else may be debugging, so that nothing hangs', () => {
    const path = join(code.directory, 'debugged.mjs');
    const program = `let n = 0; const pair = { inc: () => ++n, get: () => n }; try { dump('dill', '${path}.bin', pair) } catch (e) { console.log(e.message) }`;
    code.write(path, program);
    const { stdout } = spawnSync(process.execPath, ['--inspect=127.0.0.1:0', path], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stdout).toContain('a function that seems to share the variable n with the function at .inc at .get; ');
    expect(stdout).toContain('the process runs with --inspect');
  });
});

test('what does not share a variable is written as ever', () => {
  const make = (): (() => number) => {
    let n = 0;
    return () => ++n;
  };
  const one = make();
  const text = Buffer.concat(cloudpickle.dump({ one, again: one, other: make() })).toString('latin1');
  expect(text).toContain('"function"');
  expect(text).not.toContain('in scope');
});
