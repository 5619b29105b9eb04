/** The content of built-in objects: what devalue's own forms hold as it is, and the payload of everything else. */
import { errorClasses } from '../internal/builtin-classes.js';
import { step } from '../internal/value-path.js';
import { viewType } from '../internal/view-parts.js';
import type { Describer } from './payload.js';
import { isOrdinary, isOrdinaryArray } from './properties.js';
import type { Slot } from './slots.js';

/** How the content of one kind of object is described. */
export interface Builtin {
  /** The prototype that an object like this has when it is of no class of somebody's own. */
  prototype(value: object): object;
  /** Whether devalue's own form holds it, given that the prototype is right. */
  isNative(value: object): boolean;
  /** The fields of the payload. */
  content(value: object, describer: Describer): { readonly [field: string]: unknown };
  /** Tells which own properties of `value` belong to the content. */
  covers(value: object): Covers;
}

type Covers = (key: PropertyKey, descriptor: PropertyDescriptor) => boolean;

const never = (): boolean => false;
const nothing = (): Covers => never;

/** Whether `value` has exactly `count` own properties, those that all of its kind have, and is open. */
function isBare(value: object, count: number): boolean {
  return Object.isExtensible(value) && Reflect.ownKeys(value).length === count;
}

/** How a path goes on from a Map to the value under `key`. */
export function mapStep(key: unknown): string {
  if (typeof key === 'string') return `.get(${JSON.stringify(key)})`;
  return typeof key === 'object' && key !== null ? '.get(…)' : `.get(${String(key)})`;
}

/** How a path goes on from a Set to one of its members. */
export function setStep(index: number): string {
  return `.values()[${index}]`;
}

/** Every kind of built-in object by its slot. */
export const builtins: { readonly [slot in Slot]: Builtin } = {
  object: {
    prototype: () => Object.prototype,
    isNative: isOrdinary,
    content: () => ({}),
    covers: nothing,
  },
  array: {
    prototype: () => Array.prototype,
    isNative: (value) => isOrdinaryArray(value as unknown[]),
    content: (value, describer) => arrayContent(value as unknown[], describer),
    covers: (value) => {
      const elements = hasOrdinaryElements(value as unknown[]);
      const writable = !Object.isFrozen(value);
      return (key, descriptor) => (key === 'length' ? descriptor.writable === writable : elements && isIndex(key));
    },
  },
  map: {
    prototype: () => Map.prototype,
    isNative: (value) => isBare(value, 0),
    content: (value, describer) => {
      const entries = [...Map.prototype.entries.call(value as Map<unknown, unknown>)].flat(1);
      const steps = (index: PropertyKey): string =>
        Number(index) % 2 === 1 ? mapStep(entries[Number(index) - 1]) : `.keys()[${Number(index) / 2}]`;
      return { entries: describer.spelled(entries, steps) };
    },
    covers: nothing,
  },
  set: {
    prototype: () => Set.prototype,
    isNative: (value) => isBare(value, 0),
    content: (value, describer) => {
      const members = [...Set.prototype.values.call(value as Set<unknown>)];
      return { members: describer.spelled(members, (index) => setStep(Number(index))) };
    },
    covers: nothing,
  },
  date: {
    prototype: () => Date.prototype,
    isNative: (value) => isBare(value, 0),
    content: (value) => ({ time: Date.prototype.getTime.call(value) }),
    covers: nothing,
  },
  regexp: {
    prototype: () => RegExp.prototype,
    isNative: (value) => isBare(value, 1) && Object.is((value as RegExp).lastIndex, 0),
    content: (value) => ({
      source: sourceOf.call(value),
      flags: flagsOf.call(value),
      lastIndex: (value as RegExp).lastIndex,
    }),
    covers: (value) => (key, descriptor) => key === 'lastIndex' && descriptor.writable === !Object.isFrozen(value),
  },
  error: {
    prototype: errorPrototype,
    isNative: never,
    content: errorContent,
    covers: (value) => (key, descriptor) => isErrorDetail(value, key, descriptor),
  },
  boxed: {
    prototype: (value) => Object.getPrototypeOf(Object(unbox(value))) as object,
    isNative: (value) => {
      const content = unbox(value);
      return typeof content !== 'symbol' && isBare(value, typeof content === 'string' ? content.length + 1 : 0);
    },
    content: (value) => ({ value: unbox(value) }),
    covers: (value) => {
      const content = unbox(value);
      const length = typeof content === 'string' ? content.length : -1;
      return (key) => length >= 0 && (key === 'length' || (isIndex(key) && Number(key) < length));
    },
  },
  view: {
    prototype: (value) => {
      const type = viewType(value as ArrayBufferView);
      return (globalThis as unknown as { readonly [name: string]: { readonly prototype: object } })[type]
        ?.prototype as object;
    },
    isNative: never,
    content: (value, describer) => ({ number: describer.memory(value as ArrayBufferView) }),
    covers: nothing,
  },
  bytes: {
    prototype: () => ArrayBuffer.prototype,
    isNative: never,
    content: (value, describer) => ({ number: describer.memory(value as ArrayBuffer) }),
    covers: nothing,
  },
  url: {
    prototype: () => URL.prototype,
    isNative: (value) => isBare(value, 0),
    content: (value) => ({ href: hrefOf?.call(value) as unknown }),
    covers: nothing,
  },
  'search params': {
    prototype: () => URLSearchParams.prototype,
    isNative: (value) => isBare(value, 0),
    content: (value) => ({ text: URLSearchParams.prototype.toString.call(value) }),
    covers: nothing,
  },
};

const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href')?.get;
const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source')?.get as (this: unknown) => string;
const flagsOf = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags')?.get as (this: unknown) => string;

function arrayContent(array: unknown[], describer: Describer): { readonly [field: string]: unknown } {
  if (!hasOrdinaryElements(array)) return { length: array.length };
  const elements: unknown[] = new Array(array.length);
  for (const key of Object.keys(array)) {
    if (isIndex(key)) elements[Number(key)] = array[Number(key)];
  }
  return { length: array.length, elements: describer.spelled(elements, step) };
}

/** Whether all elements are as writable and configurable as the integrity of their array lets expect. */
function hasOrdinaryElements(array: unknown[]): boolean {
  const writable = !Object.isFrozen(array);
  const configurable = Object.isExtensible(array) || !Object.isSealed(array);
  return Reflect.ownKeys(array).every((key) => {
    const descriptor = isIndex(key) ? Object.getOwnPropertyDescriptor(array, key) : undefined;
    if (descriptor === undefined) return true;
    return descriptor.enumerable && descriptor.writable === writable && descriptor.configurable === configurable;
  });
}

function isIndex(key: PropertyKey): key is string {
  return typeof key === 'string' && /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

const errorTypes: ReadonlyMap<object, string> = new Map(
  errorClasses.map(({ prototype, name }) => [prototype, name] as const),
);

/** That of the built-in class of errors that `error` is an instance of. */
function errorPrototype(error: object): object {
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at) as unknown) {
    if (errorTypes.has(at)) return at;
  }
  return Error.prototype;
}

/** What an error keeps in hidden properties of its own. */
const errorDetails: ReadonlySet<PropertyKey> = new Set(['stack', 'message', 'cause', 'errors']);

function isErrorDetail(value: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
  if (!errorDetails.has(key) || descriptor.enumerable) return false;
  // Newer versions of V8 keep `stack` behind a getter.
  if (descriptor.get) return key === 'stack';
  return descriptor.writable === !Object.isFrozen(value);
}

function errorContent(error: object, describer: Describer): { readonly [field: string]: unknown } {
  const details: unknown[] = [];
  for (const key of Reflect.ownKeys(error)) {
    const descriptor = Object.getOwnPropertyDescriptor(error, key);
    if (descriptor === undefined || !isErrorDetail(error, key, descriptor)) continue;
    details.push(key, descriptor.get ? (error as Error).stack : descriptor.value);
  }
  const steps = (index: PropertyKey): string =>
    Number(index) % 2 === 1 ? step(details[Number(index) - 1] as string) : '';
  return {
    type: errorTypes.get(errorPrototype(error)) ?? 'Error',
    details: describer.spelled(details, steps),
  };
}

const unboxers: readonly ((this: unknown) => unknown)[] = [Number, String, Boolean, BigInt, Symbol].map(
  (type) => type.prototype.valueOf as (this: unknown) => unknown,
);

/** The primitive inside a boxed one. */
function unbox(value: object): unknown {
  for (const unboxer of unboxers) {
    try {
      return unboxer.call(value);
    } catch {
      // It is another type's.
    }
  }
  return undefined;
}
