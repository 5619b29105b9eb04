/** How functions and classes come back from their payloads. Loading them runs code. */
import { anythings } from '../internal/functions/anything.js';
import { type Callable, functionText, isCallable, rememberText } from '../internal/functions/function-source.js';
import { constructorOf, liveInstances, privateSetter } from '../internal/functions/live-instances.js';
import { type Reference, resolveReference } from '../internal/functions/references.js';
import { type Evaluable, type Evaluated, evaluate } from './factory.js';
import type { Kind, Payload, Restorer } from './payload.js';
import { close, restoreProperties } from './properties.js';
import type { MadeScope } from './shared-scopes.js';

type Code = Omit<Evaluable, 'late'> & { readonly evaluated?: string };

/** What is needed after a function was made: by function. */
const evaluations = new WeakMap<object, Evaluated & { readonly late: readonly string[] }>();

function make(payload: Payload, restorer: Restorer): unknown {
  const code = payload.code as Code;
  const values = (payload.captured === true ? payload.values : payload.ready) as readonly unknown[] | undefined;
  // In a circle the function is asked for before all that it captures is there.
  const isGiven = (index: number): boolean =>
    values !== undefined && index in values && !restorer.isStandIn(values[index]);
  const given = code.given.filter((_, index) => isGiven(index));
  const late = code.given.filter((_, index) => !isGiven(index));
  const evaluable: Evaluable = {
    ...code,
    text: code.evaluated ?? code.text,
    given,
    late,
  };
  const evaluated = evaluate(
    evaluable,
    payload.base,
    code.given.flatMap((_, index) => (isGiven(index) ? [values?.[index]] : [])),
    payload.scope as MadeScope | undefined,
  );
  evaluations.set(evaluated.value, { ...evaluated, late });
  rememberText(evaluated.value, code.text);
  return evaluated.value;
}

function fill(fn: object, payload: Payload): void {
  const { settle, late, setPrivateStatic } = evaluations.get(fn) ?? {};
  if (settle === undefined) return;
  const { given } = payload.code as Code;
  const values = payload.values as readonly unknown[];
  if (late && late.length > 0) settle(Object.fromEntries(given.map((name, index) => [name, values[index]])));
  const place = fn as { prototype: object };
  if (payload.ownPrototype !== undefined) place.prototype = payload.ownPrototype as object;
  if (payload.privateStatic !== undefined) setPrivateStatic?.(payload.privateStatic as object);
  if ('parent' in payload) Object.setPrototypeOf(place.prototype, payload.parent as object | null);
  for (const key of (payload.missing ?? []) as PropertyKey[]) Reflect.deleteProperty(fn, key);
  for (const key of (payload.missingOnPrototype ?? []) as PropertyKey[]) Reflect.deleteProperty(place.prototype, key);
  if (payload.onPrototype !== undefined) {
    restoreProperties(place.prototype, payload.onPrototype as Payload);
    close(place.prototype, payload.onPrototype as Payload);
  }
}

/** Whether `Class` was made from a text. */
export function wasRead(Class: object): boolean {
  return evaluations.has(Class);
}

/** Whether {@link restoreInstance} can make instances of `Class`, with the private fields that it declares. */
export function isRestorable(Class: Callable): boolean {
  return evaluations.get(Class)?.setPrivate !== undefined || liveInstances(Class) !== undefined;
}

/** Makes an instance of a class without running a constructor or initialiser that anybody notices. */
export function restoreInstance(Class: Callable): object {
  const chain: (readonly [Class: object, evaluated: Evaluated])[] = [];
  let at: unknown = Class;
  for (; isCallable(at); at = Object.getPrototypeOf(at) as unknown) {
    const evaluated = evaluations.get(at);
    if (evaluated === undefined) break;
    chain.push([at, evaluated]);
  }
  const make = isCallable(at) && functionText(at) !== undefined ? liveInstances(at) : undefined;
  const [last] = chain.at(-1) ?? [];
  if (last === undefined) {
    if (make === undefined) throw new TypeError(`instances of ${Class.name} cannot be made`);
    return make();
  }
  chain.forEach(([, { restoring }], index) => {
    restoring.now = true;
    // A built-in class at the end is called as with no arguments.
    restoring.args = index < chain.length - 1 ? anythings : [];
  });
  const base = make?.();
  if (base !== undefined) {
    Object.setPrototypeOf(base, Class.prototype as object);
    Object.setPrototypeOf(
      last,
      constructorOf(() => base),
    );
  }
  try {
    const made = Reflect.construct(Class as unknown as new () => object, anythings) as object;
    for (const key of Reflect.ownKeys(made)) Reflect.deleteProperty(made, key);
    return made;
  } finally {
    if (base !== undefined) Object.setPrototypeOf(last, at as object);
    for (const [, { restoring }] of chain) restoring.now = false;
  }
}

/** Sets private fields: class after class, from the base on. */
export function restorePrivate(made: object, fields: readonly (readonly [Class: Callable, values: object])[]): void {
  for (const [Class, values] of fields) {
    const set = evaluations.get(Class)?.setPrivate ?? privateSetter(Class);
    if (set !== undefined) set(made, values);
    else if (Object.keys(values).length > 0) throw new TypeError(`private fields of ${Class.name} cannot be set`);
  }
}

/** Every kind of code by its name on disk. */
export const codeKinds: { readonly [kind: string]: Kind } = {
  function: { rung: 'cloudpickle', make, fill },
  class: { rung: 'cloudpickle', make, fill },
  'function in scope': { rung: 'cloudpickle', make, fill },
  'class in scope': { rung: 'cloudpickle', make, fill },
  reference: { rung: 'cloudpickle', make: ({ reference }) => resolveReference(reference as Reference) },
  'prototype of': { rung: 'cloudpickle', make: ({ target }) => (target as { prototype: object }).prototype },
  made: {
    rung: 'cloudpickle',
    make: ({ target, arguments: given }) => (target as (...args: unknown[]) => unknown)(...(given as unknown[])),
  },
  bound: {
    rung: 'cloudpickle',
    make: ({ target, self, arguments: fixed }) =>
      Function.prototype.bind.call(target as () => unknown, self, ...(fixed as unknown[])) as unknown,
    fill: (fn: object, { missing }) => {
      for (const key of (missing ?? []) as PropertyKey[]) Reflect.deleteProperty(fn, key);
    },
  },
  member: {
    rung: 'cloudpickle',
    make: ({ target, isStatic, key, part }) => {
      const holder = isStatic === true ? (target as object) : (target as { prototype: object }).prototype;
      const descriptor = Object.getOwnPropertyDescriptor(holder, key as PropertyKey);
      const found: unknown = descriptor?.[part as 'value' | 'get' | 'set'];
      if (typeof found !== 'function') throw new TypeError(`a class has no method ${String(key)}`);
      return found;
    },
  },
};
