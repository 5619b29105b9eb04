// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Cell, emptyFolder, notebookOf, removeFolder, runCells, shown } from './run-cells.js';

const setup =
  "import { Cache, cache, digest, fleche } from 'fleche'; import { CallMemory, ValueMemory } from 'fleche/storage';\n" +
  'const fresh = () => new Cache({ values: new ValueMemory(), calls: new CallMemory() });\n' +
  'const add = fleche(function add(a: number, b: number) { console.log("runs"); return a + b; });';

async function cellsAfterSetup(...sources: string[]): Promise<readonly Cell[]> {
  const { cells } = await runCells([setup, ...sources]);
  expect(cells[0]?.outputs).toEqual([]);
  return cells.slice(1);
}

it('run in their turn, between the statements around them', async () => {
  const cells = await cellsAfterSetup(
    'console.log("before")\n!echo from the shell\nconsole.log("between")\n%fleche memory\nadd(1, 2)',
    '!echo one; echo two >&2; exit 3\n"goes on"',
    'let turn = 1;\n!echo $$ > /dev/null\nturn++;\n!true\nturn',
  );
  expect(shown(cells[0] as Cell)).toEqual([
    expect.stringMatching(/^out: before\nfrom the shell\nbetween\ncache: memory\n.*\nruns$/s),
    '3',
  ]);
  expect(shown(cells[1] as Cell)).toEqual(['out: one', expect.stringMatching(/^err: two\n.*3/), "'goes on'"]);
  expect(shown(cells[2] as Cell)).toEqual(['2']);
});

it('see what the cell has declared above them, and no more', async () => {
  const cells = await cellsAfterSetup(
    'const local = fresh();\n%fleche use local\nconst isActive = cache() === local; isActive',
    'cache() === local',
    '%fleche use later\nconst later = fresh();',
    '%fleche use 1 + "a".nothing',
    'const other = fresh();',
    '%%fleche use other\nadd(1, 1); await null; cache() === other',
    'cache() === local',
  );
  expect(cells.map((cell) => shown(cell).at(-1))).toEqual([
    'true',
    'true',
    "expression:1:1 - Cannot find name 'later'. Did you mean 'latex'?",
    expect.stringMatching(/^expression:1:\d+ - Property 'nothing' does not exist/),
    undefined,
    'true',
    'true',
  ]);
});

it('for one cell end with it, also when it throws', async () => {
  const cells = await cellsAfterSetup(
    '%fleche memory',
    'const whole = cache(); add(1, 2)',
    '%%fleche void\nadd(1, 2);\nawait null;\nthrow new Error("here")',
    'add(1, 2); cache() === whole',
    '%%fleche nonsense\nconsole.log("does not run")',
  );
  expect(shown(cells[2] as Cell)).toEqual(['out: runs', 'Error: here | cell 4, line 4, column 7']);
  expect(shown(cells[3] as Cell)).toEqual(['true']);
  expect(shown(cells[4] as Cell)).toEqual([expect.stringContaining('nonsense')]);
});

it('leave the positions of errors where they are', async () => {
  const cells = await cellsAfterSetup(
    '%fleche memory\n!true\nlet bad: number =   "a";',
    '%fleche memory\n\nconsole.log("x");\n!true\n  throw new Error("y")',
  );
  expect(shown(cells[0] as Cell)).toEqual(["cell 2:3:5 - Type 'string' is not assignable to type 'number'."]);
  expect(shown(cells[1] as Cell).at(-1)).toBe('Error: y | cell 3, line 5, column 9');
});

it('give a function one digest in whichever cell it stands', async () => {
  const cells = await cellsAfterSetup(
    "import { join } from 'node:path'; const factor = 3; const scale = (x: number) => x * factor;\n" +
      'const keyOf = (f: (n: number) => unknown) => digest(f);\n' +
      'keyOf(function f(n: number) { return [scale(n), { factor }, join("a", `${n}`)]; })',
    'keyOf(function f(n: number) {\n  return [scale(n), { factor }, join("a", `${n}`)]; // the same\n})',
    'keyOf(function f(n: number) { return [scale(n), { factor }, join("b", `${n}`)]; })',
    'const factor = 4;',
    'keyOf(function f(n: number) { return [scale(n), { factor }, join("a", `${n}`)]; })',
  );
  const [first, again, other, , later] = cells.map((cell) => shown(cell)[0]);
  expect(first).toMatch(/^'[0-9a-f]{64}'$/);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  expect(later).not.toBe(first);
});

/** What cells show in a folder with these files. */
async function shownWith(files: Readonly<Record<string, string>>, ...sources: string[]): Promise<string[][]> {
  const folder = emptyFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'sub'));
  const { cells } = await runCells(sources, { folder });
  removeFolder(folder);
  return cells.map(shown);
}

it('put values into commands, and what commands write into values', async () => {
  expect(
    await shownWith(
      {},
      'const word = "it\'s $HOME"; const list = ["a b", "c"];\n!printf "<%s>" {word} {list.length + 1} {list} {{}}',
      'const files = await $`printf "%s\\n" ${word} ${list}`;\nconst [first] = files; const text: string = first; files.lines',
      'files.exitCode.toFixed(1) + `${await $`echo \\`echo nested\\` \\${#HOME}`}`',
      'await $`echo out; echo err >&2; exit 3`.catch((error) => [error.exitCode, error.stdout, error.stderr, error.message])',
      '(await $({ nothrow: true, input: "abc", env: { X: "x" }, cwd: "/" })`cat; echo $X; pwd; exit 2`)',
      'await $`exit 4`',
      'const bad: number = (await $`ls`).text',
      '!echo {word.nope}',
      '!!printf "%s" {word}',
      '5\n!!echo six\n// end',
      '!!echo six\nconst seven = 7',
    ),
  ).toEqual([
    ["out: <it's $HOME><3><a b><c><{}>"],
    ["[ \"it's $HOME\", 'a b', 'c' ]"],
    [expect.stringMatching(/^'0\.0nested \d+'$/)],
    ["[\n  3,\n  'out\\n',\n  'err\\n',\n  'echo out; echo err >&2; exit 3: exit code 3\\nerr'\n]"],
    ["CommandResult { stdout: 'abcx\\n/\\n', stderr: '', exitCode: 2 }"],
    [expect.stringMatching(/^CommandError: exit 4: exit code 4/)],
    ["cell 7:1:7 - Type 'string' is not assignable to type 'number'."],
    [
      'err: {word.nope} failed; brackets that are not for TypeScript are doubled: {{ }}',
      "expression:1:6 - Property 'nope' does not exist on type '\"it's $HOME\"'.",
    ],
    ['[ "it\'s $HOME" ]'],
    ["[ 'six' ]"],
    [],
  ]);
});

it('say what to write instead of an assignment', async () => {
  expect(await shownWith({}, 'const x = !ls -l;', 'let y = %time 5', 'if (true) {\n  !ls -l\n}')).toEqual([
    [expect.stringMatching(/ \| To keep what a command writes: const x = await \$`ls -l`$/)],
    [expect.stringMatching(/ \| %time stands at the beginning of a line; the value of a magic cannot be assigned\.$/)],
    [expect.stringMatching(/ \| A shell line begins in the first column.* await \$`ls -l`$/)],
  ]);
});

it('run other files, whose names have their types at once, and say where those fail', async () => {
  const files = {
    'other.ipynb': notebookOf([
      'interface P { a: number }\nconst p: P = { a: 1 };',
      'console.log("in other");\np.a + 1',
    ]),
    'bad.ipynb': notebookOf(['let before = 1', '// one\n\n  throw new Error("boom")', 'let after = 1']),
    'untyped.ipynb': notebookOf(['const q: string = 1;']),
    'loop.ipynb': notebookOf(['%run loop.ipynb']),
    'outer.ts': '%run inner.ts\nexport const outer = inner + 1;',
    'inner.ts': 'export const inner = 1;\nexport function fail(): never {\n  throw new Error("in lib");\n}',
  };
  expect(
    await shownWith(
      files,
      '%run other.ipynb\nconst z: P = p; z.a.toFixed(1)',
      '%run bad.ipynb\nconsole.log("not reached")',
      '[before, typeof after]',
      'before',
      '%run untyped.ipynb',
      '%run loop.ipynb',
      '%cd sub\n%run ../outer.ts\nouter',
      'fail()',
      'let n = 1\n%run inner.ts',
      '%%time\n%run inner.ts',
    ),
  ).toEqual([
    ['out: in other', "'1.0'"],
    ['Error: boom | bad.ipynb cell 2, line 3, column 9'],
    ["cell 3:1:17 - Cannot find name 'after'."],
    ['1'],
    ["untyped.ipynb cell 1:1:7 - Type 'number' is not assignable to type 'string'."],
    ['MagicError: loop.ipynb/cell_1.ts runs itself, by way of the files that it runs'],
    // From where the notebook is now, not from where the file is.
    expect.arrayContaining([expect.stringContaining('inner.ts cannot be read')]),
    ["cell 8:1:1 - Cannot find name 'fail'."],
    [expect.stringContaining('write it above them, or in a cell before')],
    [expect.stringContaining('%run cannot stand in a cell that begins with %%time')],
  ]);
});

it('see the names of the notebook, and forget them', async () => {
  const cells = await shownWith(
    {},
    'const one = 1; let list: string[] = []; class A {} interface I { a: 1 } type T = 1; import * as os from "node:os"; import { Shell } from "nowhere"',
    'const one = 1; let list: string[] = []; class A {} interface I { a: 1 } type T = 1; import * as os from "node:os";\n%whos\nlist.push("x")',
    '%who',
    '%reset\nconst two = one + 1',
    'const two: number = 2',
    'declare global { interface Window { x: 1 } var inGlobal: number }',
    '%reset\n%who\nlet list: number = 5;',
    'inGlobal',
    'list',
    'new A()',
  );
  expect(cells[1]?.[0]?.replace(/ +/g, ' ')).toMatch(
    / one 1 1\n list string\[\] \[\]\n A typeof A \[class A\]\n I interface\n T type\n os typeof import\("node:os"\) /,
  );
  expect(cells.slice(2)).toEqual([
    ['out: one  list  A  I  T  os'],
    ["cell 4:2:13 - Cannot find name 'one'."],
    [],
    [],
    ['out: nothing is declared'],
    [expect.stringContaining("cell 8:1:1 - Cannot find name 'inGlobal'.")],
    ['5'],
    ["cell 10:1:5 - Cannot find name 'A'."],
  ]);
});

it('measure, print the history and change the folder, from which imports do not go', async () => {
  const cells = await shownWith(
    { 'lib.ts': 'export const lib = 1;' },
    'const seven = 7;\n%time await Promise.resolve(seven * 6)',
    '%%time\nconst list = [seven]; list',
    '%timeit -n 10 -r 2 seven + list[0]',
    '%timeit seven.nope',
    '%cd sub\n!basename "$PWD"\nimport { lib } from "./lib"; lib',
    '%history -n -l 2',
    '%timeit -n 1 -r 1 const x = 5',
  );
  expect(cells).toEqual([
    [expect.stringMatching(/^out: CPU times: .*\nWall time: /), '42'],
    [expect.stringMatching(/^out: CPU times: .*\nWall time: /), '[ 7 ]'],
    // On a busy machine a line about the slowest run stands before it.
    [
      expect.stringMatching(
        /^out: (?:The slowest run .*\n)?.* per loop \(mean ± std\. dev\. of 2 runs, 10 loops each\)$/,
      ),
    ],
    ["expression:1:7 - Property 'nope' does not exist on type '7'."],
    [expect.stringMatching(/^out: .*\/sub\nsub$/s), '1'],
    [expect.stringMatching(/^out: 5: %cd sub\n.*6: %history -n -l 2$/s)],
    [expect.stringContaining('%timeit measures an expression; for statements write %%time')],
  ]);
});

it('keep the positions of errors in cells of several pieces and with magics that go on', async () => {
  expect(
    await shownWith(
      { 'lib.ts': 'export const lib = 1;' },
      '// one\n%run lib.ts\n!test -n \\\n  x\n  const bad: string = lib',
      '%reset\n\n!test -n \\\n  x\n  throw new Error("y")',
    ),
  ).toEqual([
    ["cell 1:5:9 - Type 'number' is not assignable to type 'string'."],
    ['Error: y | cell 2, line 5, column 9'],
  ]);
});

it('of packages can be used in the cell that adds them', async () => {
  const add =
    "import { registerMagic } from 'fleche/magics';\n" +
    "registerMagic({ name: 'greet', description: 'greets', arguments: [{ name: 'whom', description: '' }], run: ({ arguments: { whom }, write }) => { write('stdout', `Hello, ${whom}`); } });\n" +
    '%greet world';
  expect(await shownWith({}, add, '%greet {1 + 1}', '%greet', '%gret')).toEqual([
    ['out: Hello, world'],
    ['out: Hello, 2'],
    ["ConfigurationError: %greet: missing required argument 'whom'"],
    [expect.stringContaining('(did you mean %greet?)')],
  ]);
});
