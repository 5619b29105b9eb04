/** Values of built-in classes: what they hold beside their own properties. */
import { types } from 'node:util';
import type { ByteSink } from './byte-sink.js';
import { writePrimitive } from './primitives.js';
import { Refusal } from './refusal.js';
import { Tag } from './tags.js';

/** The kind of a typed array, whatever its class is called. */
const typedArrayName: (this: object) => string = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)?.get as (this: object) => string;

/**
 * Writes the internal state of a value, if it has one that is no container.
 *
 * @returns whether it has.
 */
export function writeBuiltin(sink: ByteSink, value: object): boolean {
  if (types.isDate(value)) {
    sink.tag(Tag.date);
    sink.number(Date.prototype.getTime.call(value));
  } else if (types.isRegExp(value)) {
    sink.tag(Tag.regexp);
    sink.string(value.source);
    sink.string(value.flags);
    sink.number(value.lastIndex);
  } else if (ArrayBuffer.isView(value)) {
    sink.tag(Tag.view);
    sink.string(types.isTypedArray(value) ? typedArrayName.call(value) : 'DataView');
    sink.payload(bytesOf(value));
  } else if (types.isArrayBuffer(value)) {
    sink.tag(Tag.arrayBuffer);
    const { resizable, maxByteLength } = value as unknown as { resizable?: boolean; maxByteLength: number };
    sink.number(resizable ? maxByteLength : -1);
    sink.payload(bytesAt(value, 0, value.byteLength));
  } else if (types.isNativeError(value)) {
    sink.tag(Tag.error);
  } else if (types.isBoxedPrimitive(value)) {
    sink.tag(Tag.boxed);
    writePrimitive(sink, unboxed(value));
  } else if (value instanceof URL) {
    sink.tag(Tag.url);
    sink.string(value.href);
  } else if (value instanceof URLSearchParams) {
    sink.tag(Tag.searchParameters);
    sink.string(value.toString());
  } else {
    return false;
  }
  return true;
}

/** The visible bytes of a view. */
export function bytesOf(view: ArrayBufferView): Uint8Array {
  const { buffer } = view;
  if (types.isSharedArrayBuffer(buffer)) {
    throw new Refusal('a view onto shared memory', 'other threads may change it meanwhile; pass a copy of it');
  }
  return bytesAt(buffer as ArrayBuffer, view.byteOffset, view.byteLength);
}

function bytesAt(buffer: ArrayBuffer, offset: number, length: number): Uint8Array {
  try {
    return new Uint8Array(buffer, offset, length);
  } catch (cause) {
    throw new Refusal('a buffer that was transferred away', 'pass it before it is transferred', { cause });
  }
}

function unboxed(value: object): unknown {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value);
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value);
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value);
  if (types.isBigIntObject(value)) return BigInt.prototype.valueOf.call(value);
  return Symbol.prototype.valueOf.call(value);
}

/** The work of hashing what a value holds, in units of 64 bytes: known before it is done. */
export function builtinWork(value: object): number {
  if (ArrayBuffer.isView(value)) return byteLengthOf(value) >> 6;
  return types.isArrayBuffer(value) ? value.byteLength >> 6 : 0;
}

function byteLengthOf(view: ArrayBufferView): number {
  try {
    return view.byteLength;
  } catch {
    // Of a DataView whose buffer is gone.
    return 0;
  }
}

/** The class that the tag written by {@link writeBuiltin} already says. */
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
  if (Array.isArray(value)) return typeof key === 'string' && isIndex(key, value.length);
  if (types.isNativeError(value)) return key === 'stack';
  if (types.isRegExp(value)) return key === 'lastIndex';
  if (types.isTypedArray(value)) return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key);
  if (types.isStringObject(value)) return typeof key === 'string' && (key === 'length' || /^\d+$/.test(key));
  return value instanceof URL || value instanceof URLSearchParams ? typeof key === 'symbol' : false;
}

/** Whether `key` is an element or the length of an array. */
function isIndex(key: string, length: number): boolean {
  return key === 'length' || (/^(0|[1-9]\d*)$/.test(key) && Number(key) < length);
}
