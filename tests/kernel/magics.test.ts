// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { expect, it } from 'vitest';
import { type Cell, runCells, shown } from './run-cells.js';

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
    "expression.ts:1:1 - Cannot find name 'later'.",
    expect.stringMatching(/^expression\.ts:1:\d+ - Property 'nothing' does not exist/),
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
  expect(shown(cells[2] as Cell)).toEqual(['out: runs', 'Error: here | at cell_4.ts:4:7']);
  expect(shown(cells[3] as Cell)).toEqual(['true']);
  expect(shown(cells[4] as Cell)).toEqual([expect.stringContaining('nonsense')]);
});

it('leave the positions of errors where they are', async () => {
  const cells = await cellsAfterSetup(
    '%fleche memory\n!true\nlet bad: number =   "a";',
    '%fleche memory\n\nconsole.log("x");\n!true\n  throw new Error("y")',
  );
  expect(shown(cells[0] as Cell)).toEqual(["cell_2.ts:3:5 - Type 'string' is not assignable to type 'number'."]);
  expect(shown(cells[1] as Cell).at(-1)).toBe('Error: y | at cell_3.ts:5:9');
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
