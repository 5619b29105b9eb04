/**
 * An exact copy of a value that shares nothing changeable with it: identity, cycles, prototypes, property descriptors,
 * holes, views on one buffer and frozenness are kept. Symbols, classes and functions without a state are the same in the
 * copy. Works through a queue, so that depth costs memory and never overflows.
 */
import { EventEmitter } from 'node:events';
import { types } from 'node:util';
import { SerializationError } from '../errors.js';
import { classIdentity } from './class-identity.js';
import { capturesOf } from './functions/captures.js';
import { type Callable, isCallable, parsedFunction } from './functions/function-source.js';
import { KeptOutside } from './functions/kept-outside.js';
import { referenceTo } from './functions/references.js';
import { buildNdArray, describeNdArray, type NdElements } from './nd-array.js';
import { makersArguments, stateOf } from './stateless-functions.js';
import { step } from './value-path.js';
import { hasOwnExtras } from './view-extras.js';

/**
 * Copies `value`.
 *
 * @param storage who asks, for the error.
 * @throws SerializationError for what cannot be copied: functions with a state, instances with private fields, promises,
 * generators, weak collections, proxies, shared memory.
 */
export function clone(value: unknown, storage: string): unknown {
  if (isImmutable(value) && typeof value !== 'function') return value;
  try {
    const cloning = new Cloning(storage, undefined, false);
    const copy = cloning.run(value as object);
    // Once more with all of the memory: Buffers are copied one by one, unless something else sees the same bytes.
    return cloning.buffersShare() ? new Cloning(storage, undefined, true).run(value as object) : copy;
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    // Once more, keeping track of where everything stands: only a refusal pays for paths.
    return new Cloning(storage, new Map(), true).run(value as object);
  }
}

/**
 * Copies once more what {@link clone} returned, whose functions need no second look.
 *
 * @throws SerializationError never, unless somebody else changed the value.
 */
export function cloneAgain(value: unknown, storage: string): unknown {
  if (isImmutable(value)) return value;
  const cloning = new Cloning(storage, undefined, false);
  const copy = cloning.copyAll(value as object);
  return cloning.buffersShare() ? new Cloning(storage, undefined, true).copyAll(value as object) : copy;
}

/** Whether nothing about `value` can change, so that it may be shared; functions are looked at on their own. */
function isImmutable(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'undefined') || value === null || value === undefined;
}

class Cloning {
  readonly #storage: string;
  readonly #copies = new Map<object, object>();
  readonly #unfilled: object[] = [];
  readonly #paths: Map<object, string> | undefined;
  readonly #wholeMemory: boolean;
  readonly #buffers: Buffer[] = [];
  readonly #functions = new Map<Callable, string>();
  /** `undefined`: the value is a copy, of which nothing is elsewhere. */
  #keptOutside: KeptOutside | undefined;

  constructor(storage: string, paths: Map<object, string> | undefined, wholeMemory: boolean) {
    this.#storage = storage;
    this.#paths = paths;
    this.#wholeMemory = wholeMemory;
  }

  /** Whether a Buffer that was copied on its own shows bytes that another Buffer or view shows, too. */
  buffersShare(): boolean {
    const ends = new Map<ArrayBufferLike, number>();
    this.#buffers.sort((a, b) => a.byteOffset - b.byteOffset);
    return this.#buffers.some(({ buffer, byteOffset, byteLength }) => {
      const end = ends.get(buffer) ?? 0;
      ends.set(buffer, Math.max(end, byteOffset + byteLength));
      return byteOffset < end || this.#copies.has(buffer);
    });
  }

  run(root: object): unknown {
    this.#keptOutside = new KeptOutside();
    const copy = this.copyAll(root);
    const state = stateOf(this.#functions.keys());
    if (state !== undefined) {
      const path = this.#functions.get(state.fn) ?? '';
      throw new SerializationError({ path, what: state.what, serializer: this.#storage });
    }
    // Functions are not copied, so one that sees a part of the value would go on seeing the original.
    for (const [fn, path] of this.#functions) {
      for (const held of capturedBy(fn)) {
        if (isCallable(held)) this.#functions.set(held, this.#functions.get(held) ?? path);
        else if (this.#copies.has(held) && this.#copies.get(held) !== held) {
          throw new SerializationError({
            path,
            what: 'a function that captures a part of the value',
            serializer: this.#storage,
          });
        }
      }
    }
    return copy;
  }

  /** Copies without a look at functions. */
  copyAll(root: object): unknown {
    const copy = this.#copy(root, '');
    for (let i = 0; i < this.#unfilled.length; i += 1) this.#fill(this.#unfilled[i] as object);
    // Last of all, since a frozen object takes no more properties.
    for (const [original, made] of this.#copies) {
      if (made === original || Object.isExtensible(original) || ArrayBuffer.isView(original)) continue;
      if (Object.isFrozen(original)) Object.freeze(made);
      else if (Object.isSealed(original)) Object.seal(made);
      else Object.preventExtensions(made);
    }
    return copy;
  }

  #copy(value: unknown, path: string): unknown {
    if (isCallable(value)) this.#functions.set(value, this.#functions.get(value) ?? path);
    if (isImmutable(value)) return value;
    const original = value as object;
    const known = this.#copies.get(original);
    if (known !== undefined) return known;
    this.#paths?.set(original, path);
    const shell = this.#shell(original);
    const refusal = shell === original ? undefined : this.#keptOutside?.refusalOf(original);
    if (refusal !== undefined) throw this.#refuse(original, refusal);
    this.#copies.set(original, shell);
    if (shell !== original) this.#unfilled.push(original);
    return shell;
  }

  /** The path of a part of `value`; only made when somebody will read it. */
  #step(value: object, place: () => string): string {
    return this.#paths === undefined ? '' : (this.#paths.get(value) ?? '') + place();
  }

  /** A new object of the same kind, without what `#fill` adds. */
  #shell(value: object): object {
    if (types.isProxy(value)) {
      const behind = describeNdArray(value);
      if (behind === undefined) throw this.#refuse(value, 'a Proxy');
      return buildNdArray({ ...behind, elements: behind.elements().slice() as NdElements });
    }
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value)) return adopt(new Array<unknown>(value.length), prototype, Array.prototype);
    if (types.isArgumentsObject(value)) throw this.#refuse(value, 'an arguments object');
    // `Math` and its like are as much code as a function is.
    if (prototype === Object.prototype)
      return Object.hasOwn(value, Symbol.toStringTag) && referenceTo(value) ? value : {};
    if (prototype === null) return Object.create(null) as object;
    const array = describeNdArray(value);
    if (array !== undefined) return buildNdArray({ ...array, elements: array.elements().slice() as NdElements });
    if (isOrdinaryPrototype(value, prototype)) {
      const place = this.#step(value, () => '.__proto__');
      return Object.create(this.#copy(prototype, place) as object) as object;
    }
    const identity = classIdentity(prototype);
    if (identity.refusal !== undefined) throw this.#refuse(value, identity.refusal.what);
    if (value instanceof EventEmitter || value instanceof EventTarget) {
      throw this.#refuse(value, `an instance of ${prototype.constructor.name}`);
    }
    const made = this.#builtin(value, prototype);
    if (made === undefined && isPrototypeOfBuiltin(prototype))
      throw this.#refuse(value, 'an object with a prototype that is not its own');
    return made ?? (Object.create(prototype) as object);
  }

  #builtin(value: object, prototype: object): object | undefined {
    if (types.isDate(value)) return adopt(new Date(Date.prototype.getTime.call(value)), prototype, Date.prototype);
    if (types.isMap(value)) return adopt(new Map(), prototype, Map.prototype);
    if (types.isSet(value)) return adopt(new Set(), prototype, Set.prototype);
    if (types.isRegExp(value)) return adopt(new RegExp(value.source, value.flags), prototype, RegExp.prototype);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (types.isArrayBuffer(value)) return copyBuffer(value) ?? this.#refused(value, 'a detached ArrayBuffer');
    if (types.isNativeError(value)) return Object.setPrototypeOf(bareError(), prototype) as object;
    if (types.isBoxedPrimitive(value)) {
      return adopt(Object((value as { valueOf(): unknown }).valueOf()) as object, prototype, undefined);
    }
    if (value instanceof URL) return this.#url(value, prototype);
    if (value instanceof URLSearchParams) {
      return adopt(new URLSearchParams(this.#text(value)), prototype, URLSearchParams.prototype);
    }
    return undefined;
  }

  /** A URL and its parameters change each other, so they are copied together. */
  #url(value: URL, prototype: object): object {
    const made = adopt(new URL(this.#text(value)), prototype, URL.prototype) as URL;
    if (this.#copies.has(value.searchParams)) throw this.#refuse(value, 'a URL after its own searchParams');
    this.#copies.set(value.searchParams, made.searchParams);
    return made;
  }

  /** The text of a URL or of parameters, whatever its class makes of it. */
  #text(value: URL | URLSearchParams): string {
    try {
      return value instanceof URL ? URL.prototype.toString.call(value) : URLSearchParams.prototype.toString.call(value);
    } catch {
      throw this.#refuse(value, 'an object with a prototype that is not its own');
    }
  }

  #view(value: ArrayBufferView): object {
    if (types.isSharedArrayBuffer(value.buffer)) throw this.#refuse(value, 'a view onto shared memory');
    // Small Buffers are windows onto a pool that belongs to everybody: only what is visible is theirs.
    if (Buffer.isBuffer(value) && !this.#wholeMemory) {
      this.#buffers.push(value);
      return Buffer.from(value);
    }
    const buffer = this.#copy(
      value.buffer,
      this.#step(value, () => '.buffer'),
    ) as ArrayBuffer;
    if (Buffer.isBuffer(value)) return Buffer.from(buffer, value.byteOffset, value.byteLength);
    const View = value.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => object;
    const unit = (value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    return new View(buffer, value.byteOffset, value.byteLength / unit);
  }

  #fill(value: object): void {
    const copy = this.#copies.get(value) as object;
    if (describeNdArray(value) !== undefined) return;
    if (types.isMap(value)) {
      for (const [key, held] of Map.prototype.entries.call(value)) {
        const place = this.#step(value, () => `.get(${typeof key === 'string' ? JSON.stringify(key) : String(key)})`);
        Map.prototype.set.call(copy, this.#copy(key, place), this.#copy(held, place));
      }
    } else if (types.isSet(value)) {
      for (const member of Set.prototype.values.call(value))
        Set.prototype.add.call(
          copy,
          this.#copy(
            member,
            this.#step(value, () => '[a member]'),
          ),
        );
    }
    const keys = ArrayBuffer.isView(value) ? propertiesOf(value) : Reflect.ownKeys(value);
    for (const key of keys) {
      const property = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      if ('value' in property) {
        const held = this.#copy(
          property.value,
          this.#step(value, () => step(key)),
        );
        const present = Object.getOwnPropertyDescriptor(copy, key);
        if (present?.configurable === false) {
          if (present.writable) (copy as Record<PropertyKey, unknown>)[key] = held;
          if (!property.writable) Object.defineProperty(copy, key, { writable: false });
          continue;
        }
        property.value = held;
      } else if (!(key === 'stack' && types.isNativeError(value))) {
        for (const part of [property.get, property.set]) {
          if (part !== undefined)
            this.#copy(
              part,
              this.#step(value, () => step(key)),
            );
        }
      }
      Object.defineProperty(copy, key, property);
      // Newer versions of V8 keep the stack of an error behind a getter and setter.
      if (key === 'stack' && property.set && types.isNativeError(value)) property.set.call(copy, value.stack);
    }
  }

  #refused(value: object, what: string): never {
    throw this.#refuse(value, what);
  }

  #refuse(value: object, what: string): SerializationError {
    return new SerializationError({ path: this.#paths?.get(value) ?? '', what, serializer: this.#storage });
  }
}

/** The own properties of a view beside its elements, whose millions of keys are not listed without need. */
function propertiesOf(view: ArrayBufferView): readonly (string | symbol)[] {
  if (!hasOwnExtras(view)) return [];
  return Reflect.ownKeys(view).filter((key) => typeof key === 'symbol' || !/^\d+$/.test(key));
}

function adopt(made: object, prototype: object | null, intrinsic: object | undefined): object {
  return prototype === intrinsic ? made : (Object.setPrototypeOf(made, prototype) as object);
}

/** The objects and functions in the variables that `fn` captures. */
function capturedBy(fn: Callable): readonly object[] {
  const given = makersArguments(fn);
  if (given !== undefined) return given.filter(isCallable);
  const parsed = parsedFunction(fn);
  if (parsed?.node === undefined || referenceTo(fn) !== undefined) return [];
  const values = [...capturesOf(fn, parsed).captures.values()].map(({ value }) => value);
  return values.filter((value): value is object => typeof value === 'function' || !isImmutable(value));
}

/** An error without a single property, not even a stack. */
function bareError(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  for (const key of Reflect.ownKeys(error)) Reflect.deleteProperty(error, key);
  return error;
}

/** Whether `value` is an object on another object, which is the prototype of no class and of nothing built in. */
function isOrdinaryPrototype(value: object, prototype: object): boolean {
  if (types.isGeneratorObject(value) || types.isModuleNamespaceObject(value)) return false;
  for (
    let at: object | null = prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (typeof Object.getOwnPropertyDescriptor(at, 'constructor')?.value === 'function') return at !== prototype;
    // So the prototypes of iterators and the like are made, which have no class.
    if (Object.getOwnPropertyDescriptor(at, Symbol.toStringTag)?.writable === false) return false;
  }
  return true;
}

/** Whether instances with this prototype are made by a built-in class, which keeps a state in them. */
function isPrototypeOfBuiltin(prototype: object): boolean {
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return (
    Class !== Object &&
    typeof Class === 'function' &&
    /\[native code\]\s*\}$/.test(Function.prototype.toString.call(Class)) &&
    Class.name !== 'Object'
  );
}

/** A copy of a buffer; `undefined` where it was handed over to somebody else. */
function copyBuffer(buffer: ArrayBuffer): ArrayBuffer | undefined {
  const { resizable, maxByteLength } = buffer as unknown as { resizable?: boolean; maxByteLength: number };
  try {
    if (!resizable) return buffer.slice(0);
  } catch {
    return undefined;
  }
  const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
  const copy = new Resizable(buffer.byteLength, { maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
}
