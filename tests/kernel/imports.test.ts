import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { emptyFolder, removeFolder, runCells, shown } from './run-cells.js';

const folders: string[] = [];
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) removeFolder(folder);
});

it('finds what the kernel lends, with types, in a folder without any package', async () => {
  const { cells } = await runCells([
    "import * as np from 'numpy-ts'; const ones = np.ones([2, 3]); ones.shape",
    'const wrong: string = np.ones([1]).shape;',
    "import { fleche, cache } from 'fleche'; import { ValueMemory } from 'fleche/storage'; [typeof fleche, typeof ValueMemory]",
    'const text: string = cache();',
    "import pako from 'pako'",
  ]);
  expect(cells.map(shown)).toEqual([
    ['[ 2, 3 ]'],
    [expect.stringMatching(/^cell 2:1:7 - Type '.*' is not assignable to type 'string'\.$/)],
    ["[ 'function', 'function' ]"],
    [expect.stringMatching(/^cell 4:1:7 - Type 'Cache' is not assignable/)],
    [expect.stringMatching(/^cell 5:1:18 - Cannot find package 'pako'\. | To install it in /)],
  ]);
});

it('takes every other package from the folder of the notebook, of whatever kind', async () => {
  const folder = folderWith({
    'node_modules/esm-only/package.json':
      '{ "name": "esm-only", "type": "module", "exports": { ".": { "import": "./i.js" }, "./deep/*": { "import": { "node": "./d/*.js" } } } }',
    'node_modules/esm-only/i.js': 'export default 1; export const name = "esm";',
    'node_modules/esm-only/i.d.ts': 'declare const one: number; export default one; export declare const name: string;',
    'node_modules/esm-only/d/x.js': 'export const deep = [..."deep"];',
    'node_modules/esm-only/d/x.d.ts': 'export declare const deep: string[];',
    'node_modules/esm/package.json': '{ "name": "esm", "type": "module", "exports": "./i.js" }',
    'node_modules/esm/i.js': 'export const esm = true;',
    'node_modules/cjs/index.js': 'module.exports = { cjs: true };',
    'node_modules/fleche/package.json': '{ "name": "fleche", "main": "i.js" }',
    'node_modules/fleche/i.js': 'exports.fleche = "another one";',
    'data.json': '{ "a": [1, 2] }',
  });
  const { cells } = await runCells(
    [
      "import one, { name } from 'esm-only'; import { deep } from 'esm-only/deep/x'; [one, name, deep.length]",
      "import { esm } from 'esm'; import cjs from 'cjs'; [esm, cjs.cjs]",
      "import data from './data.json'; data.a.map((n) => n * 2)",
      "import same from './data.json' with { type: 'json' }; same === data",
      "import { fleche } from 'fleche'; typeof fleche",
      "(await import('esm')).esm",
    ],
    { folder },
  );
  expect(cells.map(shown)).toEqual([
    ["[ 1, 'esm', 4 ]"],
    ['[ true, true ]'],
    ['[ 2, 4 ]'],
    ['true'],
    ["'function'"],
    ['true'],
  ]);
});

it('compiles local files, checks them, and sees when they change', async () => {
  const folder = folderWith({
    'lib.ts': "import { half } from './sub/half.js'; export const twice = (n: number): number => half(n) * 4;",
    'sub/half.ts': 'export const half = (n: number): number => n / 2;',
    'wrong.ts': 'export const text: string =\n  5;',
  });
  const { cells } = await runCells(
    [
      "import { twice } from './lib'; twice(4)",
      "import { text } from './wrong';",
      "import { writeFileSync } from 'node:fs'; writeFileSync('lib.ts', 'export const twice = (n: number) => String(n) + n;');",
      "import { twice } from './lib'; twice(4)",
    ],
    { folder },
  );
  expect(cells.map(shown)).toEqual([
    ['8'],
    ["wrong.ts:1:14 - Type 'number' is not assignable to type 'string'."],
    [],
    ["'44'"],
  ]);
});
