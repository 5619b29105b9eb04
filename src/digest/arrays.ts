/** Arrays by their elements, and by what else they have. */
import { inspect } from 'node:util';
import { type Frame, Visit } from './frames.js';
import { visitProperties } from './properties.js';
import { Tag } from './tags.js';
import { container, type Walk } from './walk.js';

/** From this many holes on, an array is written as what is there: its length may be billions. Part of the scheme. */
const manyHoles = 4096;
/** Up to here, listing the keys is faster than inspecting. */
const short = 32;
const options = { maxArrayLength: 0, showHidden: true, customInspect: false, depth: 0 } as const;

/** Begins an array: with its properties, if it has any. */
export function beginArray(walk: Walk, value: readonly unknown[]): void {
  const frame = walk.frames.push(value);
  if (hasOwnExtras(value)) {
    walk.sink.tag(Tag.extended);
    visitProperties(walk, frame);
  } else {
    visitElements(walk, frame, value);
  }
}

/** Goes through the elements. */
export function visitElements(walk: Walk, frame: Frame, value: readonly unknown[]): void {
  const { length } = value;
  const sparse = length >= manyHoles && isSparse(value);
  walk.sink.tag(sparse ? Tag.sparseArray : Tag.array);
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Array.prototype) walk.sink.string('');
  else walk.className(walk.classes.of(prototype ?? {}), 'Array');
  walk.sink.uint32(length);
  if (sparse) {
    walk.visitKeys(frame, Visit.fields, presentIndices(value));
    return;
  }
  frame.visit = Visit.elements;
  frame.index = 0;
  frame.length = length;
  walk.spend(container + length);
}

/** Whether an array has own properties besides its elements and its length. */
function hasOwnExtras(array: readonly unknown[]): boolean {
  if (array.length <= short) {
    // Elements come first, then the other keys in the order of their making: `length` is as old as the array.
    const keys = Reflect.ownKeys(array);
    return keys[keys.length - 1] !== 'length';
  }
  // Listing the keys would make a text for each element. Node's inspection looks past them.
  const twin = Object.setPrototypeOf(new Array(array.length), Object.getPrototypeOf(array) as object) as object;
  return inspect(array, options) !== inspect(twin, options);
}

/** Whether an array has very many holes. Looks at no more than what is there and as many holes. */
function isSparse(array: readonly unknown[]): boolean {
  const { length } = array;
  let holes = 0;
  for (let i = 0; i < length; i += 1) {
    if (array[i] === undefined && !(i in array) && ++holes === manyHoles) return true;
  }
  return false;
}

/** The indices of the elements that are there, in ascending order. */
function presentIndices(array: readonly unknown[]): string[] {
  return Object.getOwnPropertyNames(array).filter((name) => /^\d+$/.test(name) && Number(name) < array.length);
}
