/**
 * What a cache holds, as tables for people: data first ({@link Table}), then HTML and plain text.
 *
 * @packageDocumentation
 */
export { type CallsTableOptions, callEntriesTable, callsTable } from './calls-table.js';
export { escapeHtml, tableToHtml } from './html.js';
export { describeStorage } from './location.js';
export { type MimeBundle, tablesToMimeBundle } from './mime-bundle.js';
export { previewValue } from './preview.js';
export { humanSize } from './size.js';
export type { Cell, Column, Table } from './table-model.js';
export { tableToText } from './text.js';
export { counted, valuesTable } from './values-table.js';
