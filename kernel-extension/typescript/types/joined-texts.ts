/**
 * Texts of many small files of types in few large ones. TypeScript looks at every file of its program at every cell, and
 * merges anew what several of them say of one name: with the files as they are, a cell takes twice as long.
 */
import type ts from 'typescript';

/** Ends the line before each text in a joined one; the name of the file that it comes from follows. */
const ORIGIN = '//@from ';

/** A doc comment of several lines, which takes as long to parse as what it speaks of. */
const COMMENT = /^[ \t]*\/\*\*(?!\/)[\s\S]*?\*\//gm;
/** What stands for it: where it begins in the file. */
const COMMENT_ELSEWHERE = /^\/\*\*@(\d+)\*\/$/;

/**
 * A text as it goes into a joined one, its lines where they are. `before`: what stands before it, on a line of its own.
 */
export function fromFile(file: string, text: string, before = ''): string {
  const short = text.replace(COMMENT, (comment, offset: number) => {
    const lines = comment.split('\n').length - 1;
    return lines === 0 ? comment : `/**@${offset}*/${'\n'.repeat(lines)}`;
  });
  return `${before}${ORIGIN}${file}\n${short}`;
}

/** A joined text in two: without what `pattern` finds, which are whole lines, and with nothing else. Lines stay where they are. */
export function dividedBy(text: string, pattern: RegExp): readonly [without: string, only: string] {
  const [without, only] = [[] as string[], [] as string[]];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(new RegExp(`^${ORIGIN}.*$|${pattern.source}`, 'gm'))) {
    const before = text.slice(end, index);
    const isOrigin = found.startsWith(ORIGIN);
    without.push(before, isOrigin ? found : emptyLines(found));
    only.push(emptyLines(before), found);
    end = index + found.length;
  }
  return [[...without, text.slice(end)].join(''), only.join('')];
}

function emptyLines(text: string): string {
  return text.replace(/[^\n]+/g, '');
}

/** The file that a place of a joined text comes from. */
export interface Origin {
  readonly file: string;
  /** How many lines of the joined text stand before it. */
  readonly linesBefore: number;
}

/** Where the text around an offset of a joined one comes from; `undefined`: it is no joined one. */
export function originOf(text: string, offset: number): Origin | undefined {
  const mark = text.lastIndexOf(ORIGIN, offset);
  if (mark < 0) return undefined;
  const start = text.indexOf('\n', mark) + 1;
  return {
    file: text.slice(mark + ORIGIN.length, start - 1),
    linesBefore: text.slice(0, start).split('\n').length - 1,
  };
}

/** A comment of a text, from where it is if the text is a joined one. */
export function commentOf(text: string, start: number, end: number, readFile: ts.System['readFile']): string {
  const comment = text.slice(start, end);
  const offset = COMMENT_ELSEWHERE.exec(comment)?.[1];
  const origin = offset === undefined ? undefined : originOf(text, start);
  if (origin === undefined) return comment;
  const whole = readFile(origin.file) ?? '';
  const begin = whole.indexOf('/**', Number(offset));
  return begin < 0 ? '' : whole.slice(begin, whole.indexOf('*/', begin) + 2);
}

/**
 * Whether a file is to stay one of its own: what a module declares is not global, or is so in a way that only it can say.
 */
export function isModule(text: string): boolean {
  return /^(?:import|export)\b/m.test(text);
}
