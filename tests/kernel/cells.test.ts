// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { describe, expect, it } from 'vitest';
import { runCells, shown } from './run-cells.js';

/** `[source, what it shows]`; the cells of one table run one after another in one kernel. */
type Table = readonly (readonly [source: string, ...shows: string[]])[];

async function check(table: Table): Promise<void> {
  const { cells } = await runCells(table.map(([source]) => source));
  const found = cells.map((cell, index) => [table[index]?.[0], ...shown(cell)]);
  expect(found).toEqual(table.map((row) => [...row]));
}

describe('names of cells', () => {
  it('live both ways and can be declared again', () =>
    check([
      ['let n = 0; const step = 1; function inc() { return (n += step); } inc()', '1'],
      ['n = 10; inc()', '11'],
      ['n++; [n, inc()]', '[ 12, 13 ]'],
      ['let n = "text"; n.length', '4'],
      ['[n, inc(), n]', "[ 'text', 14, 'text' ]"],
      ['const step = 100; inc()', '15'],
      ['function inc(by: string) { return by + step; } inc("a")', "'a100'"],
      [
        'class A { m() { return 1; } } enum E { X, Y } interface I { a: number } type T = I[]; namespace N { export const q = 5; }',
      ],
      ['const t: T = [{ a: new A().m() + E.Y + N.q }]; t', '[ { a: 7 } ]'],
      ['class A { k = 2 } enum E { Z = 9 } type T = string; const t: T = `${new A().k + E.Z}`; t', "'11'"],
      [
        'const { p, ...rest } = { p: 1, q: 2 }; const [first, , third = 3] = [7, 8]; ({ p, rest, first, third })',
        '{ p: 1, rest: { q: 2 }, first: 7, third: 3 }',
      ],
      ['({ p, first })', '{ p: 1, first: 7 }'],
      [
        'let a = 1, b = 2; [a, b] = [b, a]; for (var i = 0; i < 3; i++); export const shared = 4; ({ a, b, i })',
        '{ a: 2, b: 1, i: 3 }',
      ],
      ['[a, b] = [b, a]; ({ i } = { i: 8 }); for (a of [5, 6]); [a, b, i, shared]', '[ 6, 2, 8, 4 ]'],
      ['function who(this: unknown) { return this === undefined; }'],
      ['who()', 'true'],
      ['step = 3', "cell 17:1:1 - Cannot assign to 'step' because it is a constant."],
    ]));

  it('of a failing cell are kept as far as they were assigned', () =>
    check([
      [
        'const before = 1; let late = 2; late = 3; throw new RangeError("no"); const after = 4;',
        'RangeError: no | cell 1, line 1, column 49',
      ],
      ['before + late', '4'],
      ['after', "cell 3:1:1 - Cannot find name 'after'."],
      ['type K = { k: number }; const wrong: K = 1;', "cell 4:1:31 - Type 'number' is not assignable to type 'K'."],
      ['before', '1'],
    ]));

  it('of imports can be used in and after their cell', () =>
    check([
      [
        "import fs, { existsSync as exists } from 'node:fs'; import * as path from 'node:path'; import type { Stats } from 'node:fs'; exists('/')",
        'true',
      ],
      ["[typeof fs.statSync, path.join('a', 'b'), exists('/')]", "[ 'function', 'a/b', true ]"],
      ["const f = () => path.join('x', 'y'); let s: Stats; [{ exists }.exists('/'), f()]", "[ true, 'x/y' ]"],
      ["const path = 'mine'; path", "'mine'"],
      ["const { readFile } = await import('node:fs/promises'); typeof readFile", "'function'"],
    ]));
});

describe('top-level await', () => {
  it('works wherever an expression may stand', () =>
    check([
      ['const a = await Promise.resolve(2); a', '2'],
      ['(await Promise.resolve({ b: [1] })).b[await Promise.resolve(0)] + (await 1) * -(await 2)', '-1'],
      ['`${await 1}${await 2}` + ((await false) ? await 3 : await 4)', "'124'"],
      ['if (await true) { const f = async () => (await a) + 1; console.log(await f()); }', 'out: 3'],
      ['class B extends (await Promise.resolve(Map)) { [await "key"]() { return 1; } } (new B() as any).key()', '1'],
      [
        'try { await Promise.reject(new Error("no")); } catch (e) { console.log(e.message); } finally { await null; console.log("end"); }',
        'out: no\nend',
      ],
      ['await Promise.reject(new Error("out"))', 'Error: out | cell 7, line 1, column 22'],
    ]));

  it('has `for await` with its rules of closing', () =>
    check([
      [
        'const log: unknown[] = []; async function* g() { try { yield 1; yield 2; yield 3; } finally { log.push("closed"); } }\n' +
          'for await (const x of g()) log.push(x); log',
        "[ 1, 2, 3, 'closed' ]",
      ],
      [
        'log.length = 0; outer: for (;;) { for await (const x of g()) { if (x === 1) continue; log.push(x); break outer; } } log',
        "[ 2, 'closed' ]",
      ],
      [
        'log.length = 0; all: for await (const x of g()) { for (const y of [1, 2]) { if (y === 2) continue all; log.push(x * y); } } log',
        "[ 1, 2, 3, 'closed' ]",
      ],
      ['log.length = 0; for await (const [k, v] of [Promise.resolve(["a", 1])]) log.push(k, v); log', "[ 'a', 1 ]"],
      ['log.length = 0; let z: number; for await (z of [7, 8]); z', '8'],
      ['for await (const x of g()) throw new Error(`at ${x}`);', 'Error: at 1 | cell 6, line 1, column 34'],
      ['log', "[ 'closed' ]"],
    ]));
});

it('disposes what `using` declares at the end of its cell', () =>
  check([
    ['const named = (name: string) => ({ name, [Symbol.dispose]() { console.log("dispose", name); } });'],
    [
      'using a = named("a"); using b = named("b"); console.log("body"); b.name',
      'out: body\ndispose b\ndispose a',
      "'b'",
    ],
    [
      'using c = named("c"); await using d = { async [Symbol.asyncDispose]() { await null; console.log("async"); } }; await null; function f() { return c.name; } f()',
      'out: async\ndispose c',
      "'c'",
    ],
    [
      'using e = named("e"); throw new Error("with it")',
      'out: dispose e',
      'Error: with it | cell 4, line 1, column 29',
    ],
    ['{ using g = named("g"); } console.log("after")', 'out: dispose g\nafter'],
  ]));

describe('errors', () => {
  it("show the user's own lines and columns, and no frames of the kernel", () =>
    check([
      ['// a comment\nfunction thrower<T>(x: T): never {\n\n  throw new TypeError(`no ${x}`);\n}'],
      [
        'const x: number = 1;\n  thrower(x);',
        'TypeError: no 1 | cell 1, line 4, column 9 | at thrower (cell 1, line 4) | at cell 2, line 2',
      ],
      [
        'await null;\nconst call = () => thrower<string>("y");\n[1].map(call)',
        'TypeError: no y | cell 1, line 4, column 9 | at thrower (cell 1, line 4) | at call (cell 3, line 2) | at Array.map | at cell 3, line 3',
      ],
      [
        'throw new Error("outer", { cause: new Error("inner") })',
        'Error: outer | cell 4, line 1, column 7 | Caused by: | Error: inner | cell 4, line 1, column 35',
      ],
      ['throw { not: "an error" }', "Uncaught { not: 'an error' }"],
      [
        'const one: number = 1;\nlet two: number =   "2";\nlet three: string = 3;',
        "cell 6:2:5 - Type 'string' is not assignable to type 'number'. | cell 6:3:5 - Type 'number' is not assignable to type 'string'.",
      ],
      ['const broken = (', 'cell 7:1:17 - Expression expected.'],
    ]));

  it('have the names that programs look for', async () => {
    const { cells } = await runCells(['null.x', 'const a: string = 1', '(undefined as any).x']);
    expect(cells.map(({ outputs: [output] }) => [output?.ename, output?.evalue])).toEqual([
      ['TypeScriptError', "cell 1:1:1 - error TS18050: The value 'null' cannot be used here."],
      ['TypeScriptError', "cell 2:1:7 - error TS2322: Type 'number' is not assignable to type 'string'."],
      ['TypeError', "Cannot read properties of undefined (reading 'x')"],
    ]);
  });
});

describe('output', () => {
  it('keeps the order of streams and results', async () => {
    const { cells } = await runCells([
      'console.log("1"); console.error("2"); console.log("3"); process.stdout.write("4"); ({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>5</b>" }) })',
      'for (let i = 0; i < 20000; i++) console.log("line", i); "end"',
      'process.stdout.write(Buffer.from("€").subarray(0, 1)); process.stdout.write(Buffer.from("€").subarray(1)); undefined',
      'null',
    ]);
    expect(cells[0]?.outputs.map(({ name, text, data }) => [name, text ?? data?.['text/html']])).toEqual([
      ['stdout', ['1\n']],
      ['stderr', ['2\n']],
      ['stdout', ['3\n', '4']],
      [undefined, ['<b>5</b>']],
    ]);
    expect(cells[1]?.outputs[0]?.text).toEqual(Array.from({ length: 20000 }, (_, i) => `line ${i}\n`));
    expect(cells.slice(2).map(shown)).toEqual([['out: €'], ['null']]);
  });

  it('of a timer goes to the cell that set it', async () => {
    const { cells } = await runCells([
      'const done = new Promise<void>((resolve) => setTimeout(() => { console.log("late"); resolve(); }, 50));',
      'await done; console.log("mine")',
    ]);
    expect(cells.map(shown)).toEqual([['out: late'], ['out: mine']]);
  });

  it('shows errors that nobody caught, and the kernel lives', async () => {
    const { cells } = await runCells([
      'setTimeout(() => { throw new Error("in a timer"); }, 1); void Promise.reject(new Error("nobody looks"));',
      'await new Promise((resolve) => setTimeout(resolve, 50)); 1',
    ]);
    expect(cells[0]?.outputs[0]?.text?.join('')).toMatch(/nobody looks.*in a timer/s);
    expect(cells.map(shown)[1]).toEqual(['1']);
  });

  it('goes through tslab’s display as well', async () => {
    const { cells } = await runCells([
      "import { display } from 'tslab'; display.html('<i>x</i>'); display.png(new Uint8Array([137]))",
    ]);
    expect(cells[0]?.outputs.map(({ data }) => Object.keys(data ?? {}))).toEqual([['text/html'], ['image/png']]);
  });
});
