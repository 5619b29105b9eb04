import { inspect } from 'node:util';
import { describeNdArray } from '../internal/nd-array.js';
import { oneLine } from './one-line.js';

/** More properties than this are counted, not looked at. */
const manyProperties = 200;

/**
 * A value in one line of at most `limit` characters: as `util.inspect` shows it, arrays of numbers by type and shape
 * (`float64 5×5`). Never throws, never runs a getter.
 *
 * @example
 * import { previewValue } from 'fleche/render';
 * console.log(previewValue({ a: [1, 2] })); // { a: [ 1, 2 ] }
 */
export function previewValue(value: unknown, limit = 60): string {
  try {
    return oneLine(describe(value, limit), limit);
  } catch {
    // The value's own `inspect.custom`, or a proxy, threw.
    return typeof value === 'function' ? '[function]' : '[object]';
  }
}

function describe(value: unknown, limit: number): string {
  if (typeof value === 'object' && value !== null) {
    const array = describeNdArray(value);
    if (array !== undefined) return `${array.dtype} ${array.shape.length === 0 ? 'scalar' : array.shape.join('×')}`;
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      const { length } = value as Uint8Array;
      if (length > 6) return `${value.constructor.name} of ${length}`;
    }
    if (Array.isArray(value) && value.length > manyProperties) return `Array of ${value.length}`;
    if (!ArrayBuffer.isView(value) && !Array.isArray(value)) {
      const count = Object.keys(value).length;
      if (count > manyProperties) return `${value.constructor?.name ?? 'Object'} of ${count} properties`;
    }
  }
  return inspect(value, {
    depth: 1,
    breakLength: Number.POSITIVE_INFINITY,
    compact: true,
    maxArrayLength: 6,
    maxStringLength: limit,
  });
}
