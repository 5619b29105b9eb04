/** Functions and classes as they are met in a walk. */
import type { Callable } from '../internal/functions/function-source.js';
import type { Digest } from './types.js';
import type { Walker } from './walker.js';

/** What a class's code comes to. */
export interface ClassCode {
  /** `undefined`: it counts by its name alone. */
  readonly digest: Digest | undefined;
  /** What may hold parts of its instances by them as keys, as compilers do with private fields. By the names of the variables. */
  readonly maps: readonly (readonly [string, WeakMap<object, unknown> | Map<unknown, unknown>])[];
}

export const byName: ClassCode = { digest: undefined, maps: [] };

/** Says what counts of the code that is met in a walk. */
export interface CodeInWalk {
  /**
   * The digest of a function that stands at `path`.
   *
   * @throws IndigestibleError if it has none.
   */
  ofFunction(fn: Callable, path: string): Digest;
  /** The code of the class whose instances have `prototype`. */
  ofClass(prototype: object): ClassCode;
  /** Told of the prototype of each instance, once in a walk. Whoever is told takes over the code of the classes. */
  noteInstance?(prototype: object): void;
  /** What `make` gave for `instance` the first time: it may give other code each time. */
  once?<T>(instance: object, make: () => T): T;
}

/** A function or class that is digested by what it holds. */
export interface CodeNode {
  /**
   * Its digest, with a walker that knows what stands for the code that it holds.
   *
   * @throws IndigestibleError with the path inside of it.
   */
  digest(walker: Walker): Digest;
  /** What may hold parts of the instances of a class. */
  readonly maps: ClassCode['maps'];
}
