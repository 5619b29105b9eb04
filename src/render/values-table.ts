import type { Digest } from '../digest/types.js';
import type { ValueStorage } from '../storage/types.js';
import { previewEntry, readEntry } from './entry.js';
import { describeStorage } from './location.js';
import { shortDigests } from './short-digests.js';
import { humanSize } from './size.js';
import type { Column, Table } from './table-model.js';

/** At most so many rows are shown, unless asked for more or fewer. */
export const defaultRows = 100;

/**
 * The values of a storage in the order of their digests: digest, a preview, and what each takes in bytes where the
 * storage can tell. The same entries always give the same table.
 *
 * @example
 * import { cache } from 'fleche';
 * import { tableToText, valuesTable } from 'fleche/render';
 * console.log(tableToText(valuesTable(cache().values, { rows: 10 })));
 */
export function valuesTable(storage: ValueStorage, options: { rows?: number } = {}): Table {
  const digests = [...storage.list()].sort();
  const short = shortDigests(digests);
  const shown = digests.slice(0, options.rows ?? defaultRows);
  const sizes = storage.sizeBytes !== undefined;
  return {
    caption: `values: ${describeStorage(storage)}, ${counted(digests.length, 'value')}`,
    columns: [
      { heading: 'digest', kind: 'digest' },
      { heading: 'value', kind: 'text' },
      ...(sizes ? [{ heading: 'size', kind: 'number' } satisfies Column] : []),
    ],
    rows: shown.map((digest) => [
      { text: short.get(digest) ?? digest, title: digest },
      { text: previewEntry(readEntry(storage, digest)) },
      ...(sizes ? [{ text: sizeOf(storage, digest) }] : []),
    ]),
    omitted: digests.length - shown.length,
  };
}

function sizeOf(storage: ValueStorage, digest: Digest): string {
  try {
    const bytes = storage.sizeBytes?.(digest);
    return bytes === undefined ? '' : humanSize(bytes);
  } catch {
    // The row says in its value what is the matter.
    return '';
  }
}

/**
 * `1 value`, `2 values`.
 *
 * @example
 * import { counted } from 'fleche/render';
 * console.log(counted(2, 'value')); // 2 values
 */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
