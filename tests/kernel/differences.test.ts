import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { emptyFolder, removeFolder, runCells, shown } from './run-cells.js';

const folder = emptyFolder();
afterAll(() => removeFolder(folder));

const FILES = {
  'tsconfig.json': '{ "compilerOptions": { "strict": true } }',
  'waits.ts': 'export const late = await Promise.resolve(1);',
  'once.mjs': 'export const v = 1;',
  'state.ts': 'export let count = 0; export const more = () => ++count;',
  'node_modules/dual/package.json':
    '{ "name": "dual", "exports": { "import": "./i.mjs", "require": "./i.cjs" }, "types": "./i.d.ts" }',
  'node_modules/dual/i.mjs': 'export const kind = "import";',
  'node_modules/dual/i.cjs': 'exports.kind = "require";',
  'node_modules/looks/package.json': '{ "name": "looks", "type": "module", "exports": "./i.js" }',
  'node_modules/looks/i.js': 'export const seen = globalThis.before;',
};

it('cells differ from modules, from tsc and from ipykernel as docs/kernel.md says', async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const table: readonly (readonly [source: string, ...shows: unknown[]])[] = [
    ["(globalThis as any).before = 1; import { seen } from 'looks'; seen", '1'],
    ["import { kind } from 'dual'; [kind, (await import('dual')).kind]", "[ 'require', 'require' ]"],
    ["import { count, more } from './state'; [more(), more(), count]", '[ 1, 2, 0 ]'],
    [
      "import { late } from './waits';",
      expect.stringMatching(/^waits\.ts:1:21 - Local files are compiled to CommonJS/),
    ],
    ['[typeof require, __dirname === process.cwd(), this]', "[ 'function', true, undefined ]"],
    ['process.stdout.isTTY', 'false'],
    ['const k = 1; const own = () => k;'],
    ['const other = () => k;'],
    ['const k = 2; [own(), other()]', '[ 1, 2 ]'],
    ['interface Box { a: number } namespace N { export const a = 1; }'],
    [
      'interface Box { b: number } const box: Box = { b: 1 }; namespace N { export const b = 2; } Object.keys(N)',
      "[ 'b' ]",
    ],
    ['let none: string = null; none', 'null'],
    ['1;', '1'],
    ['void 1'],
    ['undefined'],
    ['Out', expect.stringContaining("Cannot find name 'Out'")],
    ['_', expect.stringContaining("Cannot find name '_'")],
    ['console.log("runs"); const wrong: string = 1;', expect.stringMatching(/^cell 18:1:28 - Type 'number'/)],
    ['String((x: number): number => x /* kept */ + 1)', "'(x) => x /* kept */ + 1'"],
    ["import { v } from './once.mjs'; v", '1'],
    ["(await import('node:fs')).writeFileSync('once.mjs', 'export const v = 2;');"],
    ["import { v } from './once.mjs'; v", '1'],
    ['return 1;', expect.stringMatching(/^cell 23:1:1 - A 'return' statement/)],
  ];
  const { cells } = await runCells(
    table.map(([source]) => source),
    { folder },
  );
  expect(cells.map((cell, index) => [table[index]?.[0], ...shown(cell)])).toEqual(table.map((row) => [...row]));
});
