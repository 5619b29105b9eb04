/** Instances of registered classes: by the name of their class and what the registration says of them, as data. */
import { ConfigurationError } from '../errors.js';
import { type RegisteredClass, registeredClassNamed, registeredClassOf } from '../internal/class-registry.js';
import type { Callable } from '../internal/functions/function-source.js';
import type { Describer, Kind, Payload } from './payload.js';

/** The name under which `fn` is registered as a class. */
export function registeredAs(fn: Callable): string | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  const found = typeof prototype === 'object' && prototype !== null ? registeredClassOf(prototype) : undefined;
  return found !== undefined && (found.Class as unknown) === fn ? found.name : undefined;
}

/** The payload of an instance whose registration says what it is made of. */
export function describeRegistered(value: object, found: RegisteredClass, describer: Describer): Payload | undefined {
  const { toData, name } = found;
  if (toData === undefined) return undefined;
  let data: unknown;
  try {
    data = toData(value);
  } catch (cause) {
    return describer.refuse(`an instance of the registered ${name}`, {
      hint: `its toData fails: ${String(cause)}`,
      cause,
    });
  }
  return { kind: 'registered', name, graph: describer.nested(data, name) };
}

/**
 * The class with this name.
 *
 * @throws ConfigurationError if none is registered.
 */
export function registeredClass(name: unknown): RegisteredClass {
  const found = registeredClassNamed(String(name));
  if (found === undefined) {
    throw new ConfigurationError(
      `the value holds an instance of a class registered as ${String(name)}, and none is here; call registerClass(…) with it first`,
    );
  }
  return found;
}

/** The bytes are as they were written; what fails is what was said about the class. */
function made(fromData: (data: unknown) => object, data: unknown, name: string): object {
  try {
    return fromData(data);
  } catch (cause) {
    throw new ConfigurationError(`the fromData of the class registered as ${name} fails: ${String(cause)}`, { cause });
  }
}

/** How instances of registered classes come back. */
export const registeredKinds: { readonly [kind: string]: Kind } = {
  registered: {
    rung: 'pickle',
    make: ({ name, graph }, restorer) => {
      const { Class, fromData } = registeredClass(name);
      const data = restorer.nested(graph);
      if (fromData !== undefined) return made(fromData, data, String(name));
      const instance = Object.create(Class.prototype as object) as object;
      for (const key of Reflect.ownKeys(Object(data) as object)) {
        Object.defineProperty(instance, key, Object.getOwnPropertyDescriptor(data, key) as PropertyDescriptor);
      }
      return instance;
    },
  },
  'registered class': { rung: 'pickle', make: ({ name }) => registeredClass(name).Class },
};
