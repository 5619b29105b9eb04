/** Where a value has its behaviour from, when that is not the usual prototype of its kind. */
import type { Describer } from './payload.js';

/**
 * The fields that say which `prototype` a value has.
 *
 * @throws SerializationError (through `describer`) if the rung does not take values with this prototype.
 */
export function lineageOf(prototype: object | null, describer: Describer): { readonly prototype?: null } {
  if (prototype === null) return { prototype: null };
  const name = nameOf(prototype);
  return describer.refuse(name === '' ? 'an object with a prototype of its own' : `an instance of ${name}`, {
    takenBy: 'cloudpickle',
  });
}

function nameOf(prototype: object): string {
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof Class === 'function' ? Class.name : '';
}
