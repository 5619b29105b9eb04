/**
 * Texts of many small files of types in few large ones. TypeScript looks at every file of its program at every cell, and
 * merges anew what several of them say of one name: with the files as they are, a cell takes twice as long.
 */

/** Ends the line before each text in a joined one; the name of the file that it comes from follows. */
const ORIGIN = '//@from ';

/** A text as it goes into a joined one; `before`: what stands before it, on a line of its own. */
export function fromFile(file: string, text: string, before = ''): string {
  return `${before}${ORIGIN}${file}\n${text}`;
}

/** The file that a place of a joined text comes from. */
export interface Origin {
  readonly file: string;
  readonly text: string;
  /** How many lines of the joined text stand before it. */
  readonly linesBefore: number;
}

/** Where the text around an offset of a joined one comes from; `undefined`: it is no joined one. */
export function originOf(text: string, offset: number): Origin | undefined {
  const mark = text.lastIndexOf(ORIGIN, offset);
  if (mark < 0) return undefined;
  const start = text.indexOf('\n', mark) + 1;
  const next = text.indexOf(ORIGIN, start);
  return {
    file: text.slice(mark + ORIGIN.length, start - 1),
    text: text.slice(start, next < 0 ? undefined : text.lastIndexOf('\n', next)),
    linesBefore: text.slice(0, start).split('\n').length - 1,
  };
}

/**
 * Whether a file is to stay one of its own: what a module declares is not global, or is so in a way that only it can say.
 */
export function isModule(text: string): boolean {
  return /^(?:import|export)\b/m.test(text);
}
