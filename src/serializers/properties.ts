/** The own properties of values, and whether they may change: what is beyond the content that a type has by itself. */
import { step } from '../internal/value-path.js';
import { hasOwnExtras } from '../internal/view-extras.js';
import type { Describer, Payload } from './payload.js';
import { isSharedSymbol } from './symbols.js';

/** How far a value is closed: no new properties, no reconfigured ones, no changed ones. */
type Integrity = 'fixed' | 'sealed' | 'frozen';

/** The fields that {@link describeProperties} adds to a payload. */
export interface Properties {
  /** Ordinary properties: key, value, key, value. */
  readonly properties?: readonly unknown[];
  /**
   * All properties, when some are not ordinary: `[key, flags, value]` or `[key, flags, get, set]`, where the flags are of
   * `e`numerable, `w`ritable and `c`onfigurable.
   */
  readonly descriptors?: readonly (readonly unknown[])[];
  readonly integrity?: Integrity;
}

/** Whether `value` has nothing but ordinary properties with string keys, so that devalue's own form holds it. */
export function isOrdinary(value: object): boolean {
  if (!Object.isExtensible(value)) return false;
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === 'symbol' || key === '__proto__') return false;
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (!(descriptor?.writable && descriptor.enumerable && descriptor.configurable)) return false;
  }
  return true;
}

/** Whether `array` has nothing but ordinary elements and holes. */
export function isOrdinaryArray(array: readonly unknown[]): boolean {
  if (!Object.isExtensible(array)) return false;
  const keys = Reflect.ownKeys(array);
  // Indices come first, then `length`, which every array has, then whatever else there is.
  if (keys[keys.length - 1] !== 'length') return false;
  for (let i = 0; i < keys.length - 1; i += 1) {
    const descriptor = Object.getOwnPropertyDescriptor(array, keys[i] as string);
    if (!(descriptor?.writable && descriptor.enumerable && descriptor.configurable)) return false;
  }
  return Object.getOwnPropertyDescriptor(array, 'length')?.writable === true;
}

/**
 * The own properties of `value` besides those that `skip` names, and its integrity.
 *
 * @param prefix the path to `value` from what is being described.
 * @throws SerializationError (through `describer`) if the rung takes no property like one of them.
 */
export function describeProperties(
  value: object,
  describer: Describer,
  skip: (key: PropertyKey, descriptor: PropertyDescriptor) => boolean = () => false,
  prefix = '',
): Properties {
  const integrity = integrityOf(value);
  const found: [key: string | symbol, descriptor: PropertyDescriptor][] = [];
  let ordinary = true;
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor === undefined || skip(key, descriptor)) continue;
    if (!isExpected(descriptor, integrity)) {
      ordinary = false;
      if (!describer.reaches('dill') && !isConstructorOf(key, descriptor, value)) {
        describer.refuse(oddity(descriptor), { takenBy: 'dill', at: prefix + step(key) });
      }
    }
    if (typeof key === 'symbol' && !isSharedSymbol(key) && !describer.reaches('dill')) {
      describer.refuse('a property whose key is a symbol of its own', { takenBy: 'dill', at: prefix + step(key) });
    }
    found.push([key, descriptor]);
  }
  return {
    ...(found.length > 0 && (ordinary ? ordinaryForm(found, describer) : describedForm(found, describer))),
    ...(integrity && { integrity }),
  };
}

/** Gives `value` the properties of its payload; {@link close} must follow once everything has its content. */
export function restoreProperties(value: object, payload: Payload): void {
  const { properties, descriptors } = payload as Properties;
  for (let i = 0; i < (properties?.length ?? 0); i += 2) {
    Object.defineProperty(value, properties?.[i] as PropertyKey, {
      value: properties?.[i + 1],
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  for (const [key, flags, ...rest] of descriptors ?? []) {
    const has = (flag: string): boolean => (flags as string).includes(flag);
    Object.defineProperty(value, key as PropertyKey, {
      enumerable: has('e'),
      configurable: has('c'),
      ...(rest.length === 1
        ? { value: rest[0], writable: has('w') }
        : { get: rest[0] as () => unknown, set: rest[1] as (value: unknown) => void }),
    });
  }
}

/** Freezes, seals or fixes `value` as its payload says. */
export function close(value: object, payload: Payload): void {
  const { integrity } = payload as Properties;
  if (integrity === 'frozen') Object.freeze(value);
  else if (integrity === 'sealed') seal(value);
  else if (integrity === 'fixed') Object.preventExtensions(value);
}

/** Newer versions of V8 seal no view with elements: these can be changed for ever. */
function seal(value: object): void {
  if (!ArrayBuffer.isView(value)) Object.seal(value);
  else {
    const keys = hasOwnExtras(value) ? Reflect.ownKeys(value) : [];
    Object.preventExtensions(value);
    for (const key of keys) {
      if (typeof key === 'symbol' || !/^(0|[1-9]\d*)$/.test(key)) {
        Object.defineProperty(value, key, { configurable: false });
      }
    }
  }
}

function integrityOf(value: object): Integrity | undefined {
  if (Object.isExtensible(value)) return undefined;
  // A view with elements cannot be frozen; anything else that can is asked in the order of strength.
  if (Object.isFrozen(value)) return 'frozen';
  return Object.isSealed(value) ? 'sealed' : 'fixed';
}

function isExpected(descriptor: PropertyDescriptor, integrity: Integrity | undefined): boolean {
  return (
    descriptor.enumerable === true &&
    descriptor.writable === (integrity !== 'frozen') &&
    descriptor.configurable === (integrity !== 'frozen' && integrity !== 'sealed')
  );
}

/** Whether a property of a prototype names its class, as `util.inherits` writes it. */
function isConstructorOf(key: PropertyKey, { value, enumerable }: PropertyDescriptor, prototype: object): boolean {
  if (key !== 'constructor' || enumerable || typeof value !== 'function') return false;
  return Object.getOwnPropertyDescriptor(value, 'prototype')?.value === prototype;
}

function oddity(descriptor: PropertyDescriptor): string {
  if (descriptor.get || descriptor.set) return 'a getter or setter';
  return descriptor.enumerable ? 'a read-only property' : 'a hidden (non-enumerable) property';
}

function ordinaryForm(found: readonly [string | symbol, PropertyDescriptor][], describer: Describer): Properties {
  const flat = found.flatMap(([key, descriptor]) => [key, descriptor.value as unknown]);
  return {
    properties: describer.spelled(flat, (index) =>
      Number(index) % 2 === 1 ? step(found[Number(index) >> 1]?.[0] ?? '') : '',
    ),
  };
}

function describedForm(found: readonly [string | symbol, PropertyDescriptor][], describer: Describer): Properties {
  const descriptors = found.map(([key, descriptor]) => {
    const flags = `${descriptor.enumerable ? 'e' : ''}${descriptor.writable ? 'w' : ''}${descriptor.configurable ? 'c' : ''}`;
    const entry =
      'value' in descriptor ? [key, flags, descriptor.value as unknown] : [key, flags, descriptor.get, descriptor.set];
    return describer.spelled(entry, (index) => (Number(index) < 2 ? '' : step(key)));
  });
  return { descriptors: describer.spelled(descriptors, () => '') };
}
