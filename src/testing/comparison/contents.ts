import { step } from '../../internal/value-path.js';
import type { Part } from './comparison.js';
import type { Kind } from './kinds.js';

/** What `value` holds beside its properties, in its order. */
export function contentOf(kind: Kind, value: object): readonly Part[] {
  switch (kind) {
    case 'map':
      return [...Map.prototype.entries.call(value as Map<unknown, unknown>)].flatMap(([key, held], at): Part[] => [
        [`.keys()${step(at)}`, key],
        [`.values()${step(at)}`, held],
      ]);
    case 'set':
      return [...Set.prototype.values.call(value as Set<unknown>)].map((member, at) => [
        `.values()${step(at)}`,
        member,
      ]);
    case 'date':
      return [[' → time', Date.prototype.getTime.call(value as Date)]];
    case 'regexp':
      return [
        [' → source', getter(RegExp.prototype, 'source').call(value)],
        [' → flags', getter(RegExp.prototype, 'flags').call(value)],
      ];
    case 'boxed':
      return [[' → primitive', unboxed(value)]];
    case 'url':
      return [
        [' → href', (value as URL).href],
        [' → searchParams', (value as URL).searchParams],
      ];
    case 'search params':
      return [[' → text', (value as URLSearchParams).toString()]];
    case 'view':
      return [
        [' → type', getter(Object.getPrototypeOf(Uint8Array.prototype) as object, Symbol.toStringTag).call(value)],
        [' → is a Buffer', Buffer.isBuffer(value)],
      ];
    case 'bytes':
      return growthOf(value as ArrayBuffer);
    default:
      return [];
  }
}

function growthOf(buffer: ArrayBuffer): readonly Part[] {
  const { resizable = false, maxByteLength } = buffer as { resizable?: boolean; maxByteLength?: number };
  return [
    [' → maxByteLength', resizable ? maxByteLength : undefined],
    [' → was handed over', buffer.byteLength === 0 && wasHandedOver(buffer)],
  ];
}

function wasHandedOver(buffer: ArrayBuffer): boolean {
  try {
    new Uint8Array(buffer);
    return false;
  } catch {
    return true;
  }
}

function getter(holder: object, key: PropertyKey): (this: unknown) => unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.get as (this: unknown) => unknown;
}

const unboxers: readonly ((this: unknown) => unknown)[] = [Number, String, Boolean, BigInt, Symbol].map(
  (type) => type.prototype.valueOf as (this: unknown) => unknown,
);

function unboxed(value: object): unknown {
  for (const unboxer of unboxers) {
    try {
      return unboxer.call(value);
    } catch {
      // It is another type's.
    }
  }
  return undefined;
}
