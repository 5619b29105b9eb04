/** Completion and help on magic lines. */
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { flagsOf, type MagicLookup } from './description.js';
import { helpMarkdown, helpText } from './help.js';
import { parseCell } from './parse.js';
import { type Place, placeAt, type ValueDescription } from './place.js';
import type { KernelOption, MimeBundle, ParsedCell, TypeScript } from './types.js';

/** What the session knows. */
export interface LineContext {
  readonly typescript: TypeScript;
  readonly magics: MagicLookup;
  isVariable(name: string): boolean;
  options(): readonly KernelOption[];
}

/** What could stand at a place: words for a stretch of the cell, or what TypeScript says at this place of another text. */
export type LineCompletion =
  | { readonly start: number; readonly end: number; readonly matches: readonly string[] }
  | { readonly typescript: string };

const MOST_FILES = 500;

/** Completions on a magic line; `undefined` if none stands there. */
export function completeLine(cell: ParsedCell, position: number, context: LineContext): LineCompletion | undefined {
  const place = placeAt(cell, position, context.magics) ?? lonePercent(cell, position, context);
  if (place === undefined) return undefined;
  if (place.kind === 'expression') return { typescript: onlyExpression(cell, place) };
  const matches = matchesAt(place, context);
  const rest = /^(?:magic|command|option|variable)$/.test(place.kind)
    ? /^[\w-]*/.exec(cell.source.slice(position))
    : null;
  return { start: place.start, end: position + (rest?.[0].length ?? 0), matches };
}

/** Help for what stands on a magic line, or the text and the place in which TypeScript knows it. */
export function inspectLine(
  cell: ParsedCell,
  position: number,
  { magics }: Pick<LineContext, 'magics'>,
): { readonly help: MimeBundle | undefined } | { readonly typescript: string } | undefined {
  const { source } = cell;
  // The whole word counts, wherever in it the cursor is.
  const end = position + (/^[\w-]*/.exec(source.slice(position))?.[0].length ?? 0);
  const place = placeAt(cell, position, magics);
  if (place === undefined) return undefined;
  if (place.kind === 'expression') return { typescript: onlyExpression(cell, place) };
  const whole = placeAt(cell, end, magics) ?? place;
  const line = [...(cell.cellMagic === undefined ? [] : [cell.cellMagic]), ...cell.lines].find(
    (each) => each.start <= position && position <= each.end,
  );
  const magic = magics.get(/^\w*/.exec(line?.text ?? '')?.[0] ?? '');
  if (magic === undefined || line?.kind !== 'line') return { help: undefined };
  if (whole.kind === 'command') {
    const command = magic.commands?.find(({ name }) => name === whole.word);
    if (command !== undefined) {
      return { help: { 'text/plain': helpText(magic, command), 'text/markdown': helpMarkdown(magic, command) } };
    }
  }
  if (whole.kind === 'option') {
    const option = whole.command.options?.find((each) => flagsOf(each).names.includes(whole.word));
    if (option !== undefined) {
      const { flags, description } = option;
      return { help: { 'text/plain': `${flags}  ${description}`, 'text/markdown': `\`${flags}\` ${description}` } };
    }
  }
  return { help: { 'text/plain': helpText(magic), 'text/markdown': helpMarkdown(magic) } };
}

/** The cell with nothing of its magics but one expression, at its place. */
function onlyExpression({ source, masked }: ParsedCell, { start, end }: { start: number; end: number }): string {
  const lineStart =
    Math.max(...['\n', '\r', '\u2028', '\u2029'].map((sign) => source.lastIndexOf(sign, start - 1))) + 1;
  // What stands before must not go on with the expression.
  const before = `${masked.slice(0, lineStart)};${' '.repeat(start - lineStart - 1)}`;
  return (
    before +
    source.slice(start, end) +
    masked.slice(end).replace(/^[^\r\n\u2028\u2029]*/, (rest) => ' '.repeat(rest.length))
  );
}

/** A `%` alone is no magic yet: it becomes one by any letter. */
function lonePercent({ source }: ParsedCell, position: number, context: LineContext): Place | undefined {
  if (
    !/(?:^|[\r\n])[ \t]*%%?$/.test(source.slice(0, position)) ||
    !/^[ \t]*(?:[\r\n]|$)/.test(source.slice(position))
  ) {
    return undefined;
  }
  const text = `${source.slice(0, position)}x${source.slice(position)}`;
  const place = placeAt(parseCell(context.typescript, text, context), position + 1, context.magics);
  return place?.kind === 'magic' ? { ...place, word: '' } : undefined;
}

function matchesAt(place: Place, context: LineContext): readonly string[] {
  const starting = (words: Iterable<string>): string[] =>
    [...new Set(words)].filter((word) => word.startsWith(place.word)).sort();
  switch (place.kind) {
    case 'magic': {
      const unfit = place.signs === '%%' ? 'line' : 'cell';
      const fitting = [...context.magics.values()].filter(({ placement = 'line' }) => placement !== unfit);
      return starting(fitting.map(({ name }) => name));
    }
    case 'command':
      return starting(context.magics.get(place.magic)?.commands?.map(({ name }) => name) ?? []);
    case 'option': {
      const options = (place.command.options ?? [])
        .map(flagsOf)
        .filter(({ names }) => !names.some((name) => place.given.includes(name)));
      return starting(options.map(({ names }) => names.at(-1) as string));
    }
    case 'value':
      return valueMatches(place, withOptions(place, context), starting);
    case 'program':
      return [...starting(programs()), ...(place.word === '' ? [] : pathMatches(place.word, 'file'))];
    case 'path':
      return pathMatches(place.word, 'file');
    case 'variable':
      return starting(Object.keys(process.env));
    default:
      return [];
  }
}

/** The names and values of the kernel's options are known while it runs only. */
function withOptions(
  { magic, index, value, before }: Extract<Place, { kind: 'value' }>,
  { options }: LineContext,
): ValueDescription {
  if (magic !== 'config') return value;
  if (index === 0) return { suggestions: options().map(({ name }) => name) };
  return { suggestions: options().find(({ name }) => name === before[0])?.values ?? [] };
}

function valueMatches(
  { word }: Place,
  { kind, choices, suggestions }: ValueDescription,
  starting: (words: Iterable<string>) => string[],
): string[] {
  if (choices !== undefined) return starting(choices);
  const prefix = suggestions?.find((each) => each.endsWith(':') && word.startsWith(each));
  if (prefix !== undefined) return pathMatches(word.slice(prefix.length), 'directory').map((match) => prefix + match);
  if (suggestions !== undefined) return starting(suggestions);
  if (kind === 'file' || kind === 'directory') return pathMatches(word, kind);
  return kind === 'command' ? starting(programs()) : [];
}

/** The files that a word may mean which is the beginning of a path, quoted as the word is. */
function pathMatches(word: string, kind: 'file' | 'directory'): string[] {
  const quote = /^["']/.exec(word)?.[0] ?? '';
  const typed = quote === '' ? word.replace(/\\(.)/g, '$1') : word.slice(1);
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const beginning = typed.slice(folder.length);
  const place = folder.startsWith('~/') ? path.join(homedir(), folder.slice(2)) : folder;
  try {
    return readdirSync(place === '' ? '.' : place, { withFileTypes: true })
      .filter(({ name }) => name.startsWith(beginning) && (beginning.startsWith('.') || !name.startsWith('.')))
      .map((entry) => ({
        name: entry.name,
        isFolder: entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path.join(place, entry.name))),
      }))
      .filter((entry) => kind === 'file' || entry.isFolder)
      .map((entry) => `${folder}${entry.name}${entry.isFolder ? '/' : ''}`)
      .sort()
      .slice(0, MOST_FILES)
      .map((match) =>
        quote === ''
          ? match.replace(/[^\w./:@%+,~{}^=-]/gu, (sign) => (/[^\p{ASCII}]/u.test(sign) ? sign : `\\${sign}`))
          : quote + match,
      );
  } catch {
    return [];
  }
}

function isFolder(place: string): boolean {
  try {
    readdirSync(place);
    return true;
  } catch {
    return false;
  }
}

/** What lies in the folders of the path, as it was when they were looked at last. */
let known: { readonly path: string; readonly names: readonly string[] } | undefined;

function programs(): readonly string[] {
  const { PATH = '' } = process.env;
  if (known?.path === PATH) return known.names;
  const names = new Set<string>();
  for (const folder of PATH.split(path.delimiter)) {
    try {
      // To ask of each whether it can be run would take a tenth of a second.
      for (const entry of readdirSync(folder, { withFileTypes: true })) if (!entry.isDirectory()) names.add(entry.name);
    } catch {
      // Not all folders of a path are there.
    }
  }
  known = { path: PATH, names: [...names] };
  return known.names;
}
