/** Reading the types of Node piece by piece while nobody waits for them. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';
import type { TypeScript } from './load-typescript.js';

/**
 * Gives `parse` the files of Node's types, from `index` on, one after the other, and binds them. What it forgets is read when it is needed.
 */
export function* parseNodeTypes(
  typescript: TypeScript,
  index: string,
  parse: (name: string) => ts.SourceFile | undefined,
): Generator<void> {
  // Not among TypeScript's types; a checker does it for the files of its program that have not been bound.
  const { bindSourceFile } = typescript as TypeScript & {
    bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  };
  // They bring `fetch` in from there.
  const undici = typesOf('undici-types', index);
  const names = new Set([index, ...undici]);
  for (const name of names) {
    const file = parse(name);
    yield;
    if (file !== undefined) bindSourceFile(file, {});
    yield;
    const near = (other: string): string => path.resolve(path.dirname(name), other);
    for (const { fileName } of file?.referencedFiles ?? []) names.add(near(fileName));
    // Those of Node import each other, but are all of them referenced by the index.
    if (file === undefined || !undici.some((first) => path.dirname(first) === path.dirname(name))) continue;
    for (const { fileName } of typescript.preProcessFile(file.text).importedFiles) {
      if (fileName.startsWith('.')) names.add(`${near(fileName)}.d.ts`);
    }
  }
}

function typesOf(name: string, from: string): string[] {
  try {
    return [path.join(path.dirname(createRequire(from).resolve(`${name}/package.json`)), 'index.d.ts')];
  } catch {
    return [];
  }
}
