/** Every public name says what it is, and every public value shows it with an example that compiles and runs. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReaderFolder } from './reader-folder.js';
import { ROOT } from './source-files.js';

const options: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
  strict: true,
  skipLibCheck: true,
  types: ['node'],
};

interface Name {
  readonly name: string;
  readonly isValue: boolean;
  readonly text: string;
  readonly example: string | undefined;
}

function publicNames(): readonly Name[] {
  const entries = ['src', 'src/storage', 'src/testing', 'src/config', 'src/render', 'kernel-extension/magics'];
  const files = entries.map((entry) => join(ROOT, entry, 'index.ts'));
  const program = ts.createProgram(files, { ...options, customConditions: ['fleche-source'] });
  const checker = program.getTypeChecker();
  const names = new Map<ts.Symbol, Name>();
  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const tag = symbol.getJsDocTags(checker).find(({ name }) => name === 'example');
      names.set(symbol, {
        name: exported.name,
        isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
        text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
        example: tag && ts.displayPartsToString(tag.text),
      });
    }
  }
  return [...names.values()];
}

const names = publicNames();
// Numbered, since `Cache` and `cache` are one file to some file systems and to TypeScript.
const examples = names.flatMap(({ name, example }, i) =>
  example === undefined ? [] : [[`${name}-${i}`, example] as const],
);

let folder = '';
beforeAll(() => {
  folder = makeReaderFolder('fleche-examples-');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('public names', () => {
  it('say what they are', () => {
    expect(names.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([]);
  });

  it('have an example, where they are values', () => {
    expect(names.filter(({ isValue, example }) => isValue && example === undefined).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('have examples that compile', () => {
    const files = examples.map(([name, example]) => {
      const file = join(folder, `${name}.ts`);
      writeFileSync(file, `${example}\nexport {};\n`);
      return file;
    });
    const program = ts.createProgram(files, options);
    const errors = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
    program.emit();
    expect(errors).toEqual([]);
  });

  it.each(examples.map(([name, example]) => [name, example]))('the example of %s runs', (name, example) => {
    const place = join(folder, `in ${name}`);
    mkdirSync(place);
    const run = spawnSync(process.execPath, [join(folder, `${name}.js`)], {
      cwd: place,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(run.status, run.stderr + run.stdout).toBe(0);
    for (const [, said] of example.matchAll(/console\.log\([^;]*\);.* \/\/ (.+)$/gm))
      expect(run.stdout).toContain(said);
  });
});
