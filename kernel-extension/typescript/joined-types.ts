/**
 * Types that lie in many small files, as a few large ones. TypeScript looks at every file of its program at every cell,
 * and merges anew what several of them say of one name: with the files as they are, a cell takes twice as long.
 */
import path from 'node:path';
import type { TypeScript } from './load-typescript.js';

/** Those stay files of their own: what they declare is not global, or is so in a way that only they can say. */
const isModule = /^(?:import|export)\b/m;

/** The types of the language. */
export interface LanguageTypes {
  readonly fileName: string;
  readonly text: string;
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
    const text = included.has(name) ? undefined : readFile(path.posix.join(folder, `lib.${name}.d.ts`));
    if (text === undefined) return;
    if (isModule.test(text)) {
      modules.add(name);
      return;
    }
    included.add(name);
    const own = text.replace(reference, (_, other: string | undefined) => {
      if (other !== undefined) include(other);
      return '';
    });
    texts.push(own);
  };
  for (const name of runtimeLibraries()) include(name);
  return {
    // Where TypeScript looks for the libraries that somebody refers to besides, such as `dom`.
    fileName: path.posix.join(folder, 'lib.joined.d.ts'),
    text: [...[...modules].map((name) => `/// <reference lib="${name}" />`), ...texts].join('\n'),
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

/** More than this is another file: parsing one must not keep anybody waiting. */
const fileLength = 150_000;

/**
 * The types of Node.js, whose `index.d.ts` is at `index`, written with `/`: the texts of that file and of the joined ones that it refers to,
 * by name. Modules stay files of their own, and all stays in its order, which decides between overloads.
 */
export function joinedNodeTypes({ sys }: TypeScript, index: string): ReadonlyMap<string, string> {
  const folder = path.posix.dirname(index);
  const joined = new Map<string, string>();
  let name = '';
  const text = (sys.readFile(index) ?? '').replace(
    /^\/\/\/\s*<reference\s+path="([^"]+)"\s*\/>/gm,
    (whole, relative: string) => {
      const part = sys.readFile(path.posix.join(folder, relative));
      if (part === undefined || isModule.test(part) || /^\/\/\/\s*<reference\s+(?:path|types)=/m.test(part)) {
        name = '';
        return whole;
      }
      const before = joined.get(name) ?? '';
      if (name !== '' && before.length + part.length <= fileLength) {
        joined.set(name, `${before}\n${part}`);
        return '';
      }
      const file = `joined-${joined.size + 1}.d.ts`;
      name = path.posix.join(folder, file);
      joined.set(name, part);
      return `/// <reference path="${file}" />`;
    },
  );
  return joined.set(index, text);
}
