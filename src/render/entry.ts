import type { Digest } from '../digest/types.js';
import { isFlecheError } from '../errors.js';
import type { Storage } from '../storage/types.js';
import { oneLine } from './one-line.js';
import { previewValue } from './preview.js';

/** What became of reading an entry: a table shows each in the entry's own row, and goes on. */
export type Entry<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'missing' }
  | { readonly kind: 'large'; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Larger entries are not read for a preview of one line. In bytes, as they lie in the storage. */
const largest = 16_000_000;

/** Reads an entry to show it. Never throws. */
export function readEntry<T>(storage: Storage<T>, key: Digest): Entry<T> {
  try {
    const bytes = storage.sizeBytes?.(key);
    if (bytes !== undefined && bytes > largest) return { kind: 'large', bytes };
    const hit = storage.get(key);
    return hit === undefined ? { kind: 'missing' } : { kind: 'found', value: hit.value };
  } catch (error) {
    return { kind: 'unreadable', why: reasonOf(error) };
  }
}

/** The value of an entry in one line, or what is the matter with it. */
export function previewEntry(entry: Entry<unknown>, limit?: number): string {
  return entry.kind === 'found' ? previewValue(entry.value, limit) : describeUnread(entry);
}

/** What is the matter with an entry that has no value to show. */
export function describeUnread(entry: Exclude<Entry<unknown>, { kind: 'found' }>): string {
  switch (entry.kind) {
    case 'missing':
      return '(not stored)';
    case 'large':
      return '(too large to preview)';
    case 'unreadable':
      return `(${entry.why})`;
  }
}

function reasonOf(error: unknown): string {
  if (isFlecheError(error, 'CorruptEntry')) return `corrupt: ${oneLine(error.reason, 80)}`;
  return `unreadable: ${oneLine(error instanceof Error ? error.message : String(error), 80)}`;
}
