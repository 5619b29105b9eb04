/** Values as text and buffers, for storages that have a place of their own for both. */
import { FlecheError } from '../errors.js';
import { read } from './reader.js';
import type { Rung } from './rungs.js';
import { type Flat, write } from './writer.js';

export { refused, withPathPrefix } from './refusal.js';
export type { Flat } from './writer.js';

/**
 * Takes `value` apart: its structure and small buffers as text, the memory of large ones beside it, not copied.
 *
 * @throws SerializationError if something in it would not come back as it is. Its path starts at `value`; see
 * {@link withPathPrefix}.
 */
export function flatten(value: unknown, rung: Rung): Flat {
  return write(value, rung);
}

/**
 * Puts together what {@link flatten} took apart, with the same rung or a lower one. Buffers that are the whole of their
 * memory are adopted, others copied.
 *
 * @throws Error if the text is none that `flatten` made for this rung. The text carries no checksum: that is the task of
 * whoever stores it.
 */
export function restore(flat: Flat, rung: Rung): unknown {
  return restored(flat, rung, true);
}

/**
 * Like {@link restore}, in the process that took the value apart: instances have the classes that they had.
 *
 * @throws TypeError if a class cannot make its instances again so that nobody notices.
 */
export function restoreHere(flat: Flat, rung: Rung): unknown {
  return restored(flat, rung, false);
}

function restored(flat: Flat, rung: Rung, mayMakeClasses: boolean): unknown {
  try {
    return read(flat, rung, mayMakeClasses);
  } catch (error) {
    if (error instanceof FlecheError || error instanceof TypeError) throw error;
    throw new TypeError(`not a value that was taken apart: ${String(error)}`, { cause: error });
  }
}
