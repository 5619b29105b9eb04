import { tableToHtml } from './html.js';
import type { Table } from './table-model.js';
import { tableToText } from './text.js';

/** The same thing as text and as HTML, by MIME type: what a notebook displays. */
export type MimeBundle = { readonly 'text/plain': string; readonly 'text/html': string };

/**
 * Tables one under the other.
 *
 * @example
 * import { cache } from 'fleche';
 * import { tablesToMimeBundle, valuesTable } from 'fleche/render';
 * const { 'text/plain': text, 'text/html': html } = tablesToMimeBundle([valuesTable(cache().values)]);
 */
export function tablesToMimeBundle(tables: readonly Table[]): MimeBundle {
  return {
    'text/plain': tables.map(tableToText).join('\n\n'),
    'text/html': tables.map(tableToHtml).join('\n'),
  };
}
