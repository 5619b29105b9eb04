/** Reading the types of Node piece by piece while nobody waits for them. */
import path from 'node:path';
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';

/**
 * Gives `parse` the files of Node's types, from `index` on, one after the other, and binds them. What it forgets is read when
 * it is needed.
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
  const names = new Set([index]);
  for (const name of names) {
    const file = parse(name);
    yield;
    if (file !== undefined) bindSourceFile(file, {});
    yield;
    for (const { fileName } of file?.referencedFiles ?? []) names.add(path.resolve(path.dirname(name), fileName));
  }
}
