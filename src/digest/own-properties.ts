/** What functions and prototypes have beside what their text makes. */
import { type Callable, isCallable } from '../internal/functions/function-source.js';

const usual: ReadonlySet<PropertyKey> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

/**
 * The own properties of a function that its text does not make, as they were set, and what was put on its prototype;
 * `undefined` if there is nothing.
 */
export function ownPropertiesOf(fn: Callable): object | undefined {
  const text = Function.prototype.toString.call(fn);
  const isClass = text.startsWith('class');
  const found: Record<PropertyKey, PropertyDescriptor> = {};
  for (const key of Reflect.ownKeys(fn)) {
    const property = Object.getOwnPropertyDescriptor(fn, key) as PropertyDescriptor;
    if (!property.enumerable && (usual.has(key) || (isClass && standsIn(text, property)))) continue;
    found[key] = property;
  }
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  const members = typeof prototype === 'object' && prototype !== null ? membersOf(prototype, fn, isClass) : undefined;
  if (members === undefined && Reflect.ownKeys(found).length === 0) return undefined;
  return Object.create(null, {
    own: { value: Object.create(null, found) as object, enumerable: true },
    ...(members !== undefined && { members: { value: members, enumerable: true } }),
  }) as object;
}

/** The prototype of the objects that a function makes, if it is not as the text of the function makes it. */
function membersOf(prototype: object, fn: Callable, isClass: boolean): readonly unknown[] | undefined {
  const added = addedMembers(prototype, fn).map(([key, part]) => [String(key), part]);
  const above = Object.getPrototypeOf(prototype) as object | null;
  // What a class extends is known as that.
  const isUsual = isClass || above === Object.prototype || !Object.hasOwn(prototype, 'constructor');
  if (added.length === 0 && isUsual) return undefined;
  const base: unknown = above === null ? null : Object.getOwnPropertyDescriptor(above, 'constructor')?.value;
  return [added, ...(isUsual ? [] : [base ?? above])];
}

/** What is on a prototype and does not stand in the text of its class: it was put there later. By key and part. */
export function addedMembers(prototype: object, type: Callable): readonly (readonly [string | symbol, unknown])[] {
  const text = Function.prototype.toString.call(type);
  return Reflect.ownKeys(prototype)
    .map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor] as const)
    .filter(([key, property]) => !(key === 'constructor' && property.value === type) && !standsIn(text, property))
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
    .flatMap(([key, { value, get, set }]) =>
      get === undefined && set === undefined
        ? [[key, value] as const]
        : [[key, get] as const, [key, set] as const].filter(([, part]) => part !== undefined),
    );
}

/** Whether a method or accessor stands in the text of its class. */
function standsIn(text: string, { value, get, set }: PropertyDescriptor): boolean {
  const parts = [value as unknown, get, set].filter((part) => part !== undefined);
  return (
    parts.length > 0 && parts.every((part) => isCallable(part) && text.includes(Function.prototype.toString.call(part)))
  );
}

/** What stands on a prototype chain, to notice when that changes. */
export function chainOf(prototype: object): unknown[] {
  const members: unknown[] = [];
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; ) {
    for (const key of Reflect.ownKeys(at)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(at, key) as PropertyDescriptor;
      members.push(value ?? get, set);
    }
    at = Object.getPrototypeOf(at) as object | null;
    members.push(at);
  }
  return members;
}
