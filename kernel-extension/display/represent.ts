/** How values are shown: as rich as they can be, and always as text too. */
import type { MimeBundle } from '../magics/types.js';
import { ndArrayOf, ndArrayRepresentations, typedArrayRepresentations } from './arrays.js';
import { bundleOf } from './bundle.js';
import { elementRepresentations, isSvg, pictureOf, svgRepresentations } from './pictures.js';
import { plainText, withNote } from './plain-text.js';
import { columnTable, isColumnTable, mapTable, recordsTable, tableRepresentations } from './tables.js';
import type { Representations } from './types.js';

/** A value with this method tells by itself how it is shown: it returns representations by MIME type, or a promise of them. */
const DISPLAY = Symbol.for('Jupyter.display');

/** The representations of a value. Runs the value's own methods, and tells below the text what they throw. */
export function represent(value: unknown, colors: boolean): MimeBundle | Promise<MimeBundle> {
  const text = (): string => plainText(value, colors);
  const failed = (error: unknown): MimeBundle => ({
    'text/plain': withNote(text(), 'it could not be shown as it wished', error),
  });
  try {
    const describe = (value as { [DISPLAY]?: unknown } | null | undefined)?.[DISPLAY];
    if (typeof describe !== 'function') {
      const found = representationsOf(value);
      return found === undefined ? { 'text/plain': text() } : bundleOf(found, text);
    }
    const told: unknown = describe.call(value);
    if (told instanceof Promise) return told.then((later) => bundleOf(later, text)).catch(failed);
    return bundleOf(told, text);
  } catch (error) {
    return failed(error);
  }
}

function representationsOf(value: unknown): Representations | undefined {
  if (typeof value === 'string') return isSvg(value) ? svgRepresentations(value) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) {
    const table = recordsTable(value);
    return table && tableRepresentations(table);
  }
  if (ArrayBuffer.isView(value)) {
    const picture = value instanceof Uint8Array ? pictureOf(value) : undefined;
    if (picture !== undefined || Buffer.isBuffer(value) || value instanceof DataView) return picture;
    return typedArrayRepresentations(value as NodeJS.TypedArray);
  }
  // The inspector's text says more of a map than a table can.
  if (value instanceof Map) {
    return value.size === 0 ? undefined : { 'text/html': tableRepresentations(mapTable(value))['text/html'] };
  }
  const array = ndArrayOf(value);
  if (array !== undefined) return ndArrayRepresentations(array);
  if (isColumnTable(value)) return tableRepresentations(columnTable(value));
  return elementRepresentations(value);
}
