/** Arrays of records, tables of arquero and maps, as tables. */
import { inspect } from 'node:util';
import { previewValue, type Table, tablesToMimeBundle } from 'fleche/render';
import { grouped } from './cut.js';
import { isPlainObject } from './plain-text.js';
import type { Representations } from './types.js';

const ROWS = 50;
const COLUMNS = 30;
const CELL_UNITS = 80;
/** So many members are looked at to tell whether an array holds records. */
const SAMPLE = 1000;

/** A table, as HTML and as text. */
export function tableRepresentations(table: Table): Representations {
  return tablesToMimeBundle([table]);
}

/** An array of two or more objects of no class, which is a table. */
export function recordsTable(array: readonly unknown[]): Table | undefined {
  if (array.length < 2) return undefined;
  for (let i = 0; i < Math.min(array.length, SAMPLE); i++) if (!isPlainObject(array[i])) return undefined;
  const shown = array.slice(0, ROWS).filter(isPlainObject);
  const names = [...new Set(shown.flatMap((record) => Object.keys(record)))];
  if (names.length === 0) return undefined;
  return drawn(array.length, names, shown.length, (row, name) => {
    const property = Object.getOwnPropertyDescriptor(shown[row] as object, name);
    return property === undefined || 'value' in property ? property?.value : GETTER;
  });
}

/** What arquero and its like are, as far as showing them needs it. */
interface ColumnTable {
  columnNames(): readonly string[];
  numRows(): number;
  get(name: string, row: number): unknown;
}

/** Whether a value is a table of arquero. */
export function isColumnTable(value: object): value is ColumnTable {
  return ['columnNames', 'numRows', 'get'].every(
    (name) => typeof (value as Record<string, unknown>)[name] === 'function',
  );
}

/** A table of arquero; filters and orders are respected. */
export function columnTable(table: ColumnTable): Table {
  const rows = table.numRows();
  return drawn(rows, table.columnNames(), Math.min(rows, ROWS), (row, name) => table.get(name, row));
}

/** A map: its keys and values. */
export function mapTable(map: ReadonlyMap<unknown, unknown>): Table {
  const entries: (readonly [unknown, unknown])[] = [];
  for (const entry of map) if (entries.push(entry) === ROWS) break;
  const table = drawn(
    map.size,
    ['key', 'value'],
    entries.length,
    (row, name) => entries[row]?.[name === 'key' ? 0 : 1],
  );
  return { ...table, caption: `Map of ${grouped(map.size)}` };
}

const GETTER = Symbol('[Getter]');

function drawn(
  total: number,
  names: readonly string[],
  rows: number,
  valueAt: (row: number, name: string) => unknown,
): Table {
  const shown = names.slice(0, COLUMNS);
  const values = Array.from({ length: rows }, (_, row) => shown.map((name) => valueAt(row, name)));
  const isNumber = (column: number): boolean => {
    const present = values.map((row) => row[column]).filter((value) => value !== undefined && value !== null);
    return present.length > 0 && present.every((value) => typeof value === 'number' || typeof value === 'bigint');
  };
  const more = names.length > shown.length ? `, the first ${shown.length} of them` : '';
  return {
    caption: `${grouped(total)} rows × ${names.length} columns${more}`,
    columns: shown.map((heading, i) => ({ heading: oneLine(heading), kind: isNumber(i) ? 'number' : 'text' })),
    rows: values.map((row) => row.map((value) => ({ text: cellText(value) }))),
    omitted: total - rows,
  };
}

function cellText(value: unknown): string {
  if (value === undefined) return '';
  if (value === GETTER) return '[Getter]';
  if (typeof value === 'string') return oneLine(value);
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return previewValue(value);
  return oneLine(inspect(value));
}

/** Control characters would break the table that is text, and marks of direction both. */
function oneLine(text: string): string {
  const start = text
    .slice(0, CELL_UNITS)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ');
  return text.length > CELL_UNITS ? `${start.slice(0, -1)}…` : start;
}
