import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const entries = Object.entries(manifest.exports).filter((entry) => typeof entry[1] !== 'string') as [
  string,
  Readonly<Record<string, string>>,
][];

let folder: string;
let tarball: string;
/** The package as a user has it who installed with `--omit=optional`: our files, and our plain dependencies alone. */
let installed: string;

/** Runs a program of node_modules and returns what it says when it does not like something. */
function complaints(program: string, ...parameters: string[]): string {
  const options = { encoding: 'utf8', cwd: folder } as const;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, 'node_modules', program), ...parameters],
    options,
  );
  return status === 0 ? '' : `exit code ${status}\n${stdout}${stderr}`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleche-package-'));
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(packed.status, packed.stderr).toBe(0);
  const [report] = JSON.parse(packed.stdout) as [{ filename: string }];
  tarball = join(folder, report.filename);
  const modules = join(folder, 'node_modules');
  installed = join(modules, 'fleche');
  mkdirSync(installed, { recursive: true });
  expect(spawnSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']).status).toBe(0);
  for (const name of Object.keys(manifest.dependencies)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package as npm packs it', () => {
  it('has what every entry point names', () => {
    const named = [
      manifest.main,
      manifest.types,
      ...Object.values(manifest.bin),
      ...entries.flatMap(([, e]) => Object.values(e)),
    ];
    expect(named.filter((file) => !existsSync(join(installed, file)))).toEqual([]);
  });

  it('is found by the old resolution of tslab too, which knows no exports', () => {
    const [, root] = entries.find(([name]) => name === '.') ?? [];
    expect({ types: manifest.types, default: manifest.main }).toMatchObject({
      types: root?.types,
      default: root?.default,
    });
    const mapped = entries.filter(([name]) => name !== '.').map(([name, { types }]) => [name.slice(2), [types]]);
    expect(manifest.typesVersions['*']).toEqual(Object.fromEntries(mapped));
  });

  it('starts its programs with Node', () => {
    for (const file of Object.values(manifest.bin)) {
      expect(readFileSync(join(installed, file), 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
    }
  });

  it('pleases publint', () => {
    expect(complaints('publint/src/cli.js', 'run', tarball, '--strict')).toBe('');
  });

  it('has types that are right (attw)', () => {
    expect(complaints('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only')).toBe('');
  });
});

/** Writes down the address of every module that Node loads, imported or required. */
const RECORDER = `
import { appendFileSync } from 'node:fs';
export async function load(url, context, next) {
  appendFileSync(new URL('loaded.txt', import.meta.url), url + '\\n');
  return next(url, context);
}`;
const AT_START = `
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
register('./recorder.mjs', import.meta.url);
const { cache } = createRequire(import.meta.url);
process.on('exit', () => appendFileSync(new URL('loaded.txt', import.meta.url), Object.keys(cache).join('\\n')));`;

/** Runs `code` as a module beside the installed package: what it loads, file by file, and what it prints. */
function run(code: string): { loaded: string[]; printed: string } {
  const files = { 'recorder.mjs': RECORDER, 'at-start.mjs': AT_START, 'program.mjs': code, 'loaded.txt': '' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', './at-start.mjs', './program.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  const loaded = readFileSync(join(folder, 'loaded.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { loaded, printed: stdout };
}
/** The packages that files belong to, ours left out. */
function packagesOf(loaded: readonly string[]): string[] {
  const names = loaded.map((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined && name !== 'fleche').sort() as string[];
}

describe('the library without its optional dependencies', () => {
  it('loads little by being imported', () => {
    const { loaded } = run("import 'fleche';");
    const ours = loaded.filter((file) => file.includes('/node_modules/fleche/'));
    expect(ours.length).toBeGreaterThan(10);
    expect(ours.length).toBeLessThan(130);
    expect(packagesOf(loaded)).toEqual(['acorn', 'devalue']);
  });

  it('loads no engine before it is asked to open one', () => {
    const imports = ['fleche', 'fleche/storage', 'fleche/config', 'fleche/render', 'fleche/testing'];
    const { loaded } = run(imports.map((name) => `import '${name}';`).join('\n'));
    const engines = ['h5wasm', 'sql.js', 'koffi', ...Object.keys(manifest.optionalDependencies)];
    expect(packagesOf(loaded).filter((name) => engines.includes(name))).toEqual([]);
  });

  it('opens the engines that are its own', () => {
    const { loaded, printed } = run(`
      import { rmSync } from 'node:fs';
      import { Cache, fleche, cache } from 'fleche';
      import { Sql, ValueBagOfHoldingH5File, ValuePickleFile } from 'fleche/storage';
      const sql = await Sql.open({ url: 'sqlite:///calls.db' });
      const add = fleche((a, b) => a + b);
      for (const values of [
        await ValueBagOfHoldingH5File.open({ root: 'bags' }),
        ValuePickleFile.withPickle({ root: 'pickles', compress: true }),
      ]) {
        console.log(cache(new Cache({ values, calls: sql }), () => [add(2, 3), add(2, 3)]), [...values.list()].length);
      }
      console.log([...sql.list()].length);
      for (const path of ['calls.db', 'bags', 'pickles']) rmSync(path, { recursive: true });`);
    expect(printed).toBe('[ 5, 5 ] 3\n[ 5, 5 ] 3\n1\n');
    expect(packagesOf(loaded)).toEqual(expect.arrayContaining(['devalue', 'h5wasm', 'koffi', 'pako']));
  });

  it('says what to install when the kernel is asked for', () => {
    const main = join(installed, manifest.bin.fleche as string);
    writeFileSync(join(folder, 'x.ipynb'), JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const { status, stderr } = spawnSync(process.execPath, [main, 'run', 'x.ipynb'], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/npm install/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
