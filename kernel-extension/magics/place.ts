/** What stands at a place of a magic line: what could be completed there, and what could be explained. */
import {
  chosenCommand,
  flagsOf,
  type MagicCommand,
  type MagicLookup,
  type MagicOption,
  type MagicValueKind,
  restKind,
} from './description.js';
import { QuoteScanner } from './shell-text.js';
import type { MagicLine, ParsedCell } from './types.js';

/** A place; offsets are those of the cell. `word` is what stands before the place, from `start` on. */
export type Place = { readonly start: number; readonly word: string } & (
  | { readonly kind: 'magic'; readonly signs: string }
  | { readonly kind: 'command'; readonly magic: string }
  | { readonly kind: 'option'; readonly command: MagicCommand; readonly given: readonly string[] }
  | {
      readonly kind: 'value';
      readonly magic: string;
      readonly value: ValueDescription;
      /** Which argument it is, from 0; that of an option is -1. */
      readonly index: number;
      readonly before: readonly string[];
    }
  | { readonly kind: 'program' }
  | { readonly kind: 'path' }
  | { readonly kind: 'variable' }
  /** TypeScript, from `start` to `end`. */
  | { readonly kind: 'expression'; readonly end: number }
  | { readonly kind: 'nothing' }
);

/** What a value may be. */
export interface ValueDescription {
  readonly kind?: MagicValueKind;
  readonly choices?: readonly string[];
  readonly suggestions?: readonly string[];
}

/** The place at an offset; `undefined` if no magic stands there. */
export function placeAt(cell: ParsedCell, position: number, magics: MagicLookup): Place | undefined {
  const { cellMagic, body, lines, source } = cell;
  if (cellMagic !== undefined && body !== undefined && position > cellMagic.end) {
    const start = Math.max(cellMagic.end, source.lastIndexOf('\n', position - 1) + 1);
    return shellPlace(source.slice(start, position), start);
  }
  const line = [...(cellMagic === undefined ? [] : [cellMagic]), ...lines].find(
    ({ start, end }) => start <= position && position <= end,
  );
  if (line === undefined) return undefined;
  const start = line.end - line.text.length;
  if (position < start) return { kind: 'nothing', start: position, word: '' };
  const inside = expressionAround(line, start, position);
  if (inside !== undefined) return inside;
  const before = source.slice(start, position).replace(/\\(\r\n|[\r\n])/g, (pair) => ' '.repeat(pair.length));
  return line.kind === 'line'
    ? magicPlace(before, start, line, magics, cellMagic === line ? '%%' : '%')
    : shellPlace(before, start);
}

/** The expression in brackets that the position lies in, also one whose bracket is not closed yet. */
function expressionAround({ text, replacements, end }: MagicLine, start: number, position: number): Place | undefined {
  const at = position - start;
  for (const each of replacements) {
    if (each.expression === undefined || at <= each.start || at >= each.end) continue;
    const from = start + each.start + 1;
    return { kind: 'expression', start: from, word: text.slice(each.start + 1, at), end: start + each.end - 1 };
  }
  const open = text.lastIndexOf('{', at - 1);
  if (open < 0 || /[{$\\]/.test(text[open - 1] ?? '') || text.slice(open, at).includes('}')) return undefined;
  if (replacements.some((each) => each.start <= open && open < each.end)) return undefined;
  const quotes = new QuoteScanner();
  quotes.read(text.slice(0, open));
  if (quotes.quote === "'") return undefined;
  // Only what stands before the place is surely meant to be TypeScript.
  return { kind: 'expression', start: start + open + 1, word: text.slice(open + 1, at), end: Math.min(position, end) };
}

function magicPlace(before: string, offset: number, line: MagicLine, magics: MagicLookup, signs: string): Place {
  const [, name = '', gap = '', rest = ''] = /^(\w*)(\s*)(.*)$/s.exec(before) ?? [];
  if (gap === '' && rest === '') return { kind: 'magic', start: offset, word: name, signs };
  const magic = magics.get(name);
  const restStart = offset + name.length + gap.length;
  if (magic === undefined) return { kind: 'nothing', start: offset + before.length, word: '' };
  if (magic.commands !== undefined && /^\S*$/.test(rest) && !rest.startsWith('-')) {
    return { kind: 'command', start: restStart, word: rest, magic: name };
  }
  const chosen = chosenCommand(magic, rest);
  const isOfCommand = chosen.command !== magic;
  const { command } = chosen;
  const text = isOfCommand ? rest.slice(command.name.length) : rest;
  const textStart = restStart + rest.length - text.length;
  const words = [...splitPlain(text)];
  const { word, start } = words.pop() as PlainWord;
  const options = new Map(
    (command.options ?? []).flatMap((option) => flagsOf(option).names.map((flag) => [flag, option] as const)),
  );
  const given: string[] = [];
  let [index, awaited]: [number, ValueDescription | undefined] = [0, undefined];
  for (const each of words) {
    const option: MagicOption | undefined = awaited === undefined ? options.get(each.word) : undefined;
    if (option !== undefined) {
      given.push(...flagsOf(option).names);
      awaited = flagsOf(option).takesValue ? option : undefined;
    } else if (awaited !== undefined) awaited = undefined;
    else if (restKind(command) === 'expression' || restKind(command) === 'text') {
      return rawPlace(command, each.start + textStart, offset + before.length, line, text.slice(each.start));
    } else index++;
  }
  const at = textStart + start;
  if (awaited !== undefined) {
    return {
      kind: 'value',
      start: at,
      word,
      magic: name,
      value: awaited,
      index: -1,
      before: words.map((each) => each.word),
    };
  }
  if (word.startsWith('-') && options.size > 0) return { kind: 'option', start: at, word, command, given };
  if (restKind(command) !== 'words') return rawPlace(command, at, offset + before.length, line, word);
  const value = command.arguments?.[index];
  if (value === undefined) return { kind: 'nothing', start: at, word };
  return { kind: 'value', start: at, word, magic: name, value, index, before: words.map((each) => each.word) };
}

function rawPlace(command: MagicCommand, start: number, position: number, { end }: MagicLine, word: string): Place {
  if (restKind(command) === 'expression') return { kind: 'expression', start, word, end: Math.max(position, end) };
  return { kind: 'nothing', start: position, word: '' };
}

/** The last word of a shell command, or the last part of one that can be completed. */
function shellPlace(before: string, offset: number): Place {
  const variable = /\$\{?(\w*)$/.exec(before);
  if (variable !== null) {
    const word = variable[1] as string;
    return { kind: 'variable', start: offset + before.length - word.length, word };
  }
  const words = [...splitPlain(before, /[\s;&|()<>=`]/)];
  const { word, start } = words.at(-1) as PlainWord;
  const isFirst = /(?:^|[;&|(`]|\$\()\s*$/.test(before.slice(0, start)) && !/[/"'~]/.test(word);
  return { kind: isFirst ? 'program' : 'path', start: offset + start, word };
}

interface PlainWord {
  readonly word: string;
  readonly start: number;
}

/** The words of a text as they stand there, quotes and backslashes included; the last one may be empty. */
function* splitPlain(text: string, separator = /\s/): Generator<PlainWord> {
  let start = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '\\') at++;
    else if (char === '"' || char === "'") quote = char;
    else if (separator.test(char)) {
      if (at > start) yield { word: text.slice(start, at), start };
      start = at + 1;
    }
  }
  yield { word: text.slice(start), start };
}
