/** N-d arrays and long typed arrays: what they are, and their corners. Nothing is copied but what is shown. */

import { escapeHtml } from 'fleche/render';
import { grouped } from './cut.js';
import type { Representations } from './types.js';

type TypedArray = NodeJS.TypedArray;

/** An n-d array of numpy-ts, ndarray or @stdlib, seen through its own methods. */
interface NdArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  at(index: readonly number[]): unknown;
}

/** What is left out between the beginning and the end. */
const GAP = -1;
/** So many along an axis are shown whole. */
const WHOLE = 10;
const FIRST = 6;
const LAST = 3;
/** A longer typed array is shown by its ends. */
const LONG = 100;
/** Of no more numbers are the least and the greatest looked for. */
const MEASURED = 20_000_000;

/** Recognises an n-d array. */
export function ndArrayOf(value: object): NdArray | undefined {
  const { shape, dtype, get } = value as { shape?: unknown; dtype?: unknown; get?: unknown };
  if (typeof get !== 'function' || !isShape(shape) || dtype === undefined || !('data' in value)) return undefined;
  // numpy-ts takes a list of indices, the others take them one by one.
  const takesList = '_storage' in value;
  return {
    dtype: String(dtype),
    shape: [...shape],
    at: (index) => (takesList ? get.call(value, [...index]) : get.call(value, ...index)),
  };
}

function isShape(shape: unknown): shape is ArrayLike<number> & Iterable<number> {
  return (Array.isArray(shape) || ArrayBuffer.isView(shape)) && [...(shape as number[])].every(Number.isInteger);
}

/** Type and shape, and the corner of the last two axes. */
export function ndArrayRepresentations({ dtype, shape, at }: NdArray): Representations {
  const name = shape.length === 0 ? `${dtype} scalar` : `${dtype} ${shape.join('×')}`;
  const leading = shape.slice(0, -2).map(() => 0);
  const caption = leading.length === 0 ? name : `${name}, of which [${[...leading, ':', ':'].join(', ')}]`;
  if (shape.includes(0)) return tableOf(caption, []);
  const [height, width] = [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
  const show = (row: number, column: number): string => {
    if (row === GAP || column === GAP) return row === GAP && column === GAP ? '⋱' : row === GAP ? '⋮' : '…';
    const index = shape.length === 0 ? [] : shape.length === 1 ? [column] : [...leading, row, column];
    return elementText(at(index), dtype);
  };
  const columns = ends(width);
  return tableOf(
    caption,
    ends(height).map((row) => columns.map((column) => show(row, column))),
  );
}

/** A long typed array: its ends, its least and its greatest. */
export function typedArrayRepresentations(array: TypedArray): Representations | undefined {
  const { length } = array;
  if (length <= LONG) return undefined;
  const indices = ends(length);
  const range = length > MEASURED ? '' : `, ${rangeOf(array)}`;
  const caption = `${array.constructor.name}(${grouped(length)})${range}`;
  return tableOf(caption, [indices.map((i) => (i === GAP ? '…' : elementText(array[i], '')))]);
}

function rangeOf(array: TypedArray): string {
  let least = array[0] as number;
  let greatest = least;
  for (let i = 1; i < array.length; i++) {
    const value = array[i] as number;
    // A NaN at the start would never be less or greater.
    if (value < least || Number.isNaN(least)) least = value;
    if (value > greatest || Number.isNaN(greatest)) greatest = value;
  }
  return `from ${elementText(least, '')} to ${elementText(greatest, '')}`;
}

function ends(length: number): number[] {
  const indices = Array.from({ length: Math.min(length, WHOLE) }, (_, i) => i);
  if (length <= WHOLE) return indices;
  return [...indices.slice(0, FIRST), GAP, ...Array.from({ length: LAST }, (_, i) => length - LAST + i)];
}

function elementText(value: unknown, dtype: string): string {
  if (typeof value === 'number') {
    if (dtype === 'bool') return String(value !== 0);
    return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(6)));
  }
  if (typeof value === 'object' && value !== null && 're' in value && 'im' in value) {
    const { re, im } = value as { re: number; im: number };
    return `${elementText(re, '')}${im < 0 ? '-' : '+'}${elementText(Math.abs(im), '')}i`;
  }
  return String(value);
}

function tableOf(caption: string, rows: readonly (readonly string[])[]): Representations {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((text, column) => text.padStart(widths[column] as number)).join('  '));
  const cells = (row: readonly string[]): string =>
    row.map((text) => `<td style="text-align: right">${escapeHtml(text)}</td>`).join('');
  const body = rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n');
  const table = rows.length === 0 ? '' : `\n<table>\n<tbody>\n${body}\n</tbody>\n</table>`;
  return { 'text/html': `<p>${escapeHtml(caption)}</p>${table}`, 'text/plain': [caption, ...lines].join('\n') };
}
