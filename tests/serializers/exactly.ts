import { types } from 'node:util';
import { expect } from 'vitest';

/** A picture of everything that can be observed of a value: types, descriptors, order, holes, integrity, identities. */
export function picture(value: unknown): unknown {
  const seen = new Map<unknown, number>();
  const draw = (each: unknown): unknown => {
    if (Object.is(each, -0)) return '-0';
    if (typeof each === 'bigint') return `${each}n`;
    if (typeof each === 'symbol') return each;
    if ((typeof each !== 'object' || each === null) && typeof each !== 'function') return each;
    const known = seen.get(each);
    if (known !== undefined) return `same as ${known}`;
    seen.set(each, seen.size);
    const prototype: unknown = Object.getPrototypeOf(each);
    return {
      number: seen.size - 1,
      prototype: prototype === null ? null : (prototype as { constructor: { name: string } }).constructor.name,
      integrity: [Object.isExtensible(each), Object.isSealed(each), Object.isFrozen(each)],
      content: content(each, draw),
      own: types.isTypedArray(each)
        ? []
        : Reflect.ownKeys(each).map((key) => {
            const {
              value: held,
              get,
              set,
              ...flags
            } = Object.getOwnPropertyDescriptor(each, key) as PropertyDescriptor;
            return [key, flags, draw(held), get === undefined, set === undefined];
          }),
    };
  };
  return draw(value);
}

function content(value: object, draw: (each: unknown) => unknown): unknown {
  if (types.isMap(value)) return ['Map', [...value].map(([key, each]) => [draw(key), draw(each)])];
  if (types.isSet(value)) return ['Set', [...value].map(draw)];
  if (types.isDate(value)) return ['Date', value.getTime()];
  if (types.isRegExp(value)) return ['RegExp', value.source, value.flags, value.lastIndex];
  if (types.isNativeError(value)) return ['Error', String(value), value.stack];
  if (types.isBoxedPrimitive(value)) return ['boxed', draw(value.valueOf())];
  if (value instanceof URL) return ['URL', value.href];
  if (value instanceof URLSearchParams) return ['URLSearchParams', [...value]];
  if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
  if (types.isArrayBuffer(value)) return [...new Uint8Array(value)];
  return Array.isArray(value) ? 'Array' : 'object';
}

/** Fails unless everything that can be observed of `actual` is as it is of `expected`. */
export function exactly(actual: unknown, expected: unknown): void {
  expect(picture(actual)).toEqual(picture(expected));
}
