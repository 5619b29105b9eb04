/** Objects by their own properties. */
import { types } from 'node:util';
import { isInternal } from './builtins.js';
import { type Frame, Visit } from './frames.js';
import { compareKeys, sortedKeys } from './key-order.js';
import { Refusal } from './refusal.js';
import type { Walk } from './walk.js';

/** Begins an object whose class the tag says. */
export function beginObject(walk: Walk, value: object, tag: number): void {
  const frame = walk.frames.push(value);
  walk.sink.tag(tag);
  const keys = onlyFields(value);
  if (keys !== undefined) {
    walk.visitKeys(frame, Visit.fields, keys);
  } else {
    if (types.isArgumentsObject(value)) throw new Refusal('an arguments object', 'pass [...arguments]');
    walk.sink.uint32(0xffffffff);
    visitProperties(walk, frame);
  }
}

/** Goes through all own properties, in a form of their own: key, flags, value or accessors. */
export function visitProperties(walk: Walk, frame: Frame): void {
  const { value } = frame;
  const keys = Reflect.ownKeys(value).filter((key) => !isInternal(value, key));
  walk.visitKeys(frame, Visit.properties, keys.sort(compareKeys));
}

/** The sorted keys of an object all of whose own properties are enumerable and have texts as keys. */
export function onlyFields(value: object): readonly string[] | undefined {
  const keys = Object.keys(value);
  // `Reflect.ownKeys` costs ten times as much as these two.
  const isAll =
    Object.getOwnPropertyNames(value).length === keys.length && Object.getOwnPropertySymbols(value).length === 0;
  return isAll ? sortedKeys(keys) : undefined;
}
