/**
 * Runs the TypeScript of README.md and docs/ as a reader would paste it, against the built package: every fence that
 * starts with three backticks and `ts` is a program. What a line prints is written behind it, `console.log(…); // 5`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../kernel-extension/magics/arguments.js';
import { fleche } from '../../kernel-extension/magics/commands/fleche.js';
import { makeReaderFolder } from './reader-folder.js';
import { ROOT } from './source-files.js';

interface Snippet {
  readonly where: string;
  readonly code: string;
  readonly printed: string;
}

function snippetsOf(file: string): Snippet[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => {
    const code = match[1] as string;
    const lines = [...code.matchAll(/^\s*console\.log\(.*\);[ ]*\/\/ (.*)$/gm)].map(([, said]) => `${said}\n`);
    return { where: `${file}:${text.slice(0, match.index).split('\n').length}`, code, printed: lines.join('') };
  });
}
const docs = existsSync(join(ROOT, 'docs')) ? readdirSync(join(ROOT, 'docs')) : [];
const pages = ['README.md', ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
const snippets = pages.flatMap(snippetsOf);

let folder: string;
beforeAll(() => {
  folder = makeReaderFolder('fleche-readme-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the programs of the documentation', () => {
  it('are there', () => {
    expect(snippets.map(({ where }) => where.split(':')[0])).toContain('README.md');
  });

  it.each(snippets.map((snippet) => [snippet.where, snippet] as const))('%s', (where, { code, printed }) => {
    const name = where.replace(/\W/g, '-');
    const place = join(folder, name);
    mkdirSync(place);
    const file = join(place, 'program.ts');
    writeFileSync(file, code);
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      strict: true,
      skipLibCheck: true,
      types: ['node'],
    });
    const errors = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(errors).toEqual([]);
    program.emit();
    const run = spawnSync(process.execPath, ['program.js'], { cwd: place, encoding: 'utf8', timeout: 50_000 });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toBe(printed);
  });
});

describe('README.md', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

  it('opens with the two commands', () => {
    expect(/^```\w*\n(.*?)^```$/ms.exec(readme)?.[1]).toMatch(/^npm ci && npm run demo.*\nnpm ci && npm test.*\n$/);
  });

  it('has no magic that the kernel does not know', () => {
    const magics = [...readme.matchAll(/`%%?fleche ?([^`…]*)`/g)].map(([, words]) => words as string);
    expect(magics.length).toBeGreaterThan(10);
    for (const words of magics) {
      // What may be left out, in brackets, is tried both with and without; a choice by its first.
      const whole = words.replace(/\\\|\w+/g, '').replace(/[[\]]/g, '');
      for (const line of [whole, words.replace(/ ?\[[^\]]*\]/g, '')]) {
        expect(() => parseArguments(fleche, line.replaceAll('KIND:', 'pickle:')), line).not.toThrow();
      }
    }
  });

  it('names all storages, and none that is not there', async () => {
    const named = [...readme.matchAll(/`((?:Value|Call)[A-Z]\w+|Sql)`/g)].map(([, name]) => name as string);
    const storages = Object.keys(await import('fleche/storage')).filter((name) => /^[A-Z]/.test(name));
    expect([...new Set(named)].sort()).toEqual(storages.sort());
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
    expect(links.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });
});
