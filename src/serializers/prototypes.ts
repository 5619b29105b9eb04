/** Which object is the prototype of which class. */
import { isClass } from '../internal/functions/describe-function.js';
import { type Callable, functionText, isCallable } from '../internal/functions/function-source.js';

/** The class whose `prototype` is `object`, and which it names as its constructor. */
export function classOf(object: object): Callable | undefined {
  const Class: unknown = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
  if (!isCallable(Class)) return undefined;
  return Object.getOwnPropertyDescriptor(Class, 'prototype')?.value === object ? Class : undefined;
}

/** Whether the `prototype` of a function is not the one that it was born with. That of a class cannot be replaced. */
export function isReplaced(fn: Callable, prototype: object): boolean {
  if (isClass(fn) || functionText(fn) === undefined) return false;
  const parent: unknown = Object.getPrototypeOf(prototype);
  if (parent === Object.prototype) {
    const named = Object.getOwnPropertyDescriptor(prototype, 'constructor');
    return named?.value !== fn || named.enumerable === true;
  }
  // That of a generator function inherits from what generators share.
  return !generatorParents.has(parent);
}

const generatorParents: ReadonlySet<unknown> = new Set(
  [function* () {}, async function* () {}].map((each) => Object.getPrototypeOf(each.prototype) as unknown),
);
