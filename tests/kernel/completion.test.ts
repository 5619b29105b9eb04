/** What an editor asks the kernel while somebody writes TypeScript: completion and inspection, also while a cell runs. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveKernel } from './live-kernel.js';
import { emptyFolder, program } from './run-cells.js';

let kernel: LiveKernel;

beforeAll(async () => {
  expect(existsSync(program), 'npm run build comes first').toBe(true);
  const folder = emptyFolder();
  mkdirSync(join(folder, 'node_modules/aquatic'), { recursive: true });
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data/table.ts'), 'export const columns = 3;\n');
  writeFileSync(join(folder, 'dates.ts'), '/** Days. */\nexport const days: number[] = [];\n');
  const types = 'export declare function swim(depth: number): void;\nexport declare const water: "salt" | "fresh";\n';
  writeFileSync(join(folder, 'node_modules/aquatic/index.d.ts'), types);
  writeFileSync(join(folder, 'node_modules/aquatic/index.js'), 'exports.swim = () => {}; exports.water = "salt";\n');
  writeFileSync(join(folder, 'node_modules/aquatic/package.json'), '{"name":"aquatic","version":"1.0.0"}');
  kernel = new LiveKernel(folder, (file) => [program, 'kernel', '--config-path', file]);
  await kernel.ready();
  for (const cell of CELLS) expect((await kernel.run(cell)).status).toBe('ok');
});
afterAll(() => kernel?.stop());

const CELLS = [
  'const people = [{ name: "Ada", born: 1815 }, { name: "Alan", born: 1912 }];\nlet count = 0;',
  `/**
 * Scales a number, see {@link https://example.org/scale the page}.
 *
 * @param value What is scaled.
 * @param factor - How much; 2 if left out.
 * @returns The product.
 * @throws {RangeError} If the factor is 0.
 * @example
 * scale(2, 3); // 6
 */
function scale(value: number, factor = 2): number { return value * factor; }
/** Where things are. */
interface Place { readonly latitude: number; readonly longitude: number; }
const kinds = (kind: 'square' | 'circle', options: { width?: number; height?: number } = {}) => [kind, options];
class Ship {
  /** Sails away. */
  sail(): void {}
  speed = 3;
}
/** How many. */
let many = 4;`,
];

/** A cell, some of the words that are offered, and what they take the place of. */
const offered: readonly (readonly [string, readonly string[], string])[] = [
  ['people[0].|', ['born', 'name'], ''],
  ['people[0].na|', ['name'], 'na'],
  ['people.map((person) => person.bo|)', ['born'], 'bo'],
  ['"😀".toUpp|', ['toUpperCase'], 'toUpp'],
  ['const a = "😀😀"; peop|; // 😀', ['people'], 'peop'],
  ['%%time\n"😀"; people[0].na|', ['name'], 'na'],
  ['!echo 😀\npeople[0].na|', ['name'], 'na'],
  ['new Shi|', ['Ship'], 'Shi'],
  ['new Ship().|', ['sail', 'speed'], ''],
  ['const here: Pla|', ['Place'], 'Pla'],
  ['const here: Place = { lat| }', ['latitude'], 'lat'],
  ['const here: Place = { latitude: 1, | }', ['longitude'], ''],
  ["kinds('|')", ['circle', 'square'], ''],
  ["kinds('sq|')", ['square'], 'sq'],
  ["kinds('square', { | })", ['height', 'width'], ''],
  ["people[0]['|']", ['born', 'name'], ''],
  ["import {} from 'aq|'", ['aquatic'], 'aq'],
  ["import { s| } from 'aquatic'", ['swim'], 's'],
  ["import { water } from 'aquatic';\nif (water === '|') {}", ['fresh', 'salt'], ''],
  ["import {} from './da|'", ['data', 'dates'], 'da'],
  ["import {} from './data/|'", ['table'], ''],
  ["import { co| } from './data/table'", ['columns'], 'co'],
  ["import { readFi| } from 'node:fs'", ['readFile', 'readFileSync'], 'readFi'],
  ["import {} from 'node:child|'", ['node:child_process'], 'node:child'],
  ['process.ar|', ['argv'], 'ar'],
  ['displa|', ['display'], 'displa'],
  ['const own = { deep: 1 }; own.|', ['deep'], ''],
];

describe('completion', () => {
  it.each(offered)('of %j', async (marked, words, replaced) => {
    const found = await kernel.completions(marked);
    expect(found.words).toEqual(expect.arrayContaining([...words]));
    expect(found.replaced).toBe(replaced);
  });

  it('offers members only after a dot, and files of the user only', async () => {
    expect((await kernel.completions('people[0].|')).words).toEqual(['born', 'name']);
    expect((await kernel.completions("kinds('|')")).words).toEqual(['circle', 'square']);
    expect((await kernel.completions("import {} from './|'")).words).toEqual(['data', 'dates']);
  });

  it('finds nothing in texts and comments', async () => {
    expect((await kernel.completions('// peop|')).words).toEqual([]);
    expect((await kernel.completions('"peop|"')).words).toEqual([]);
  });
});

describe('inspection', () => {
  it('shows signature and documentation as text and as Markdown', async () => {
    const found = await kernel.inspection('sca|le(1)');
    expect(found['text/plain']).toBe(
      [
        'function scale(value: number, factor?: number): number',
        'Scales a number, see [the page](https://example.org/scale).',
        '@param value What is scaled.\n@param factor How much; 2 if left out.\n@returns The product.\n@throws {RangeError} If the factor is 0.\n@example scale(2, 3); // 6',
      ].join('\n\n'),
    );
    expect(found['text/markdown']).toBe(`\`\`\`typescript
function scale(value: number, factor?: number): number
\`\`\`

Scales a number, see [the page](https://example.org/scale).

**Parameters**

- \`value\` — What is scaled.
- \`factor\` — How much; 2 if left out.

**Returns:** The product.

**Throws:** {RangeError} If the factor is 0.

**Example**

\`\`\`typescript
scale(2, 3); // 6
\`\`\``);
  });

  it.each([
    ['people.ma|p((p) => p.name)', '(method) Array<', 'Calls a defined callback function on each element of an array'],
    ['"😀"; sca|le', 'function scale(', 'Scales a number'],
    ['%%time\n"😀"; sca|le', 'function scale(', 'Scales a number'],
    ['scale(|', 'function scale(', 'Scales a number'],
    ['scale(1, |)', 'function scale(', 'Scales a number'],
    ['new Ship().sa|il()', '(method) Ship.sail(): void', 'Sails away.'],
    ['ma|ny', 'let many: number', 'How many.'],
    ['const here: Pl|ace = undefined', 'interface Place', 'Where things are.'],
    ["import { days } from './dates';\nda|ys", 'const days: number[]', 'Days.'],
    [
      "import * as fs from 'node:fs';\nfs.readFileSync|('x', 'utf8')",
      'function readFileSync(path: fs.',
      'reads the entire contents',
    ],
    ['/** Mine. */\nconst mine = () => 1;\nmi|ne()', 'const mine: () => number', 'Mine.'],
    ['setTimeou|t(() => {}, 1)', 'setTimeout', 'Schedules execution of a one-time'],
  ])('of %j', async (marked, signature, documentation) => {
    const found = await kernel.inspection(marked);
    for (const type of ['text/plain', 'text/markdown']) {
      expect(found[type]).toContain(signature);
      expect(found[type]).toContain(documentation);
    }
  });

  it('finds nothing where nothing stands', async () => {
    expect(await kernel.inspection('|')).toEqual({});
    expect(await kernel.inspection('// sca|le')).toEqual({});
  });
});

it('answers while a cell runs', async () => {
  const cell = kernel.run('for (;;) {}');
  expect((await kernel.completions('people[0].na|')).words).toEqual(['name']);
  expect((await kernel.inspection('sca|le'))['text/plain']).toContain('function scale');
  await kernel.interrupt();
  expect((await cell).status).toBe('error');
});
