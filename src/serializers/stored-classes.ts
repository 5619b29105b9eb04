/** Finds the classes of this process that the classes of a stored value are; the rules stand in `live-classes.ts`. */
import { SerializationError } from '../errors.js';
import { describeFunction, isClass } from '../internal/functions/describe-function.js';
import { type Callable, isCallable } from '../internal/functions/function-source.js';
import { isRestorable, wasRead } from './code-kinds.js';
import { classesLike, noteClass } from './live-classes.js';
import type { ClassIdentity, Payload } from './payload.js';
import type { Rung } from './rungs.js';
import { identityOf } from './writer.js';

/** The classes of one value that is being read. */
export class StoredClasses {
  /** Who reads. */
  readonly rung: Rung;
  readonly #needsRestorable: boolean;
  readonly #found = new Map<string, { readonly identity: ClassIdentity; readonly classes: Set<Callable> }>();

  readonly #mayBeMade: boolean;

  /**
   * @param hasPrivateFields whether the value holds instances with private fields.
   * @param mayBeMade whether a class that is not there may be made from its text.
   */
  constructor(rung: Rung, hasPrivateFields: boolean, mayBeMade: boolean) {
    this.rung = rung;
    this.#needsRestorable = hasPrivateFields;
    this.#mayBeMade = mayBeMade;
  }

  /** The class that a payload stands for, if it is there. `taken`: classes that others of the same graph stand for. */
  find(payload: Payload, taken: ReadonlySet<unknown>): Callable | undefined {
    const code = codeOf(payload);
    if (code === undefined) return undefined;
    const classes = this.#found.get(keyOf(code))?.classes ?? [];
    for (const Class of [...classes, ...classesLike(code, code.name, identify, wasRead)]) {
      if (taken.has(Class) || !this.#fits(Class, payload, code)) continue;
      this.note(payload, Class);
      return Class;
    }
    if (!this.#mayBeMade)
      throw new TypeError(`the class ${code.name} of this process cannot make its instances unnoticed`);
    return undefined;
  }

  /** Takes note of a class that was made. */
  note(payload: Payload, made: unknown): void {
    const code = codeOf(payload);
    if (code === undefined || !isCallable(made)) return;
    const known = this.#found.get(keyOf(code)) ?? { identity: code, classes: new Set() };
    this.#found.set(keyOf(code), known);
    known.classes.add(made);
  }

  /** Notes all classes of the value for the next one, once everything was read. */
  settle(): void {
    for (const { identity, classes } of this.#found.values()) for (const Class of classes) noteClass(Class, identity);
  }

  /** Whether a class that looks the same also is the same: what it extends, and the classes that it captures. */
  #fits(Class: Callable, payload: Payload, { given }: StoredClass): boolean {
    if (!isCallable(Class) || !isClass(Class)) return false;
    if (this.#needsRestorable && !isRestorable(Class)) return false;
    const prototype: unknown = payload.prototype ?? payload.base;
    if (isCallable(prototype) && Object.getPrototypeOf(Class) !== prototype) return false;
    const values = payload.captured === true ? (payload.values as readonly unknown[]) : [];
    if (!values.some((value) => isCallable(value) && isClass(value))) return true;
    const description = describeFunction(Class, true);
    if (description.kind !== 'class') return false;
    return values.every((value, index) => {
      const here = description.captures.get(given[index] ?? '')?.value;
      return !(isCallable(value) && isClass(value)) || here === value;
    });
  }
}

interface StoredClass extends ClassIdentity {
  readonly name: string;
  readonly given: readonly string[];
}

function codeOf(payload: Payload): StoredClass | undefined {
  if (payload.kind !== 'class') return undefined;
  const { identity, state, name, given } = payload.code as { readonly [field: string]: unknown };
  if (typeof identity !== 'string') return undefined;
  return {
    identity,
    ...(typeof state === 'string' && { state }),
    name: String(name),
    given: (given ?? []) as readonly string[],
  };
}

function keyOf({ identity, state = identity }: ClassIdentity): string {
  return state;
}

function identify(Class: Callable): ClassIdentity | undefined {
  try {
    return isClass(Class) ? identityOf(Class) : undefined;
  } catch (error) {
    // What cannot be described is not what was stored.
    if (error instanceof SerializationError) return undefined;
    throw error;
  }
}
