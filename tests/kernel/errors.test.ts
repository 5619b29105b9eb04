// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, removeFolder, runCells, shown } from './run-cells.js';

/** What the last of these cells shows as an error, as it stands in the notebook. */
async function traceback(...sources: string[]): Promise<string> {
  return (await tracebackIn({}, ...sources)).replace(/^\n/, '');
}

async function tracebackIn(files: Readonly<Record<string, string>>, ...sources: string[]): Promise<string> {
  const folder = emptyFolder();
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { cells } = await runCells(sources, { folder });
    const error = cells.at(-1)?.outputs.find(({ output_type }) => output_type === 'error');
    return (error?.traceback ?? ['no error']).join('\n').replaceAll(folder, 'FOLDER');
  } finally {
    removeFolder(folder);
  }
}

describe('an error of running code', () => {
  it('shows the line of the cell with a caret, its neighbours, and the calls by their cells', async () => {
    expect(
      await traceback(
        '// a comment\nfunction thrower<T>(x: T): never {\n\n\tthrow new TypeError(`no ${x}`);\n}\nconst after = 1;',
        'const call = (each: number) => thrower<number>(each);\nawait null;\n[1].map(call);',
      ),
    ).toBe(
      `TypeError: no 1

cell 1, line 4, column 8
  2 | function thrower<T>(x: T): never {
  3 |
> 4 | \tthrow new TypeError(\`no \${x}\`);
    | \t      ^
  5 | }
  6 | const after = 1;

    at thrower (cell 1, line 4)
    at call (cell 2, line 1)
    at Array.map
    at cell 2, line 3`,
    );
  });

  it('folds the calls of packages and of Node.js, and leaves out those of the kernel', async () => {
    const text = await tracebackIn(
      {
        'node_modules/deep/package.json': '{ "name": "deep", "main": "i.js", "types": "i.d.ts" }',
        'node_modules/deep/i.d.ts': 'export declare function each(f: () => void): void;',
        'node_modules/deep/i.js':
          'const a = (f) => f(); const b = (f) => a(f); exports.each = (f) => { [1].forEach(() => b(f)); };',
      },
      "import { each } from 'deep'; import { readFileSync } from 'node:fs';\nconst read = () => void readFileSync('/nowhere/at/all');\neach(read);",
    );
    expect(text).toBe(
      `Error: ENOENT: no such file or directory, open '/nowhere/at/all'

cell 1, line 2, column 25
  1 | import { each } from 'deep'; import { readFileSync } from 'node:fs';
> 2 | const read = () => void readFileSync('/nowhere/at/all');
    |                         ^
  3 | each(read);

    … 2 frames in node:fs
    at read (cell 1, line 2)
    … 3 frames in node_modules/deep
    at Array.forEach
    … 1 frame in node_modules/deep
    at cell 1, line 3`,
    );
  });

  it('that comes from nowhere in a cell shows the `await` that it came out of', async () => {
    expect(
      await traceback(
        "import { readFile } from 'node:fs/promises';\nconst two = await Promise.resolve(2);\nconst all = [await Promise.resolve(1), await readFile('/nowhere')];",
      ),
    ).toBe(
      `Error: ENOENT: no such file or directory, open '/nowhere'

cell 1, line 3, column 40
  1 | import { readFile } from 'node:fs/promises';
  2 | const two = await Promise.resolve(2);
> 3 | const all = [await Promise.resolve(1), await readFile('/nowhere')];
    |                                        ^

    … 2 frames in node:internal/fs`,
    );
  });

  it('shows its causes with their own places, the errors that it gathers, and what was added to it', async () => {
    const sources = [
      'const inner = () => new RangeError("inner", { cause: { code: 7 } });\nthrow new Error("outer", { cause: inner() });',
      'await Promise.any([Promise.reject(new Error("a")), Promise.reject("b")]);',
      'class MyError extends Error { constructor(readonly details: object) { super("mine"); } }\nthrow new MyError({ a: 1 });',
      'const e: Error = new Error("round"); e.cause = e; throw e;',
      'throw "a text";',
      'throw { not: "an error" };',
      'throw undefined;',
      'const deeper = (n: number): number => deeper(n + 1) + 1; deeper(1);',
      'const many = Array.from({ length: 12 }, (_, i) => new Error(`e${i}`)); throw new AggregateError(many, "many");',
    ];
    const { cells } = await runCells(sources);
    expect(cells.slice(0, 8).map(shown)).toEqual([
      [
        'Error: outer | cell 1, line 2, column 7 | Caused by: | RangeError: inner | cell 1, line 1, column 21 | at inner (cell 1, line 1) | at cell 1, line 2 | Caused by: | { code: 7 }',
      ],
      [
        "AggregateError: All promises were rejected | cell 2, line 1, column 1 | Error 1 of 2: | Error: a | cell 2, line 1, column 35 | Error 2 of 2: | 'b'",
      ],
      ['MyError: mine | cell 3, line 2, column 7 | { details: { a: 1 } }'],
      ['Error: round | cell 4, line 1, column 18 | Caused by: | Error: round | (shown above)'],
      ['Uncaught a text'],
      ["Uncaught { not: 'an error' }"],
      ['Uncaught undefined'],
      [
        expect.stringMatching(
          /^RangeError: Maximum call stack size exceeded \| cell 8, line 1, column \d+ \| at deeper \(cell 8, line 1\) \| … 49 times the same$/,
        ),
      ],
    ]);
    expect(shown(cells[8] as never)[0]).toMatch(/Error 10 of 12: .*… and 2 more errors$/);
    expect(cells.map(({ outputs }) => outputs.at(-1)?.ename).slice(0, 4)).toEqual([
      'Error',
      'AggregateError',
      'MyError',
      'Error',
    ]);
  });

  it('in a local file shows the TypeScript that was written', async () => {
    const files = {
      'lib.ts':
        'interface Wide { a: number }\n\ntype More = Wide;\nexport function helper(n: number): number {\n  const inner = (m: More): number => { throw new Error(`lib ${m.a}`); };\n  return inner({ a: n });\n}',
    };
    const cell = "import { helper } from './lib';\nhelper(3);";
    expect(await tracebackIn(files, cell)).toBe(
      `Error: lib 3

lib.ts, line 5, column 46
  3 | type More = Wide;
  4 | export function helper(n: number): number {
> 5 |   const inner = (m: More): number => { throw new Error(\`lib \${m.a}\`); };
    |                                              ^
  6 |   return inner({ a: n });
  7 | }

    at inner (lib.ts:5:46)
    at helper (lib.ts:6:10)
    at cell 1, line 2`,
    );
  });

  it('tells the same lines by its `stack`, wherever it is printed', async () => {
    const { cells } = await runCells([
      'interface A { a: number }\n\nfunction f(a: A) { return new Error("kept"); }',
      'console.log(f({ a: 1 }).stack);',
      'setTimeout(() => { throw new Error("late"); }, 1);\nawait new Promise((resolve) => setTimeout(resolve, 50));',
    ]);
    expect(cells.slice(1).map(shown)).toEqual([
      ['out: Error: kept\n    at f (cell_1.ts:3:27)\n    at cell_2.ts:1:13'],
      [expect.stringMatching(/^err: Uncaught Error: late\n\ncell 3, line 1, column 26\n> 1 \| setTimeout/)],
    ]);
  });

  it('has colours unless they are not wanted', async () => {
    const { cells } = await runCells(['const two: string = 2;', 'throw new Error("red");'], { colors: true });
    const texts = cells.map(({ outputs }) => outputs[0]?.traceback?.join('\n') ?? '');
    expect(texts[0]).toContain('\x1b[36mcell 1\x1b[39m:1:7 - \x1b[1;31merror TS2322\x1b[22;39m: Type');
    expect(texts[0]).toContain('\x1b[31m~~~\x1b[39m');
    expect(texts[1]?.startsWith('\x1b[1;31mError\x1b[22;39m: red\n\n\x1b[36mcell 2\x1b[39m, line 1')).toBe(true);
    expect(cells.map(({ outputs }) => outputs[0]?.evalue)).toEqual([
      "cell 1:1:7 - error TS2322: Type 'number' is not assignable to type 'string'.",
      'red',
    ]);
  });
});

describe('a type error', () => {
  it('shows its number, the text underlined and what else it is about', async () => {
    expect(
      await traceback(
        'interface P { name: string }\nconst one: P =\n  { nam: "x" };\nconst f = (p: P, q: number) => p;\nf({ name: "a" });',
      ),
    ).toBe(
      `cell 1:3:5 - error TS2561: Object literal may only specify known properties, but 'nam' does not exist in type 'P'. Did you mean to write 'name'?
> 3 |   { nam: "x" };
    |     ~~~

cell 1:5:1 - error TS2554: Expected 2 arguments, but got 1.
> 5 | f({ name: "a" });
    | ~
  cell 1:4:18 - An argument for 'q' was not provided.
  > 4 | const f = (p: P, q: number) => p;
      |                  ~~~~~~~~~`,
    );
  });

  it('in a local file shows that file', async () => {
    expect(
      await tracebackIn({ 'wrong.ts': 'export const text: string =\n  5;' }, "import { text } from './wrong';"),
    ).toBe(
      `wrong.ts:1:14 - error TS2322: Type 'number' is not assignable to type 'string'.
> 1 | export const text: string =
    |              ~~~~`,
    );
  });
});

describe('an import that finds nothing', () => {
  const files = {
    'lib.ts': 'export const a = 1;',
    'data.json': '{}',
    'node_modules/arquero/package.json': '{ "name": "arquero", "main": "i.js" }',
    'node_modules/arquero/i.js': '',
  };

  it('of a package says how to install it where the notebook is, and which was meant', async () => {
    const text = await tracebackIn(files, "import * as aq from 'arqero';");
    expect(text).toBe(
      `cell 1:1:21 - error TS2307: Cannot find package 'arqero'.
> 1 | import * as aq from 'arqero';
    |                     ~~~~~~~~
Did you mean 'arquero'?
To install it in FOLDER, run in a cell of its own: !npm install arqero`,
    );
    expect(await tracebackIn(files, "const name = '@some/thing'; await import(name);")).toContain(
      'To install it in FOLDER, run in a cell of its own: !npm install @some/thing',
    );
    expect(await tracebackIn(files, "require('@some/thing/deep');")).toMatch(
      /^Error: Cannot find module '@some\/thing\/deep'\nTo install it in FOLDER, run in a cell of its own: !npm install @some\/thing\n\ncell 1, line 1/,
    );
  });

  it('of a file says what lies there', async () => {
    expect(await tracebackIn(files, "import { a } from './libb';")).toMatch(
      /TS2307: Cannot find the file '.\/libb'\.\n.*\n.*\nIn FOLDER there is lib\.ts\.$/,
    );
    expect(await tracebackIn(files, "import { a } from './something';")).toMatch(
      /\nIn FOLDER there is data\.json, lib\.ts\.$/,
    );
    expect(await tracebackIn(files, "import { a } from './sub/lib';")).toMatch(/\nThere is no folder FOLDER\/sub\.$/);
    expect(await tracebackIn(files, "import { a } from 'node:pth';")).toMatch(/\nDid you mean 'node:path'\?$/);
  });
});
