/**
 * An exact copy of a value that shares nothing changeable with it: identity, cycles, prototypes, property descriptors,
 * holes, views on one buffer and frozenness are kept. Functions and symbols are the same in the copy. Works through a
 * queue, so that depth costs memory and never overflows.
 */
import { types } from 'node:util';
import { SerializationError } from '../errors.js';
import { classIdentity } from './class-identity.js';
import { buildNdArray, describeNdArray, type NdElements } from './nd-array.js';
import { step } from './value-path.js';
import { hasOwnExtras } from './view-extras.js';

/**
 * Copies `value`.
 *
 * @param storage who asks, for the error.
 * @throws SerializationError for what cannot be copied: instances with private fields, promises, generators, weak
 * collections, proxies, shared memory.
 */
export function clone(value: unknown, storage: string): unknown {
  if (isImmutable(value)) return value;
  try {
    return new Cloning(storage, undefined).run(value as object);
  } catch (error) {
    if (!(error instanceof SerializationError)) throw error;
    // Once more, keeping track of where everything stands: only a refusal pays for paths.
    return new Cloning(storage, new Map()).run(value as object);
  }
}

/** Whether nothing about `value` can change, so that it may be shared. */
function isImmutable(value: unknown): boolean {
  return (typeof value !== 'object' && typeof value !== 'undefined') || value === null || value === undefined;
}

class Cloning {
  readonly #storage: string;
  readonly #copies = new Map<object, object>();
  readonly #unfilled: object[] = [];
  readonly #paths: Map<object, string> | undefined;

  constructor(storage: string, paths: Map<object, string> | undefined) {
    this.#storage = storage;
    this.#paths = paths;
  }

  run(root: object): unknown {
    const copy = this.#copy(root, '');
    for (let i = 0; i < this.#unfilled.length; i += 1) this.#fill(this.#unfilled[i] as object);
    // Last of all, since a frozen object takes no more properties.
    for (const [original, made] of this.#copies) {
      if (Object.isExtensible(original) || ArrayBuffer.isView(original)) continue;
      if (Object.isFrozen(original)) Object.freeze(made);
      else if (Object.isSealed(original)) Object.seal(made);
      else Object.preventExtensions(made);
    }
    return copy;
  }

  #copy(value: unknown, path: string): unknown {
    if (isImmutable(value)) return value;
    const original = value as object;
    const known = this.#copies.get(original);
    if (known !== undefined) return known;
    this.#paths?.set(original, path);
    const shell = this.#shell(original);
    this.#copies.set(original, shell);
    this.#unfilled.push(original);
    return shell;
  }

  /** The path of a part of `value`; only made when somebody will read it. */
  #step(value: object, place: () => string): string {
    return this.#paths === undefined ? '' : (this.#paths.get(value) ?? '') + place();
  }

  /** A new object of the same kind, without what `#fill` adds. */
  #shell(value: object): object {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Array.isArray(value)) return adopt(new Array<unknown>(value.length), prototype, Array.prototype);
    if (prototype === Object.prototype) return {};
    if (prototype === null) return Object.create(null) as object;
    const array = describeNdArray(value);
    if (array !== undefined) return buildNdArray({ ...array, elements: array.elements().slice() as NdElements });
    if (types.isProxy(value)) throw this.#refuse(value, 'a Proxy');
    const identity = classIdentity(prototype);
    if (identity.refusal !== undefined) throw this.#refuse(value, identity.refusal.what);
    return this.#builtin(value, prototype) ?? (Object.create(prototype) as object);
  }

  #builtin(value: object, prototype: object): object | undefined {
    if (types.isDate(value)) return adopt(new Date(value.getTime()), prototype, Date.prototype);
    if (types.isMap(value)) return adopt(new Map(), prototype, Map.prototype);
    if (types.isSet(value)) return adopt(new Set(), prototype, Set.prototype);
    if (types.isRegExp(value)) return adopt(new RegExp(value.source, value.flags), prototype, RegExp.prototype);
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (types.isArrayBuffer(value)) return copyBuffer(value);
    if (types.isNativeError(value)) return Object.setPrototypeOf(new Error(), prototype) as object;
    if (types.isBoxedPrimitive(value)) {
      return adopt(Object((value as { valueOf(): unknown }).valueOf()) as object, prototype, undefined);
    }
    if (value instanceof URL) return new URL(value.href);
    if (value instanceof URLSearchParams) return new URLSearchParams(value);
    return undefined;
  }

  #view(value: ArrayBufferView): object {
    if (types.isSharedArrayBuffer(value.buffer)) throw this.#refuse(value, 'a view onto shared memory');
    // Small Buffers are windows onto a pool that belongs to everybody: only what is visible is theirs.
    if (Buffer.isBuffer(value)) return Buffer.from(value);
    const buffer = this.#copy(
      value.buffer,
      this.#step(value, () => '.buffer'),
    ) as ArrayBuffer;
    const View = value.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => object;
    const unit = (value as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    return new View(buffer, value.byteOffset, value.byteLength / unit);
  }

  #fill(value: object): void {
    const copy = this.#copies.get(value) as object;
    if (describeNdArray(value) !== undefined) return;
    if (types.isMap(value)) {
      for (const [key, held] of value) {
        const place = this.#step(value, () => `.get(${typeof key === 'string' ? JSON.stringify(key) : String(key)})`);
        (copy as Map<unknown, unknown>).set(this.#copy(key, place), this.#copy(held, place));
      }
    } else if (types.isSet(value)) {
      for (const member of value)
        (copy as Set<unknown>).add(
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
          continue;
        }
        property.value = held;
      }
      Object.defineProperty(copy, key, property);
    }
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

function copyBuffer(buffer: ArrayBuffer): ArrayBuffer {
  const { resizable, maxByteLength } = buffer as unknown as { resizable?: boolean; maxByteLength: number };
  if (!resizable) return buffer.slice(0);
  const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
  const copy = new Resizable(buffer.byteLength, { maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
}
