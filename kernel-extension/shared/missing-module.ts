/** What to do about an import that finds nothing. */
import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { nearest } from '../magics/suggest.js';

/** What is missing, and what may help. */
export interface MissingModule {
  readonly message: string;
  readonly advice: readonly string[];
}

/** Packages that are there although no folder holds them. */
const LENT = ['fleche', 'numpy-ts', 'tslab'];
const SOURCE = /\.(?:d\.)?(?:[cm]?[jt]sx?|json)$/;
const SHOWN_FILES = 8;

/** Says what an import in `folder` lacks; `undefined` if it lacks nothing that can be told from outside. */
export function missingModule(specifier: string, folder: string): MissingModule | undefined {
  if (/^\.{0,2}\//.test(specifier)) return missingFile(specifier, folder);
  if (specifier.startsWith('node:')) {
    const meant = nearest(specifier.slice('node:'.length), builtinModules);
    return { message: `Node.js has no module '${specifier}'.`, advice: didYouMean(meant && `node:${meant}`) };
  }
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
  if (name === undefined || /^[a-z]+:/.test(specifier)) return undefined;
  const roots = packageFolders(folder);
  if (roots.some((root) => existsSync(path.join(root, name)))) return undefined;
  const installed = roots.flatMap(packagesIn);
  const meant = nearest(name, [...LENT, ...builtinModules, ...installed]);
  return {
    message: `Cannot find package '${name}'.`,
    advice: [...didYouMean(meant), `To install it in ${folder}, run in a cell of its own: !npm install ${name}`],
  };
}

function missingFile(specifier: string, folder: string): MissingModule {
  const wanted = path.resolve(folder, specifier);
  const [place, stem] = [path.dirname(wanted), path.basename(wanted).replace(SOURCE, '')];
  const message = `Cannot find the file '${specifier}'.`;
  if (!existsSync(place)) return { message, advice: [`There is no folder ${place}.`] };
  const files = readdirSync(place).filter((file) => SOURCE.test(file));
  const stems = files.map((file) => file.replace(SOURCE, ''));
  const meant = nearest(stem, stems);
  const near = files.filter((file) => file.replace(SOURCE, '') === meant);
  if (near.length > 0) return { message, advice: [`In ${place} there is ${near.join(' and ')}.`] };
  const more = files.length > SHOWN_FILES ? ` and ${files.length - SHOWN_FILES} more` : '';
  const there = files.length === 0 ? 'no file to import' : `${files.slice(0, SHOWN_FILES).join(', ')}${more}`;
  return { message, advice: [`In ${place} there is ${there}.`] };
}

/** The folders that packages are looked for in. */
function packageFolders(folder: string): string[] {
  const result: string[] = [];
  for (let at = folder; ; at = path.dirname(at)) {
    const packages = path.join(at, 'node_modules');
    if (existsSync(packages)) result.push(packages);
    if (at === path.dirname(at)) return result;
  }
}

function packagesIn(root: string): string[] {
  return readdirSync(root).flatMap((name) => {
    if (name.startsWith('.') || name === '@types') return [];
    return name.startsWith('@') ? readdirSync(path.join(root, name)).map((inner) => `${name}/${inner}`) : [name];
  });
}

function didYouMean(meant: string | undefined): string[] {
  return meant === undefined ? [] : [`Did you mean '${meant}'?`];
}
