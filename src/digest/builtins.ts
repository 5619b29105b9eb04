/** What the walker asks about values of built-in classes. */
import { types } from 'node:util';

/** The kind of a typed array, whatever its class is called. */
export const typedArrayName: (this: object) => string = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)?.get as (this: object) => string;

/** `Symbol.iterator` and its like, by their names. */
export const wellKnownSymbols: ReadonlyMap<symbol, string> = new Map(
  Object.getOwnPropertyNames(Symbol)
    .map((name) => [(Symbol as unknown as Record<string, unknown>)[name], name] as const)
    .filter((entry): entry is [symbol, string] => typeof entry[0] === 'symbol'),
);

/** The visible bytes of a view. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Whether `key` is an element or the length of an array. */
export function isIndex(key: string, length: number): boolean {
  return key === 'length' || (/^(0|[1-9]\d*)$/.test(key) && Number(key) < length);
}

/** The class that the tag written by `#content` already says. */
export function builtinName(value: object): string {
  if (types.isDate(value)) return 'Date';
  if (types.isMap(value)) return 'Map';
  if (types.isSet(value)) return 'Set';
  if (types.isRegExp(value)) return 'RegExp';
  if (types.isTypedArray(value)) return typedArrayName.call(value);
  if (types.isDataView(value)) return 'DataView';
  if (types.isArrayBuffer(value)) return 'ArrayBuffer';
  if (value instanceof URL) return 'URL';
  if (value instanceof URLSearchParams) return 'URLSearchParams';
  return '';
}

/** Own properties that are not content: the engine's traces, and the elements that the payload already holds. */
export function isInternal(value: object, key: string | symbol): boolean {
  if (types.isNativeError(value)) return key === 'stack';
  if (types.isRegExp(value)) return key === 'lastIndex';
  if (types.isTypedArray(value)) return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key);
  if (types.isStringObject(value)) return typeof key === 'string' && (key === 'length' || /^\d+$/.test(key));
  return value instanceof URL || value instanceof URLSearchParams ? typeof key === 'symbol' : false;
}

/** The order of texts by their UTF-16 units: the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
