/** What classes keep of their instances in weak collections: compilers put private fields there, and brands. */
import { types } from 'node:util';
import { capturesOf } from './captures.js';
import { type Callable, isCallable, parsedFunction } from './function-source.js';

/** A weak collection that the code of a class captures. */
export interface WeakHolder {
  /** The name of the variable. */
  readonly name: string;
  readonly holder: WeakMap<object, unknown> | WeakSet<object>;
}

/** The weak collections that are captured by the classes whose instances have `prototype`, as they are now. */
export function weakHoldersOf(prototype: object): readonly WeakHolder[] {
  const found: WeakHolder[] = [];
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const Class: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (isCallable(Class) && !types.isProxy(Class)) found.push(...capturedBy(Class));
  }
  return found;
}

function capturedBy(Class: Callable): readonly WeakHolder[] {
  const parsed = parsedFunction(Class);
  if (parsed?.node === undefined) return [];
  return [...capturesOf(Class, parsed).captures].flatMap(([name, { value }]) =>
    types.isWeakMap(value) || types.isWeakSet(value) ? [{ name, holder: value }] : [],
  );
}

/** Looks for what instances have in weak collections; looks into each class once. */
export class WeakState {
  readonly #holders = new Map<object, readonly WeakHolder[]>();

  /** The name of a variable whose weak collection holds something of `instance`, which a copy of it would not have. */
  of(instance: object): string | undefined {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return undefined;
    let holders = this.#holders.get(prototype);
    if (holders === undefined) {
      holders = weakHoldersOf(prototype);
      this.#holders.set(prototype, holders);
    }
    return holders.find(({ holder }) => holder.has(instance))?.name;
  }
}

/** What the user is told of such an instance. */
export function weakStateRefusal(instance: object, variable: string): string {
  const { name } = instance.constructor as { readonly name?: string };
  return `an instance of ${name || 'a class'}, of which a part is in the weak collection ${variable}`;
}
