/** The types of the language, as one file, and those of binary data, which take two fifths of it, as another. */
import path from 'node:path';
import type { TypeScript } from '../load-typescript.js';
import { dividedBy, fromFile, isModule } from './joined-texts.js';

/** Typed arrays and what takes them: no type but theirs speaks of them. With the comment before. */
const BINARY =
  /^(?:\/\*\*@\d+\*\/\s*)?(?:interface|declare var) (?:(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array|Atomics)(?:Constructor)?\b(?:[^{;]*;|[\s\S]*?^\})/;

/** The types of the language. */
export interface LanguageTypes {
  readonly fileName: string;
  readonly text: string;
  /** Those of binary data. */
  readonly binary: { readonly fileName: string; readonly text: string };
  /** The text of a library without the references to what is in here. */
  withoutReferences(text: string): string;
}

/** Joins those of TypeScript's own files that say what the running Node has. */
export function languageTypes(typescript: TypeScript): LanguageTypes {
  const { readFile, getExecutingFilePath } = typescript.sys;
  const folder = path.posix.dirname(getExecutingFilePath());
  const reference = /^\/\/\/\s*<reference\s+(?:lib="([^"]+)"|no-default-lib="true")\s*\/>/gm;
  const included = new Set<string>();
  const modules = new Set<string>();
  const texts: string[] = [];
  const include = (name: string): void => {
    const file = path.posix.join(folder, `lib.${name}.d.ts`);
    const text = included.has(name) ? undefined : readFile(file);
    if (text === undefined) return;
    if (isModule(text)) {
      modules.add(name);
      return;
    }
    included.add(name);
    const own = fromFile(file, text).replace(reference, (_, other: string | undefined) => {
      if (other !== undefined) include(other);
      return '';
    });
    texts.push(own);
  };
  for (const name of runtimeLibraries()) include(name);
  const [text, binary] = dividedBy(texts.join('\n'), BINARY);
  return {
    // Where TypeScript looks for the libraries that somebody refers to besides, such as `dom`.
    fileName: path.posix.join(folder, 'lib.joined.d.ts'),
    text: [...[...modules].map((name) => `/// <reference lib="${name}" />`), text].join('\n'),
    binary: { fileName: path.posix.join(folder, 'lib.joined-binary.d.ts'), text: binary },
    withoutReferences: (text) =>
      text.includes('<reference lib=')
        ? text.replace(reference, (whole, name: string | undefined) =>
            name !== undefined && included.has(name) ? ' '.repeat(whole.length) : whole,
          )
        : text,
  };
}

/** The libraries that the running Node really has, by what it can do and not by its version. */
export function runtimeLibraries(): string[] {
  const has = (object: object | undefined, name: string): boolean => object !== undefined && name in object;
  const libraries = ['es2023'];
  // The types of Node.js have what there is without it.
  if (has(globalThis, 'DisposableStack')) libraries.push('esnext.disposable');
  if (has(Promise, 'withResolvers') && has(Object, 'groupBy')) libraries.push('es2024');
  if (has(Set.prototype, 'union')) libraries.push('esnext.collection', 'es2025.collection');
  if (has(Array, 'fromAsync')) libraries.push('esnext.array');
  const iterator = (globalThis as { Iterator?: { prototype: object } }).Iterator;
  if (has(iterator?.prototype, 'map')) libraries.push('esnext.iterator', 'es2025.iterator');
  if (has(globalThis, 'Float16Array')) libraries.push('es2025');
  return libraries;
}
