/** Which object is the prototype of which class. */
import { type Callable, isCallable } from '../internal/functions/function-source.js';

/** The class whose `prototype` is `object`, and which it names as its constructor. */
export function classOf(object: object): Callable | undefined {
  const Class: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  if (!isCallable(Class)) return undefined;
  return Object.getOwnPropertyDescriptor(Class, 'prototype')?.value === object ? Class : undefined;
}

/** Whether the `prototype` of a function is not the one that it was born with. That of a class cannot be replaced. */
export function isReplaced(fn: Callable, prototype: object): boolean {
  if (Object.getOwnPropertyDescriptor(fn, 'prototype')?.writable === false) return false;
  const parent: unknown = Object.getPrototypeOf(prototype);
  if (parent === Object.prototype) return Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value !== fn;
  // That of a generator function is empty and inherits from what generators share.
  return !(Reflect.ownKeys(prototype).length === 0 && generatorParents.has(parent));
}

const generatorParents: ReadonlySet<unknown> = new Set(
  [function* () {}, async function* () {}].map((each) => Object.getPrototypeOf(each.prototype) as unknown),
);
