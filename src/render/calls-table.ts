import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/types.js';
import type { CallStorage, ValueStorage } from '../storage/types.js';
import { describeUnread, type Entry, previewEntry, readEntry } from './entry.js';
import { describeStorage } from './location.js';
import { oneLine } from './one-line.js';
import { shortDigests } from './short-digests.js';
import type { Cell, Column, Table } from './table-model.js';
import { counted, defaultRows } from './values-table.js';

/** To sort by function every record must be read: with more calls than this, the first by key are shown. */
const sortable = 1000;
const argumentLimit = 30;
const callLimit = 80;

/** What {@link callsTable} shows. */
export interface CallsTableOptions {
  /** How many rows at most: 100 by default. */
  readonly rows?: number;
  /** Whether to show when each call ran and how long it took: not by default, since that differs from run to run. */
  readonly times?: boolean;
}

/**
 * The calls of a cache: key, function with its arguments, result. In the order of function names, then keys; the same
 * entries always give the same table, unless times are asked for.
 *
 * @example
 * import { cache } from 'fleche';
 * import { callsTable, tableToText } from 'fleche/render';
 * console.log(tableToText(callsTable(cache())));
 */
export function callsTable(
  cache: { readonly calls: CallStorage; readonly values: ValueStorage },
  options: CallsTableOptions = {},
): Table {
  const { calls, values } = cache;
  const rows = options.rows ?? defaultRows;
  const keys = [...calls.list()].sort();
  const short = shortDigests(keys);
  const read = (keys.length > sortable ? keys.slice(0, rows) : keys).map((key) => ({
    key,
    entry: readEntry(calls, key),
  }));
  const shown = read.sort(byFunction).slice(0, rows);
  const times: Column[] = options.times
    ? [
        { heading: 'started', kind: 'text' },
        { heading: 'seconds', kind: 'number' },
      ]
    : [];
  return {
    caption: `calls: ${describeStorage(calls)}, ${counted(keys.length, 'call')}`,
    columns: [
      { heading: 'key', kind: 'digest' },
      { heading: 'call', kind: 'text' },
      { heading: 'result', kind: 'text' },
      ...times,
    ],
    rows: shown.map(({ key, entry }) => [
      { text: short.get(key) ?? key, title: key },
      ...(entry.kind === 'found'
        ? [
            { text: callText(entry.value, values) },
            resultCell(entry.value, values),
            ...(options.times ? timeCells(entry.value) : []),
          ]
        : [{ text: describeUnread(entry) }]),
    ]),
    omitted: keys.length - shown.length,
  };
}

/**
 * The entries of a storage of calls in the order of their keys: key and function. What they take is not shown: they hold
 * times, so it differs from run to run.
 *
 * @example
 * import { cache } from 'fleche';
 * import { callEntriesTable, tableToText } from 'fleche/render';
 * console.log(tableToText(callEntriesTable(cache().calls)));
 */
export function callEntriesTable(calls: CallStorage, options: { readonly rows?: number } = {}): Table {
  const keys = [...calls.list()].sort();
  const short = shortDigests(keys);
  const shown = keys.slice(0, options.rows ?? defaultRows);
  return {
    caption: `calls: ${describeStorage(calls)}, ${counted(keys.length, 'call')}`,
    columns: [
      { heading: 'key', kind: 'digest' },
      { heading: 'function', kind: 'text' },
    ],
    rows: shown.map((key) => {
      const entry = readEntry(calls, key);
      const text = entry.kind === 'found' ? oneLine(entry.value.name, callLimit) : describeUnread(entry);
      return [{ text: short.get(key) ?? key, title: key }, { text }];
    }),
    omitted: keys.length - shown.length,
  };
}

type Read = { readonly key: Digest; readonly entry: Entry<CallRecord> };

/** Calls that cannot be read come last. */
function byFunction(a: Read, b: Read): number {
  const one = a.entry.kind === 'found' ? a.entry.value.name : undefined;
  const other = b.entry.kind === 'found' ? b.entry.value.name : undefined;
  if (one !== other && one !== undefined && other !== undefined) return one < other ? -1 : 1;
  if (one !== other) return one === undefined ? 1 : -1;
  return a.key < b.key ? -1 : 1;
}

function callText(record: CallRecord, values: ValueStorage): string {
  const parts = Object.entries(record.arguments).map(([name, digest]) => {
    const entry = readEntry(values, digest);
    return `${name}=${entry.kind === 'found' ? previewEntry(entry, argumentLimit) : `<${digest.slice(0, 8)}>`}`;
  });
  return oneLine(`${record.name}(${parts.join(', ')})`, callLimit);
}

function resultCell(record: CallRecord, values: ValueStorage): Cell {
  if (record.result === null) return { text: '' };
  return { text: previewEntry(readEntry(values, record.result)), title: record.result };
}

/** As the metadata of the namespace `runtime` has them: Unix time and wall-clock time, in seconds. */
function timeCells(record: CallRecord): readonly Cell[] {
  const { timestart, walltime } = record.metadata.runtime ?? {};
  return [
    { text: typeof timestart === 'number' ? isoSeconds(timestart) : '' },
    { text: typeof walltime === 'number' ? walltime.toPrecision(3) : '' },
  ];
}

function isoSeconds(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/\.\d+Z$/, 'Z');
}
