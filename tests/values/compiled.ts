import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The library and this folder as JavaScript, for plain Node processes. */
export interface Compiled {
  /** The folder where `src` and `tests` stand. */
  readonly directory: string;
  remove(): void;
}

/** Compiles what stands in the sources now; the built package may be older. */
export function compiled(): Compiled {
  // Beside node_modules, so that our dependencies are found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const directory = mkdtempSync(join(root, 'node_modules/.cache/values-'));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  for (const folder of ['src', 'tests/values']) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue;
      const target = join(directory, folder, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(join(root, folder, file), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      writeFileSync(target, outputText);
    }
  }
  return { directory, remove: () => rmSync(directory, { recursive: true }) };
}
