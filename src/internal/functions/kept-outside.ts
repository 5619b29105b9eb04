/** What classes keep of their instances outside of them: compilers put private fields and brands into weak collections. */
import { types } from 'node:util';
import { capturesOf } from './captures.js';
import { type Callable, isCallable, parsedFunction } from './function-source.js';

/** A collection that the code of a class captures, and which may have instances as keys. */
export interface Keeper {
  /** The name of the variable. */
  readonly name: string;
  readonly collection: WeakMap<object, unknown> | Map<unknown, unknown> | WeakSet<object>;
}

/** The keepers of the classes whose instances have `prototype`, as they are now. */
export function keepersOf(prototype: object | null): readonly Keeper[] {
  const found: Keeper[] = [];
  for (let at = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const Class: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (isCallable(Class) && !types.isProxy(Class)) found.push(...capturedBy(Class));
  }
  return found;
}

function capturedBy(Class: Callable): readonly Keeper[] {
  const parsed = parsedFunction(Class);
  if (parsed?.node === undefined) return [];
  return [...capturesOf(Class, parsed).captures].flatMap(([name, { value }]) =>
    types.isWeakMap(value) || types.isMap(value) || types.isWeakSet(value) ? [{ name, collection: value }] : [],
  );
}

/** Looks for what instances have outside of them; looks into each class once. */
export class KeptOutside {
  readonly #keepers = new Map<object, readonly Keeper[]>();

  /** What the user is told of an instance of which a part would not be in a copy. */
  refusalOf(instance: object): string | undefined {
    const prototype = Object.getPrototypeOf(instance) as object | null;
    if (prototype === null || prototype === Object.prototype || prototype === Array.prototype) return undefined;
    let keepers = this.#keepers.get(prototype);
    if (keepers === undefined) {
      keepers = keepersOf(prototype);
      this.#keepers.set(prototype, keepers);
    }
    const keeper = keepers.find((each) => hasKey(each, instance));
    if (keeper === undefined) return undefined;
    const { name } = instance.constructor as { readonly name?: string };
    return `an instance of ${name || 'a class'}, of which a part is in the ${kindOf(keeper)} ${keeper.name}`;
  }
}

function hasKey({ collection }: Keeper, instance: object): boolean {
  return types.isMap(collection) ? Map.prototype.has.call(collection, instance) : collection.has(instance);
}

function kindOf({ collection }: Keeper): string {
  return types.isMap(collection) ? 'Map' : types.isWeakMap(collection) ? 'WeakMap' : 'WeakSet';
}
