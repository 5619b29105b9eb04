/** The line of a source that an error is about, with a mark under the place, as editors and compilers show it. */
import type { Paint } from './paint.js';

/** A place in a source; line and column from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** How a place is shown. */
export interface FrameOptions {
  readonly mark: '^' | '~';
  /** How many units are marked; never more than the rest of the line. @default 1 */
  readonly length?: number;
  /** How many lines are shown before and after it. */
  readonly context: number;
  readonly paint: Paint;
}

/** Longer lines are cut around the place. */
const WIDEST = 160;

/** The lines of the frame; none if the source has no such line. */
export function codeFrame(
  source: string,
  { line, column }: Place,
  { mark, length = 1, context, paint }: FrameOptions,
): string[] {
  const lines = source.split(/\r\n|[\r\n\u2028\u2029]/);
  if (line < 1 || line > lines.length) return [];
  const first = Math.max(1, line - context);
  const last = Math.min(lines.length, line + context);
  const width = String(last).length;
  const start = Math.max(0, column - 1 - WIDEST / 2);
  const visible = (text: string): string => {
    const part = text.slice(start, start + WIDEST);
    return `${start > 0 && text !== '' ? '…' : ''}${part}${text.length > start + WIDEST ? '…' : ''}`;
  };
  const result: string[] = [];
  for (let number = first; number <= last; number++) {
    const text = lines[number - 1] as string;
    const isMeant = number === line;
    const gutter = `${String(number).padStart(width)} |`;
    result.push(`${isMeant ? paint.mark('>') : ' '} ${paint.aside(gutter)} ${visible(text)}`.trimEnd());
    if (!isMeant) continue;
    // Tabs stay tabs, so that the mark stands under its place however wide they are.
    const before = (start > 0 ? ' ' : '') + text.slice(start, column - 1).replace(/[^\t]/g, ' ');
    const marked = Math.max(1, Math.min(length, text.length - column + 1, WIDEST));
    result.push(`  ${' '.repeat(width)} ${paint.aside('|')} ${before}${paint.mark(mark.repeat(marked))}`);
  }
  return result;
}
