/** Representations as the protocol can carry them: JSON, and not too much of it. */
import type { MimeBundle } from '../magics/types.js';
import { cutInTheMiddle } from './cut.js';
import type { Representations } from './types.js';

/** How long one representation may be, in UTF-16 units. */
const LIMIT = 20_000_000;

/**
 * A bundle of what a value told of itself; `text` gives the text if it told none.
 *
 * @throws TypeError if it told nothing of the kind.
 */
export function bundleOf(told: unknown, text: () => string): MimeBundle {
  if (typeof told !== 'object' || told === null) {
    throw new TypeError(`it must give an object of representations by MIME type, but gave ${typeof told}`);
  }
  const data: Record<string, unknown> = {};
  const left: string[] = [];
  for (const [type, value] of Object.entries(told as Representations)) {
    if (value === undefined || value === null || type === 'text/plain') continue;
    const carried = representation(type, value);
    const size = typeof carried === 'string' ? carried.length : JSON.stringify(carried).length;
    if (size > LIMIT) left.push(`${type} of ${Math.round(size / 1e6)} MB`);
    else data[type] = carried;
  }
  const own = (told as Representations)['text/plain'];
  const plain = cutInTheMiddle(own === undefined || own === null ? text() : String(own));
  const note = left.length === 0 ? '' : `\n(left out, since a browser could not hold it: ${left.join(', ')})`;
  return { ...data, 'text/plain': plain + note };
}

function representation(type: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (/^application\/(.*\+)?json$/.test(type)) return JSON.parse(JSON.stringify(value) ?? 'null');
  return String(value);
}
