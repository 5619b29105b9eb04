import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyFolder, removeFolder, runCells, shown } from './run-cells.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) removeFolder(folder);
});

const PACKAGES = {
  'node_modules/waits/package.json': '{ "name": "waits", "type": "module", "exports": "./i.js", "types": "./i.d.ts" }',
  'node_modules/waits/i.js': 'export const late = await Promise.resolve(5); export default "waited";',
  'node_modules/waits/i.d.ts':
    'export declare const late: number; declare const waited: string; export default waited;',
  'node_modules/untyped/package.json': '{ "name": "untyped", "type": "module", "exports": "./i.js" }',
  'node_modules/untyped/i.js': 'await null; export const one = 1;',
  'node_modules/named/package.json': '{ "name": "named", "type": "module", "exports": "./i.js", "types": "./i.d.ts" }',
  'node_modules/named/i.js': 'export const one = 1;',
  'node_modules/named/i.d.ts': 'export declare const one: number;',
  'node_modules/common/package.json': '{ "name": "common", "main": "i.js" }',
  'node_modules/common/i.js': 'module.exports = function f() { return 1; }; module.exports.x = 2;',
};

/** Runs cells beside these files: `[source, what it shows]`. */
async function check(
  files: Readonly<Record<string, string>>,
  table: readonly (readonly [source: string, ...shows: unknown[]])[],
): Promise<void> {
  const folder = emptyFolder();
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { cells } = await runCells(
    table.map(([source]) => source),
    { folder },
  );
  const found = cells.map((cell, index) => [
    table[index]?.[0],
    ...shown(cell).map((text) => text.replaceAll(folder, 'FOLDER')),
  ]);
  expect(found).toEqual(table.map((row) => [...row]));
}

describe('imports of packages', () => {
  it('take modules that await at their top level, and CommonJS', () =>
    check(PACKAGES, [
      ["import waited, { late } from 'waits'; [waited, late]", "[ 'waited', 5 ]"],
      ["import * as all from 'waits'; [all.late, all.default, late]", "[ 5, 'waited', 5 ]"],
      ["console.log('before'); import { one } from 'untyped'; one", 'out: before', '1'],
      ["import f from 'common'; [f(), f.x]", '[ 1, 2 ]'],
      ["import { x } from 'common'; import ff = require('common'); [x, ff()]", '[ 2, 1 ]'],
    ]));

  it('give no default export that there is not', () =>
    check(PACKAGES, [
      [
        "import np from 'numpy-ts'; np",
        "cell 1:1:8 - Module 'numpy-ts' has no default export: write import * as np or import { … }.",
      ],
      [
        "import { default as d, one } from 'named'; d",
        "cell 2:1:21 - Module 'named' has no default export: write import * as d or import { … }.",
      ],
      [
        "import d from 'untyped'; d",
        "SyntaxError: The requested module 'untyped' does not provide an export named 'default' | cell 3, line 1, column 1",
      ],
      ["import { one } from 'named'; import * as np from 'numpy-ts'; [one, typeof np.ones]", "[ 1, 'function' ]"],
    ]));

  it('by `import()` are real ones, of the same copies', () =>
    check({ ...PACKAGES, 'data.json': '{ "v": 1 }', 'lib.ts': 'export const a = 1; export default "lib";' }, [
      ["const m = await import('common'); [m.default(), m.x]", '[ 1, 2 ]'],
      [
        "const w = await import('waits'); import { late } from 'waits'; [w.default, w.late === late]",
        "[ 'waited', true ]",
      ],
      ["(await import('node:path')).sep + (await import('path')).sep", "'//'"],
      ["(await import('./data.json', { with: { type: 'json' } })).default.v", '1'],
      ["const { a, default: d } = await import('./lib'); [a, d, (await import('./' + 'lib.ts')).a]", "[ 1, 'lib', 1 ]"],
      ["import { fleche } from 'fleche'; (await import('fleche')).fleche === fleche", 'true'],
      ["const url = 'data:text/javascript,export default 7'; (await import(url)).default", '7'],
      [
        'const load = async () => (await import("node:path")).basename(import.meta.dirname); [await load() === import.meta.dirname.split("/").at(-1), String(load)]',
        '[\n  true,\n  \'async () => (await import("node:path")).basename(import.meta.dirname)\'\n]',
      ],
      [
        'const kept = fleche(async () => (await import("node:path")).sep); import { cache } from "fleche"; cache("memory"); (await kept()) === (await kept())',
        'true',
      ],
    ]));
});

it('`require` has what it has in Node.js', () =>
  check(PACKAGES, [
    ["[require.resolve('waits'), require.resolve('fs')].join(' ')", "'FOLDER/node_modules/waits/i.js fs'"],
    [
      "const common = require('common'); delete require.cache[require.resolve('common')]; require('common') === common",
      'false',
    ],
    [
      "import { fleche, cache } from 'fleche'; cache('memory'); const known = fleche(() => typeof require('fs')); const key = known.fleche.digest(); require('common'); key === known.fleche.digest()",
      'true',
    ],
  ]));

it('`import.meta` tells of the notebook', () =>
  check(PACKAGES, [
    [
      "const { url, filename, dirname } = import.meta; [url, filename, dirname, import.meta.resolve('waits'), import.meta.resolve('./x.js'), import.meta.resolve('fs')].join(' ')",
      "'file://FOLDER/notebook.ipynb FOLDER/notebook.ipynb FOLDER file://FOLDER/node_modules/waits/i.js file://FOLDER/x.js node:fs'",
    ],
  ]));

describe('local files', () => {
  it('are read again when they, or files that they import, have changed', () =>
    check(
      {
        'lib.ts': "import { half } from './half.ts'; export const quarter = (n: number): number => half(half(n));",
        'half.ts': 'export const half = (n: number): number => n / 2;',
        'sub/index.ts': 'export const inside: string = "sub";',
        'plain.js': 'export const plain = () => { null.x; };',
        'top.mjs': 'export const top = await Promise.resolve(3);',
        'data.json': '{ "v": 1 }',
      },
      [
        ["import { quarter } from './lib'; import data from './data.json'; [quarter(8), data.v]", '[ 2, 1 ]'],
        [
          "import { writeFileSync } from 'node:fs'; writeFileSync('half.ts', 'export const half = (n: number): number => n / 4;'); writeFileSync('data.json', '{ \"v\": 2 }');",
        ],
        ["import { half } from './half'; half(4)", '1'],
        ["import { quarter } from './lib.ts'; quarter(16)", '1'],
        [
          "import data from './data.json'; import same from './data.json' with { type: 'json' }; [data.v, same === data]",
          '[ 2, true ]',
        ],
        ["import { inside } from './sub'; import { top } from './top.mjs'; [inside, top]", "[ 'sub', 3 ]"],
        [
          "import { plain } from './plain.js';\nplain();",
          "TypeError: Cannot read properties of null (reading 'x') | plain.js, line 1, column 35 | at plain (plain.js:1:35) | at cell 7, line 2",
        ],
      ],
    ));
});
