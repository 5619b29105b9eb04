/** The types of Node.js, as few files. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';
import { fromFile, isModule } from './joined-texts.js';

/** More than this is another file: parsing one must not keep anybody waiting. */
const FILE_LENGTH = 80_000;

/** Where they have `fetch` from: three dozen small modules. */
const UNDICI = 'undici-types';
/** What those are called that are a part of Node's types: a name that no import in a cell would find. */
export const JOINED_UNDICI: string = `(${UNDICI})`;

/**
 * The types of Node.js, whose `index.d.ts` is at `index`, written with `/`: the texts of that file and of the joined ones that it
 * refers to, by name. Modules stay files of their own, but for those of `undici-types`, and all stays in its order, which
 * decides between overloads.
 */
export function joinedNodeTypes({ sys }: TypeScript, index: string): ReadonlyMap<string, string> {
  const folder = path.posix.dirname(index);
  const undici = new RegExp(`(["'])${UNDICI}\\1`, 'g');
  const joined = new Map<string, string>();
  let name = '';
  /** Puts a text into the last file; gives a reference to a new one where it does not fit. */
  const put = (text: string): string => {
    const before = joined.get(name) ?? '';
    if (name !== '' && before.length + text.length <= FILE_LENGTH) {
      joined.set(name, `${before}\n${text}`);
      return '';
    }
    const file = `joined-${joined.size + 1}.d.ts`;
    name = path.posix.join(folder, file);
    joined.set(name, text);
    return `/// <reference path="${file}" />\n`;
  };
  const text = (sys.readFile(index) ?? '').replace(
    /^\/\/\/\s*<reference\s+path="([^"]+)"\s*\/>/gm,
    (whole, relative: string) => {
      const file = path.posix.join(folder, relative);
      const part = sys.readFile(file);
      if (part === undefined) return whole;
      const named = (text: string): string => text.replace(undici, JSON.stringify(JOINED_UNDICI));
      const stays = isModule(part) || /^\/\/\/\s*<reference\s+(?:path|types)=/m.test(part);
      if (!stays) return put(named(fromFile(file, part)));
      name = '';
      joined.set(file, named(part));
      return whole;
    },
  );
  const references = [...ambientModules(sys, UNDICI, JOINED_UNDICI, index)].map(put);
  return joined.set(index, references.join('') + text);
}

/** The modules of the package of types `name` that is found from the file `from`, as ambient modules of the package `as`. */
function* ambientModules({ readFile }: ts.System, name: string, as: string, from: string): Generator<string> {
  const folder = packageFolder(name, from);
  const modules = new Set(folder === undefined ? [] : ['index']);
  const imported = /(\bfrom\s*|\bimport\s*\(\s*)(["'])\.\/([^"']+?)(?:\.js)?\2/g;
  for (const module of modules) {
    const file = path.posix.join(folder as string, `${module}.d.ts`);
    const declared = `declare module "${module === 'index' ? as : `${as}/${module}`}" {`;
    const text = fromFile(file, readFile(file) ?? '', declared)
      .replace(/^\/\/\/.*$/gm, '')
      .replace(imported, (_, before: string, quote: string, other: string) => {
        modules.add(other);
        return `${before}${quote}${as}/${other}${quote}`;
      });
    yield `${text}\n}`;
  }
}

function packageFolder(name: string, from: string): string | undefined {
  try {
    return path.dirname(createRequire(from).resolve(`${name}/package.json`)).replaceAll(path.sep, '/');
  } catch {
    return undefined;
  }
}
