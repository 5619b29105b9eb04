/** Real second processes for the tests: Node running our sources, Python, and the `sqlite3` program. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll } from 'vitest';
import { keyOf } from './samples.js';

const repository = resolve(import.meta.dirname, '../../..');

/** Whether there is a Python with its own SQLite. */
export const hasPython: boolean = spawnSync('python3', ['-c', 'import sqlite3']).status === 0;
/** Whether there is the `sqlite3` program. */
export const hasSqlite: boolean = spawnSync('sqlite3', ['--version']).status === 0;

const directories: string[] = [];
// Here and once: within a test or a hook, vitest takes no more hooks.
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A temporary directory that is gone when the test file has ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'fleche-sql-'));
  directories.push(directory);
  return directory;
}

/**
 * Our sources as JavaScript in a directory of their own, where only `packages` can be imported.
 *
 * @returns the directory; `sql.js` in it exports `Sql`, `keyOf` and `recordOf`.
 */
export function buildSources(packages: readonly string[]): string {
  const root = temporaryDirectory();
  const done = new Set<string>();
  const build = (source: string): void => {
    if (done.has(source)) return;
    done.add(source);
    const text = readFileSync(source, 'utf8');
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    });
    const out = join(root, relative(repository, source)).replace(/\.ts$/, '.js');
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, outputText);
    for (const [, specifier] of outputText.matchAll(/from\s+'(\.[^']+)\.js'/g)) {
      build(resolve(dirname(source), `${specifier}.ts`));
    }
  };
  build(join(repository, 'src/storage/sql/sql.ts'));
  build(join(import.meta.dirname, 'samples.ts'));
  for (const name of ['acorn', 'sql.js', 'koffi', '@koromix']) {
    const place = join(root, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    // Digests parse functions with acorn, whatever the database is opened with.
    if (name === 'acorn' || packages.includes(name)) {
      symlinkSync(join(repository, 'node_modules', name), place);
    } else {
      // A package without anything in it, so that one further up the tree is not found in its place.
      mkdirSync(place);
      writeFileSync(join(place, 'package.json'), JSON.stringify({ name, exports: {} }));
    }
  }
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(root, 'sql.js'),
    "export { Sql } from './src/storage/sql/sql.js'; export * from './tests/storage/sql/samples.js';",
  );
  return root;
}

/** A running program and what it has said so far. */
export interface Running {
  readonly process: ChildProcess;
  /** Waits for a line of its output that holds `text`. */
  said(text: string): Promise<void>;
  /** Waits for its end. */
  ended: Promise<{ code: number | null; output: string; errors: string }>;
}

/** Starts a program. */
export function start(command: string, values: readonly string[]): Running {
  const child = spawn(command, values, { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  let wake = (): void => {};
  child.stdout.on('data', (chunk) => {
    output += chunk;
    wake();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<{ code: number | null; output: string; errors: string }>((done) => {
    child.on('close', (code) => {
      done({ code, output, errors });
      wake();
    });
  });
  return {
    process: child,
    ended,
    async said(text) {
      while (!output.includes(text)) {
        if (child.exitCode !== null) throw new Error(`${command} ended before it said ${text}: ${output} ${errors}`);
        await new Promise<void>((done) => {
          wake = done;
        });
      }
    },
  };
}

/** Starts Node on a script that is written into `root` (see {@link buildSources}). */
export function startNode(root: string, script: string, values: readonly string[] = []): Running {
  const path = join(root, `script-${keyOf(script).slice(0, 12)}.js`);
  writeFileSync(path, script);
  return start(process.execPath, [path, ...values]);
}

/** Runs Python's own sqlite3 or any other script to its end. */
export function python(script: string, values: readonly string[] = []): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...values], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** What the `sqlite3` program answers. */
export function sqlite(path: string, sql: string): string {
  const { status, stdout, stderr } = spawnSync('sqlite3', [path, sql], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}
