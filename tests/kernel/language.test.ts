// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { describe, expect, it } from 'vitest';
import { runCells, shown } from './run-cells.js';

async function check(table: readonly (readonly [source: string, ...shows: unknown[]])[]): Promise<void> {
  const { cells } = await runCells(table.map(([source]) => source));
  const found = cells.map((cell, index) => [table[index]?.[0], ...shown(cell)]);
  expect(found).toEqual(table.map((row) => [...row]));
}

describe('declarations', () => {
  it('of every kind can be made again, and the later one counts', () =>
    check([
      [
        'const a = 1; let b = 2; var c = 3; function f() { return "f"; } class K { k = 1; } enum E { A } namespace N { export const n = 1; } type T = number; interface I { i: number }',
      ],
      [
        'const a = "1"; let b = "2"; var c = "3"; function f(x: string) { return x; } class K { l = 2; } enum E { B = 7 } namespace N { export const m = 2; } type T = string; interface I { j: string }',
      ],
      [
        'const t: T = "t"; const i: I = { j: "j" }; [a, b, c, f("x"), new K().l, E.B, N.m, t, i.j]',
        "[\n  '1', '2', '3', 'x',\n  2,   7,   2,   't',\n  'j'\n]",
      ],
      ['new K().k', "cell 4:1:9 - Property 'k' does not exist on type 'K'."],
      ["import { sep as a } from 'node:path'; a", "'/'"],
      ['a + a', "'//'"],
      ['const a = 5; a', '5'],
      ['export default 8; export { a as other }; export type { T as U }; export const shared = a + 1;'],
      ['[a, shared]', '[ 5, 6 ]'],
      [
        "import type * as P from 'node:path'; import { type Stats, statSync } from 'node:fs'; const s: Stats = statSync('/'); type Q = P.ParsedPath;",
      ],
      ['const q: Q["dir"] = "d"; [s.isDirectory(), q]', "[ true, 'd' ]"],
      ["import fs = require('node:fs'); fs.existsSync('/')", 'true'],
      ["fs.existsSync('/nowhere')", 'false'],
    ]));

  it('made again are seen by functions of earlier cells at once, and by those of their own cell never', () =>
    check([
      [
        'const k = 1; function h() { return "old"; } let l = 1; class A { n = 1; } const own = () => [k, h(), l, new A().n];',
      ],
      ['const other = () => [k, h(), l, new A().n];'],
      [
        'const first = other(); const [k] = [2]; function h() { return "new"; } class A { n = 2; } let l = 2; const second = other(); l++; for (const x of [1]) l += x; [first, second, other(), own()]',
        "[\n  [ 1, 'new', 1, 1 ],\n  [ 2, 'new', 2, 2 ],\n  [ 2, 'new', 4, 2 ],\n  [ 1, 'old', 1, 1 ]\n]",
      ],
      ["import { sep as k } from 'node:path'; other()[0]", "'/'"],
      ['const before = other()[0]; throw other()[0]; const k = 9;', 'Uncaught /'],
      ['[before, other()[0]]', "[ '/', '/' ]"],
    ]));

  it('with a `let` live both ways, also in generators, classes and loops', () =>
    check([
      [
        'let n = 1; const inc = () => ++n; function* each() { yield n; } class C { get n() { return n; } set n(v) { n = v; } }',
      ],
      ['n = 10; [inc(), ...each(), new C().n]', '[ 11, 11, 11 ]'],
      ['new C().n = 20; n', '20'],
      ['for (n of [1, 2]); ({ n } = { n: 5 }); n **= 2; const o = { n, inc }; [o.n, inc(), n]', '[ 25, 26, 26 ]'],
      ['for (const x of [1]) { var hoisted = x; } hoisted', '1'],
      ['hoisted += 1; hoisted', '2'],
    ]));
});

describe('options', () => {
  it('switch strict checks and legacy decorators on and off', () =>
    check([
      ['const any = (x) => x; let none: string = null; none', 'null'],
      [
        '%config strict on\nlet none: string = null;',
        'out: strict is on now',
        "cell 2:2:5 - Type 'null' is not assignable to type 'string'.",
      ],
      ['const any = (x) => x;', "cell 3:1:14 - Parameter 'x' implicitly has an 'any' type."],
      ['%config strict off\nlet none: string = null; none', 'out: strict is off now', 'null'],
      [
        'const log: string[] = []; function standard(_: unknown, { kind, name }: ClassMethodDecoratorContext | ClassDecoratorContext) { log.push(`${kind} ${String(name)}`); }',
      ],
      ['@standard class A { @standard m() {} } log', "[ 'method m', 'class A' ]"],
      [
        '%config decorators legacy\nfunction old(_: object, key: string) { log.push(`legacy ${key}`); } class B { @old m() {} @old p = 1; } log.slice(2)',
        'out: decorators is legacy now',
        "[ 'legacy m', 'legacy p' ]",
      ],
      ['%config decorators standard\n@standard class C {} log.at(-1)', 'out: decorators is standard now', "'class C'"],
      [
        '%config strict perhaps',
        expect.stringMatching(/^ConfigurationError: %config strict perhaps: it can be on, off/),
      ],
    ]));
});

it('the library is that of the Node.js that runs', async () => {
  const [major] = process.versions.node.split('.').map(Number) as [number];
  const has = (text: string): RegExp => new RegExp(`^cell \\d+:1:\\d+ - (?:Property|Cannot find).*${text}`);
  const isNew = major >= 22;
  await check([
    ['[3, 1].toSorted().findLast((x) => x > 0)', '3'],
    ['[1].values().map((x) => x + 1).next().value', isNew ? '2' : expect.stringMatching(has('map'))],
    ['new Set([1]).union(new Set([2])).size', isNew ? '2' : expect.stringMatching(has('union'))],
    ['Object.keys(Object.groupBy([1], String))', isNew ? "[ '1' ]" : expect.stringMatching(has('groupBy'))],
    ['typeof new DisposableStack()', major >= 24 ? "'object'" : expect.stringMatching(has('DisposableStack'))],
  ]);
});

it('names of the kernel cannot be used, and nothing else is changed in a text', () =>
  check([
    ['const x = "__b_x.v"', "cell 1:1:12 - '__b_x' is reserved for the kernel, in texts and comments as well."],
    ['const __b_y = 1', "cell 2:1:7 - '__b_y' is reserved for the kernel, in texts and comments as well."],
    ['let $__b_x = { v: 3 }; const x = 1; void 0'],
    [
      'const read = () => [$__b_x.v, x, "a__b_x.v"].join(); [read(), String(read)]',
      "[ '3,1,a__b_x.v', '() => [$__b_x.v, x, \"a__b_x.v\"].join()' ]",
    ],
  ]));
