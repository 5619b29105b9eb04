/** What a value is inside, whatever its prototype or its `Symbol.toStringTag` say. */
import { types } from 'node:util';
import { viewParts } from '../internal/view-parts.js';

/** The kinds of objects whose content can be read. */
export type Slot =
  | 'object'
  | 'array'
  | 'map'
  | 'set'
  | 'date'
  | 'regexp'
  | 'error'
  | 'boxed'
  | 'view'
  | 'bytes'
  | 'url'
  | 'search params';

/** What `value` is inside, or the words for something whose state nobody can read. */
export function slotOf(value: object): Slot | { readonly unreadable: string; readonly hint?: string } {
  if (Array.isArray(value)) return 'array';
  if (types.isMap(value)) return 'map';
  if (types.isSet(value)) return 'set';
  if (types.isDate(value)) return 'date';
  if (types.isRegExp(value)) return 'regexp';
  // To newer versions of Node a DOMException is an error, but what it holds is in private.
  if (types.isNativeError(value)) return isDomException(value) ? domException : 'error';
  if (types.isBoxedPrimitive(value)) return 'boxed';
  if (ArrayBuffer.isView(value)) {
    const { buffer } = viewParts(value);
    return types.isSharedArrayBuffer(buffer) ? sharedMemory : (unreadableBuffer(buffer) ?? 'view');
  }
  if (types.isArrayBuffer(value)) return unreadableBuffer(value) ?? 'bytes';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return unreadable(value) ?? 'object';
  if (value instanceof URL && brandOf(hrefOf, value)) return 'url';
  if (value instanceof URLSearchParams && brandOf(sizeOf, value)) return 'search params';
  return unreadable(value) ?? 'object';
}

const domException = { unreadable: 'a DOMException', hint: 'its state cannot be read; keep its name and message' };

function isDomException(value: object): boolean {
  return Object.prototype.isPrototypeOf.call(DOMException.prototype, value);
}

const sharedMemory = { unreadable: 'shared memory (SharedArrayBuffer)', hint: 'copy it with slice()' };

function unreadableBuffer(buffer: ArrayBuffer): { readonly unreadable: string; readonly hint?: string } | undefined {
  if (isResizable?.call(buffer)) {
    return { unreadable: 'a resizable ArrayBuffer', hint: 'copy it with slice()' };
  }
  return isDetached(buffer)
    ? { unreadable: 'a detached ArrayBuffer', hint: 'it was transferred away; keep it before that' }
    : undefined;
}

function isDetached(buffer: ArrayBuffer): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function unreadable(value: object): { readonly unreadable: string; readonly hint?: string } | undefined {
  if (types.isPromise(value)) return { unreadable: 'a Promise', hint: 'await it first' };
  if (types.isWeakMap(value)) return { unreadable: 'a WeakMap', hint: 'use a Map' };
  if (types.isWeakSet(value)) return { unreadable: 'a WeakSet', hint: 'use a Set' };
  if (types.isSharedArrayBuffer(value)) return sharedMemory;
  if (types.isGeneratorObject(value)) return { unreadable: 'a running generator', hint: 'collect its values first' };
  if (types.isMapIterator(value) || types.isSetIterator(value) || iterators.has(Object.getPrototypeOf(value))) {
    return { unreadable: 'an iterator', hint: 'collect its values first' };
  }
  if (types.isArgumentsObject(value)) return { unreadable: 'an arguments object', hint: 'spread it: [...arguments]' };
  if (types.isExternal(value)) return { unreadable: 'a native handle', hint: 'keep what it was made from' };
  return undefined;
}

/** What the iterators of the language inherit from: their state is hidden. */
const iterators: ReadonlySet<unknown> = new Set(
  [[].values(), ''[Symbol.iterator](), ''.matchAll(/a/g)].map((each) => Object.getPrototypeOf(each) as unknown),
);

const isResizable = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable')?.get;
const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;
const sizeOf = Object.getOwnPropertyDescriptor(URLSearchParams.prototype, 'size')?.get;

function brandOf(getter: ((this: unknown) => unknown) | undefined, value: object): boolean {
  try {
    getter?.call(value);
    return true;
  } catch {
    return false;
  }
}
