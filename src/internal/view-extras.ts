import { inspect } from 'node:util';
import { viewParts } from './view-parts.js';

type ViewConstructor = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => ArrayBufferView;

/** Whether a view has own properties besides its elements. */
export function hasOwnExtras(view: ArrayBufferView): boolean {
  if (!Object.isExtensible(view)) return true;
  const { type, buffer, byteOffset, length } = viewParts(view);
  if (type === 'DataView') return Reflect.ownKeys(view).length > 0;
  if (length < 64) return Reflect.ownKeys(view).length !== length;
  // Listing the keys of a large typed array makes a string per element. Node's inspection looks past the elements, so
  // what it says of the array is compared with what it says of a second array on the same memory.
  const prototype = Object.getPrototypeOf(view) as object;
  const Twin = (globalThis as unknown as { readonly [name: string]: ViewConstructor })[type] as ViewConstructor;
  const twin = Object.setPrototypeOf(
    type === 'Buffer' ? Buffer.from(buffer as ArrayBuffer, byteOffset, length) : new Twin(buffer, byteOffset, length),
    prototype,
  ) as object;
  return inspect(view, options) !== inspect(twin, options);
}

const options = { maxArrayLength: 0, showHidden: true, customInspect: false, depth: 0 } as const;
