/** Runs the cases of the table in plain Node modules, in our kernel and in a stock tslab. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { emptyFolder, removeFolder, runCells, shown } from '../../kernel/run-cells.js';
import { ROOT } from '../../package/source-files.js';
import { startStockKernel } from '../../tslab/stock-kernel.js';
import type { Host, KeyCase } from './cases.js';

/** What was found for a case: `hit`, `miss`, `hit, with a notice`; the notice that a change would not be noticed. */
export type Results = ReadonlyMap<KeyCase, string>;

const call = 'f(2)';
const lookUp = 'f.fleche.contains(2)';
const atOnce = 15;
const libraryFile = './lib.ts';

/** Runs `cases` in a host, each with a cache of its own. */
export async function runColumn(host: Host, cases: readonly KeyCase[]): Promise<Results> {
  const own = cases.filter(({ hosts }) => hosts === undefined || hosts.includes(host));
  const answers = await (host === 'node' ? inNode(own) : host === 'kernel' ? inKernel(own) : inTslab(own));
  return new Map(own.map((each, i) => [each, answers[i] as string]));
}

function worded(found: unknown): string {
  const match = /^(true|false) (\d+)$/.exec(String(found));
  if (match === null) throw new Error(`a case went wrong: ${String(found)}`);
  return `${match[1] === 'true' ? 'hit' : 'miss'}${Number(match[2]) > 0 ? ', with a notice' : ''}`;
}

const begin = [
  "import { Cache, cache, fleche } from 'fleche'",
  "import { CallMemory, ValueMemory } from 'fleche/storage'",
  'const told = { notices: 0 }',
  "process.on('warning', ({ message }) => { if (message.includes('is not noticed')) told.notices++ })",
].join('\n');

/** The cells that a notebook runs for a case; the last one prints what was found. */
function notebookCells(each: KeyCase): string[] {
  const edited = Object.entries(each.edited ?? {}).map(([, text]) => text);
  const library = (text: string): string =>
    `(await import('node:fs')).writeFileSync(${JSON.stringify(libraryFile)}, ${JSON.stringify(text)}); void 0`;
  return [
    'cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() })); told.notices = 0; void 0',
    ...(each.library === undefined ? [] : [library(each.library[0])]),
    ...each.cells,
    `${each.call ?? call}; void 0`,
    ...(each.library === undefined ? [] : [library(each.library[1])]),
    ...edited,
    ...(each.again ?? []).map((number) => each.cells[number] as string),
    ...(each.after ?? []).map((text) => `${text}; void 0`),
    `console.log(${each.lookUp ?? lookUp}, told.notices)`,
  ];
}

/** A few cases in one process, so that none takes longer than a notebook may. */
async function inKernel(cases: readonly KeyCase[]): Promise<string[]> {
  if (cases.length > atOnce)
    return [...(await inKernel(cases.slice(0, atOnce))), ...(await inKernel(cases.slice(atOnce)))];
  const cells = cases.map(notebookCells);
  const folder = emptyFolder();
  try {
    const { cells: ran } = await runCells([begin, ...cells.flat()], { folder });
    const output = ran.map((cell) =>
      shown(cell)
        .filter((text) => !text.includes('FlecheWarning'))
        .join('\n'),
    );
    let at = 0;
    return cells.map(({ length }) => {
      at += length;
      const printed = output[at] ?? '';
      const errors = output.slice(at - length + 1, at).filter((text) => text !== '');
      return worded(errors[0] ?? printed.replace(/^out: /, ''));
    });
  } finally {
    removeFolder(folder);
  }
}

async function inTslab(cases: readonly KeyCase[]): Promise<string[]> {
  const kernel = await startStockKernel();
  try {
    const run = async (cell: string): Promise<string> => {
      const { status, stdout, stderr } = await kernel.run(cell);
      if (status !== 'ok') throw new Error(`${cell}\n${stderr}`);
      return stdout.trim();
    };
    await run(begin);
    const answers: string[] = [];
    for (const each of cases) {
      let last = '';
      for (const cell of notebookCells(each)) last = await run(cell);
      answers.push(worded(last));
    }
    return answers;
  } finally {
    kernel.stop();
  }
}

/** Two processes, one after the other, with the modules of before and those of after, over one store on the disk. */
async function inNode(cases: readonly KeyCase[]): Promise<string[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fleche-keys-')));
  try {
    cases.forEach((each, number) => {
      for (const when of [0, 1] as const) writeModule(join(folder, String(when), String(number)), each, when);
    });
    for (const when of ['0', '1']) {
      mkdirSync(join(folder, when, 'node_modules'), { recursive: true });
      symlinkSync(ROOT, join(folder, when, 'node_modules', 'fleche'));
      writeFileSync(join(folder, when, 'run.mjs'), runner(cases, Number(when)));
      await promisify(execFile)(process.execPath, ['--no-warnings', 'run.mjs'], { cwd: join(folder, when) });
    }
    return (JSON.parse(readFileSync(join(folder, 'found.json'), 'utf8')) as unknown[]).map(worded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeModule(folder: string, each: KeyCase, when: 0 | 1): void {
  mkdirSync(folder, { recursive: true });
  const cells = when === 0 ? each.cells : each.cells.map((cell, number) => each.edited?.[number] ?? cell);
  const lookedUp = /^\w+/.exec(each.lookUp ?? lookUp)?.[0];
  const exported = ['f', ...(lookedUp === 'f' ? [] : [lookedUp])];
  const later = when === 0 ? [] : (each.after ?? []);
  const text = ["import { fleche } from 'fleche'", ...cells, ...later, `export { ${exported.join(', ')} }`];
  writeFileSync(join(folder, 'module.js'), compiled(text.join('\n')));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  if (each.library !== undefined) writeFileSync(join(folder, 'lib.js'), compiled(each.library[when]));
  if (each.versions === undefined) return;
  const toolbox = join(folder, 'node_modules', 'toolbox');
  mkdirSync(toolbox, { recursive: true });
  const manifest = { name: 'toolbox', version: each.versions[when], type: 'module', main: 'index.js' };
  writeFileSync(join(toolbox, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(toolbox, 'index.js'), 'const by = 2; export const scale = (x) => x * by');
}

function compiled(text: string): string {
  const { ES2022 } = ts.ScriptTarget;
  const compilerOptions = { target: ES2022, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

function runner(cases: readonly KeyCase[], when: number): string {
  const runs = cases.map((each, number) => {
    const expression = when === 0 ? (each.call ?? call) : (each.lookUp ?? lookUp);
    return `await run(${number}, ({ f, g }) => ${expression});`;
  });
  return `
import { writeFileSync } from 'node:fs';
import { Cache, cache } from 'fleche';
import { CallPickleFile, ValuePickleFile } from 'fleche/storage';
let notices = 0;
process.on('warning', ({ message }) => { if (message.includes('is not noticed')) notices++; });
const found = [];
async function run(number, body) {
  const module = await import('./' + number + '/module.js');
  notices = 0;
  cache(new Cache({ values: ValuePickleFile.withPickle({ root: '../store/' + number }), calls: CallPickleFile.withPickle({ root: '../store/' + number }) }));
  const result = body(module);
  await new Promise((resolve) => setImmediate(resolve));
  found.push(result + ' ' + notices);
}
${runs.join('\n')}
writeFileSync('../found.json', JSON.stringify(found));
`;
}
