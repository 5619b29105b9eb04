/**
 * The digest of captured data. Functions and the classes of instances in it are handed back, to be looked into; a part
 * without a digest counts by its type, and everything around it by what it holds.
 */
import { types } from 'node:util';
import { byName } from '../digest/code.js';
import { hashText, numbered } from '../digest/hash-text.js';
import { digest } from '../digest/index.js';
import { Walker } from '../digest/walker.js';
import { IndigestibleError } from '../errors.js';
import type { Callable } from '../internal/functions/function-source.js';
import { referenceTo } from '../internal/functions/references.js';
import { step } from '../internal/value-path.js';

/** A part that counts by its type alone. */
export interface BlindPart {
  /** Where it stands in the variable: `.logger.socket`. */
  readonly place: string;
  readonly what: string;
}

/** What captured data counts as. */
export interface DataDigest {
  readonly digest: string;
  /** The functions and classes in it, in the order in which they are met. */
  readonly functions: readonly Callable[];
  readonly blind: readonly BlindPart[];
}

/** The digest of `value`. `isOpen` says whether the fields of instances of a class are worth a look where one of them fails. */
export function digestCaptured(value: unknown, isOpen: (type: Callable) => boolean): DataDigest {
  const work = new Work(isOpen);
  return { digest: work.whole(value, ''), functions: work.functions, blind: work.blind };
}

class Work {
  readonly functions: Callable[] = [];
  readonly blind: BlindPart[] = [];
  readonly #isOpen: (type: Callable) => boolean;
  readonly #seen = new Map<object, number>();
  readonly #walker: Walker;
  #classes = new Set<Callable>();

  constructor(isOpen: (type: Callable) => boolean) {
    this.#isOpen = isOpen;
    this.#walker = new Walker({
      ofFunction: (fn) => numbered(this.functions.push(fn)),
      noteInstance: (prototype) => this.#noteClass(prototype),
      ofClass: () => byName,
    });
  }

  whole(value: unknown, place: string): string {
    if (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') return digest(value);
    const { length } = this.functions;
    const classes = new Set(this.#classes);
    try {
      return this.#walker.digest(value, place);
    } catch (error) {
      if (!(error instanceof IndigestibleError)) throw error;
      this.functions.length = length;
      this.#classes = classes;
      return this.#parts(value as object | symbol, place, error.what);
    }
  }

  #parts(value: object | symbol, place: string, what: string): string {
    if (typeof value === 'symbol') return this.#opaque(String(value), place, what);
    const number = this.#seen.get(value);
    if (number !== undefined) return hashText('cycle', String(number));
    this.#seen.set(value, this.#seen.size);
    if (types.isProxy(value)) return this.#opaque('Proxy', place, what);
    if (types.isMap(value)) {
      const entries = [...value].map(([key, held], i) => [
        this.whole(key, `${place}[key ${i}]`),
        this.whole(held, `${place}.get(${typeof key === 'string' ? JSON.stringify(key) : `key ${i}`})`),
      ]);
      return hashText('map', JSON.stringify(entries.map((each) => each.join(' ')).sort()));
    }
    if (types.isSet(value)) {
      const members = [...value].map((member, i) => this.whole(member, `${place}[member ${i}]`));
      return hashText('set', JSON.stringify(members.sort()));
    }
    const type = typeOf(value);
    const isPlain = type === undefined || type === Object || type === Array;
    if (!isPlain && !this.#isOpen(type)) return this.#opaque(type.name, place, what);
    if (type !== undefined) this.#noteClass(Object.getPrototypeOf(value) as object);
    const descriptors = Object.getOwnPropertyDescriptors(value) as Record<PropertyKey, PropertyDescriptor>;
    const properties = Reflect.ownKeys(descriptors).map((key) => {
      const { get, set, value: held } = descriptors[key] as PropertyDescriptor;
      const at = place + step(key);
      return [String(key), ...(get || set ? ['accessor', get, set] : [held]).map((part) => this.whole(part, at))];
    });
    properties.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
    return hashText('properties', JSON.stringify([Array.isArray(value), type?.name ?? null, properties]));
  }

  #opaque(type: string, place: string, what: string): string {
    this.blind.push({ place, what });
    return hashText('opaque', type);
  }

  /** The methods of a class say what its instances do. */
  #noteClass(prototype: object): void {
    const type = userClass(prototype);
    if (type === undefined || this.#classes.has(type)) return;
    this.#classes.add(type);
    this.functions.push(type);
  }
}

const userClasses = new WeakMap<object, { readonly type: Callable | undefined }>();

/** The class with this prototype, unless every process has it. */
function userClass(prototype: object): Callable | undefined {
  let known = userClasses.get(prototype);
  if (known === undefined) {
    const type: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    const isUsers = typeof type === 'function' && !isBuiltin(type as Callable);
    known = { type: isUsers ? (type as Callable) : undefined };
    userClasses.set(prototype, known);
  }
  return known.type;
}

function isBuiltin(type: Callable): boolean {
  const reference = referenceTo(type);
  return reference !== undefined && reference.from !== 'package';
}

function typeOf(value: object): Callable | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null) return undefined;
  const type: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof type === 'function' ? (type as Callable) : (Object as unknown as Callable);
}
