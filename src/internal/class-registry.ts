/**
 * What is told about classes whose instances take part in digests and files by their data: classes of packages, which
 * nobody can edit, and such as keep their state where nobody else can read it.
 */
import { ConfigurationError } from '../errors.js';
import { shared } from './state.js';

/** Any class, abstract ones included. */
export type AnyClass = abstract new (...args: never[]) => object;

/** How instances of a class are told apart, written and made again; see {@link registerClass}. */
export interface ClassRegistration<Instance extends object = object, Data = unknown> {
  /**
   * What stands for the class in digests and files: permanent, and one name per class. By default the class's own name.
   * Registered classes count by this name alone, not by their code.
   */
  readonly name?: string;
  /**
   * All that one instance has and another may have differently, as data. By default its own fields. Called anew each
   * time; it must not change the instance.
   */
  readonly toData?: (instance: Instance) => Data;
  /** Makes an instance of what `toData` gave. By default a new object of the class gets the fields. */
  readonly fromData?: (data: Data) => Instance;
}

/** A class and what was said about it. */
export interface RegisteredClass {
  readonly Class: AnyClass;
  readonly name: string;
  readonly toData: ((instance: object) => unknown) | undefined;
  readonly fromData: ((data: unknown) => object) | undefined;
}

interface Registry {
  readonly byPrototype: WeakMap<object, RegisteredClass>;
  readonly byName: Map<string, RegisteredClass>;
}

function registry(): Registry {
  return shared('classes', () => ({ byPrototype: new WeakMap(), byName: new Map() }));
}

/**
 * Says how the instances of a class that you cannot edit take part: by what `toData` gives, under `name`. Sub-classes are
 * classes of their own. The same class or, as when a cell runs again, another one of the same name may be registered
 * again: the last one holds. (A class of your own can have a method `[Symbol.for('fleche.digest')]()` instead: what it
 * returns is digested in the place of the instance.)
 *
 * @throws ConfigurationError if there is no name, or if only one of `toData` and `fromData` would leave data that nobody
 * can read: `fromData` without `toData`.
 * @example
 * import { digest, registerClass } from 'fleche';
 * class Money { #cents: number; constructor(cents: number) { this.#cents = cents; } get cents(): number { return this.#cents; } }
 * registerClass(Money, { toData: (money) => money.cents, fromData: (cents: number) => new Money(cents) });
 * console.log(digest(new Money(5)) === digest(new Money(5)), digest(new Money(5)) === digest(new Money(6))); // true false
 */
export function registerClass<Instance extends object, Data>(
  Class: abstract new (...args: never[]) => Instance,
  registration: ClassRegistration<Instance, Data> = {},
): void {
  const { name = Class.name, toData, fromData } = registration;
  if (typeof Class !== 'function' || typeof Class.prototype !== 'object' || Class.prototype === null) {
    throw new ConfigurationError('registerClass(…) takes a class; of an instance that is its .constructor');
  }
  if (name === '') {
    throw new ConfigurationError(
      'a class without a name of its own is registered with one: registerClass(…, { name })',
    );
  }
  if (fromData !== undefined && toData === undefined) {
    throw new ConfigurationError(`the class ${name} is registered with fromData but without the toData that it reads`);
  }
  const registered = { Class, name, toData, fromData } as unknown as RegisteredClass;
  const { byPrototype, byName } = registry();
  byPrototype.set(Class.prototype as object, registered);
  byName.set(name, registered);
}

/** What was said about the class whose instances have `prototype`; nothing is inherited. */
export function registeredClassOf(prototype: object): RegisteredClass | undefined {
  return registry().byPrototype.get(prototype);
}

/** The class that was last registered under this name. */
export function registeredClassNamed(name: string): RegisteredClass | undefined {
  return registry().byName.get(name);
}
