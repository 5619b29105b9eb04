/** Instances of classes: what they hold, their class, their own properties. */
import { types } from 'node:util';
import { describeNdArray } from '../internal/nd-array.js';
import { hasOwnExtras } from '../internal/view-extras.js';
import { builtinName, builtinWork, writeBuiltin } from './builtins.js';
import type { ClassInWalk } from './classes.js';
import { type Frame, Visit } from './frames.js';
import { privateStateOf } from './private-state.js';
import { onlyFields, visitProperties } from './properties.js';
import { Refusal } from './refusal.js';
import { Tag } from './tags.js';
import { container, type Walk } from './walk.js';

/** Begins an instance. */
export function beginInstance(walk: Walk, value: object, prototype: object): void {
  if (writeNdArray(walk, value)) return;
  if (value === globalThis) throw new Refusal('the global object', 'pass what you need of it');
  const type = walk.classes.of(prototype);
  const { sink } = walk;
  const { toData } = type;
  const frame = walk.frames.push(value);
  if (toData !== undefined) {
    sink.tag(Tag.given);
    walk.className(type, '');
    walk.visitItems(frame, Visit.given, [walk.given(value, () => toData(value))]);
  } else if (types.isMap(value)) {
    sink.tag(Tag.map);
    const entries: unknown[] = [];
    Map.prototype.forEach.call(value, (held, key) => entries.push(key, held));
    walk.visitItems(frame, Visit.entries, entries);
  } else if (types.isSet(value)) {
    sink.tag(Tag.set);
    walk.visitItems(frame, Visit.members, [...Set.prototype.values.call(value)]);
  } else {
    walk.spend(container + builtinWork(value));
    const isBuiltin = writeBuiltin(sink, value);
    if (!isBuiltin) sink.tag(Tag.instance);
    visitPrivateFields(walk, frame, type, !isBuiltin);
  }
}

/** What a proxy shows need not be what it does, unless it is that of a library of n-d arrays. */
export function beginProxy(walk: Walk, value: object): void {
  if (!writeNdArray(walk, value)) throw new Refusal('a Proxy', 'pass the object behind it');
}

/** Goes on after the parts of an instance that `frame` was at, as far as there is more. */
export function continueInstance(walk: Walk, frame: Frame): void {
  const typeOf = (): ClassInWalk => walk.classes.of(Object.getPrototypeOf(frame.value) as object);
  switch (frame.visit) {
    case Visit.members:
    case Visit.entries:
      writeSorted(walk, frame);
      visitPrivateFields(walk, frame, typeOf(), false);
      return;
    case Visit.privateFields:
      visitOwnProperties(walk, frame, typeOf(), false);
      return;
    default:
      walk.frames.pop();
  }
}

/** The digests of the members of a Set or of the entries of a Map, in their own order. */
function writeSorted({ sink }: Walk, { visit, items, digests }: Frame): void {
  if (items.length > 0) digests.push(sink.close());
  const sorted =
    visit === Visit.members
      ? digests
      : digests.flatMap((digest, i) => (i % 2 === 0 ? [] : [`${digests[i - 1]}${digest}`]));
  sorted.sort();
  sink.uint32(sorted.length);
  for (const each of sorted) sink.string(each);
}

function visitPrivateFields(walk: Walk, frame: Frame, type: ClassInWalk, isOrdinary: boolean): void {
  const { value } = frame;
  if (type.hasPrivateFields || type.code().maps.length > 0) {
    const state = walk.once(value, () => privateStateOf(value, Object.getPrototypeOf(value) as object, type));
    if (state.length > 0) {
      walk.sink.tag(Tag.privateFields);
      walk.sink.uint32(state.length);
      const values = state.map((field) => field.value);
      const names = state.map(({ name }) => name);
      walk.visitItems(frame, Visit.privateFields, values, names);
      return;
    }
  }
  visitOwnProperties(walk, frame, type, isOrdinary);
}

/** The class of an instance and its own properties; `isOrdinary` if these are all that it has. */
function visitOwnProperties(walk: Walk, frame: Frame, type: ClassInWalk, isOrdinary: boolean): void {
  const { value } = frame;
  walk.className(type, isOrdinary ? '' : builtinName(value));
  if (ArrayBuffer.isView(value) && !hasOwnExtras(value)) {
    // As `visitProperties` says it of no properties, without a string for each of millions of elements.
    walk.sink.uint32(0);
    walk.frames.pop();
    return;
  }
  const keys = isOrdinary ? onlyFields(value) : undefined;
  if (keys === undefined) {
    visitProperties(walk, frame);
  } else {
    walk.sink.tag(Tag.object);
    walk.visitKeys(frame, Visit.fields, keys);
  }
}

function writeNdArray(walk: Walk, value: object): boolean {
  const array = describeNdArray(value);
  if (array === undefined) return false;
  const { sink } = walk;
  walk.spend(container + (array.shape.reduce((product, length) => product * length, 1) >> 3));
  sink.tag(Tag.ndArray);
  sink.string(array.library);
  sink.string(array.dtype);
  sink.uint32(array.shape.length);
  for (const length of array.shape) sink.number(length);
  if (!sink.muted) {
    // The library's memory may be shared with its own threads, which do not run between two lines of ours.
    const { buffer, byteOffset, byteLength } = array.elements();
    sink.payload(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return true;
}
