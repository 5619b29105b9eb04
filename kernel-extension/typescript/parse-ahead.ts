/** Reading the types of Node piece by piece while nobody waits for them. */
import path from 'node:path';
import type ts from 'typescript';
import type { TypeScript } from './load-typescript.js';

/** How much is added to a file at a time: parsing it must not keep anybody waiting. */
const PART_LENGTH = 50_000;

/**
 * Gives `parse` the files of Node's types, from `index` on, each with a part more each time, and binds them. What it
 * forgets is read when it is needed.
 *
 * @param joined Makes the texts of files by name.
 * @param parse Parses a file with this text, or else with that which it has.
 */
export function* parseNodeTypes(
  typescript: TypeScript,
  index: string,
  joined: () => ReadonlyMap<string, string>,
  parse: (name: string, text?: string) => ts.SourceFile | undefined,
): Generator<void> {
  // Not among TypeScript's types; a checker does it for the files of its program that have not been bound.
  const { bindSourceFile } = typescript as TypeScript & {
    bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  };
  const texts = joined();
  yield;
  const names = new Set([index]);
  for (const name of names) {
    let file: ts.SourceFile | undefined;
    for (const text of growing(texts.get(name))) {
      file = parse(name, text);
      yield;
    }
    if (file !== undefined) bindSourceFile(file, {});
    yield;
    for (const { fileName } of file?.referencedFiles ?? []) names.add(path.resolve(path.dirname(name), fileName));
  }
}

/** Beginnings of a text, each a part longer than the one before; the last one is the text. */
function* growing(text: string | undefined): Generator<string | undefined> {
  // Between lines, for a word must not end with a part.
  const endAfter = (start: number): number => text?.indexOf('\n', start + PART_LENGTH) ?? -1;
  for (let end = endAfter(0); end > 0; end = endAfter(end)) yield text?.slice(0, end);
  yield text;
}

/** A text of which TypeScript parses only what is new, if it begins as the one before did. */
export function growingText(typescript: TypeScript, text: string): ts.IScriptSnapshot {
  return {
    getText: (start, end) => text.substring(start, end),
    getLength: () => text.length,
    getChangeRange(before) {
      const length = before.getLength();
      if (!text.startsWith(before.getText(0, length))) return undefined;
      return typescript.createTextChangeRange({ start: length, length: 0 }, text.length - length);
    },
  };
}
