/** What stands for the class of an instance in its digest, found once per prototype. */
import { errorClasses, viewClasses } from './builtin-classes.js';

/** The class behind a prototype, or why its instances cannot be digested. */
export type ClassIdentity =
  | { readonly name: string; readonly refusal?: undefined }
  | { readonly name?: undefined; readonly refusal: ClassRefusal };

/** Why instances of a class cannot be digested or copied. */
export interface ClassRefusal {
  readonly what: string;
  readonly hint: string;
  /** The name of the class, if private fields are all that stands in the way: whoever can read those may go on. */
  readonly nameBesidesPrivateFields: string | undefined;
}

const known = new WeakMap<object, ClassIdentity>();

/**
 * Prototypes of built-in classes whose instances are digested by what they hold, not only by their properties. Any other
 * built-in class keeps its state where nobody can read it.
 */
const readable: ReadonlySet<unknown> = new Set<unknown>([
  Object,
  Array,
  Map,
  Set,
  Date,
  RegExp,
  ...errorClasses,
  URL,
  URLSearchParams,
  Number,
  String,
  Boolean,
  BigInt,
  Symbol,
  ArrayBuffer,
  ...viewClasses,
  Object.getPrototypeOf(Uint8Array),
]);

/** Identifies the class whose instances have `prototype`. */
export function classIdentity(prototype: object): ClassIdentity {
  let identity = known.get(prototype);
  if (identity === undefined) {
    identity = identify(prototype);
    known.set(prototype, identity);
  }
  return identity;
}

function identify(prototype: object): ClassIdentity {
  let name: string | undefined;
  let hidden: string | undefined;
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const Class: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof Class !== 'function') {
      return refuse('an object whose prototype is not that of a class', 'pass plain data or an instance of a class');
    }
    name ??= Class.name;
    if (readable.has(Class)) continue;
    // Of JavaScript, but what it holds is in a WeakMap of Node's.
    if (Class === DOMException) return refuse('a DOMException', 'its state cannot be read; pass its name and message');
    const source = Function.prototype.toString.call(Class);
    // A class of another realm (a vm context) is not the same object as ours but has the same name.
    if (/\[native code\]\s*\}$/.test(source)) {
      if (builtinOfAnotherRealm(Class.name)) continue;
      return refuse(
        Class.name === '' ? 'an object of the engine' : `${article(Class.name)} ${Class.name}`,
        'its state cannot be read; pass the data behind it',
      );
    }
    if (/#[\p{ID_Start}$_]/u.test(source)) hidden ??= Class.name || 'a class';
  }
  if (hidden !== undefined) {
    const what = `an instance of ${hidden}, which has private fields`;
    return refuse(what, 'its private state cannot be compared; pass plain data', name ?? '');
  }
  return { name: name ?? '' };
}

function builtinOfAnotherRealm(name: string): boolean {
  for (const Class of readable) if ((Class as { name: string }).name === name) return true;
  return false;
}

function refuse(what: string, hint: string, nameBesidesPrivateFields?: string): ClassIdentity {
  return { refusal: { what, hint, nameBesidesPrivateFields } };
}

function article(noun: string): string {
  return /^[aeiou]/i.test(noun) ? 'an' : 'a';
}
