import { types } from 'node:util';
import { describeNdArray } from '../../internal/nd-array.js';
import type { Plan } from './plan.js';

/**
 * Whether two parts of a plan share something that would come back as two: an object inside a graph that is also seen
 * from outside of it, a buffer under two arrays, a shape. Whole lists and dictionaries may be shared, by reference.
 */
export function isEntangled(plan: Plan): boolean {
  return !new Owners().takes(plan);
}

/** The bytes that a Buffer shows, and the plan that holds it. */
interface Window {
  readonly start: number;
  readonly end: number;
  readonly plan: Plan;
}

class Owners {
  readonly #owners = new Map<object, Plan>();
  /** Small Buffers lie in a pool of Node's next to others: only where they overlap do they share something. */
  readonly #windows = new Map<ArrayBufferLike, Window[]>();

  /** Gives all objects of `plan` to it; false if one belongs to somebody else. */
  takes(plan: Plan): boolean {
    switch (plan.kind) {
      case 'list':
      case 'dictionary':
        return this.#take(plan.value, plan) && plan.items.every((item) => this.takes(item));
      case 'array':
        return [plan.value, ...plan.parts].every((part) => this.#take(part, plan));
      case 'bytes':
        return this.#take(plan.value, plan);
      case 'graph':
        return everyObject(plan.value, (object) => this.#take(object, plan));
      case 'reference': {
        // The object itself must be in the bag, not swallowed by a graph that was made of something around it.
        const owner = this.#owners.get(plan.value);
        return owner !== undefined && 'value' in owner && owner.value === plan.value;
      }
      default:
        return true;
    }
  }

  #take(object: object, plan: Plan): boolean {
    const owner = this.#owners.get(object);
    if (owner !== undefined) return owner === plan;
    this.#owners.set(object, plan);
    if (ArrayBuffer.isView(object) && Buffer.isBuffer(object)) return this.#takeWindow(object, plan);
    return this.#windows.get(object as ArrayBuffer)?.every((window) => window.plan === plan) ?? true;
  }

  #takeWindow({ buffer, byteOffset: start, byteLength }: Buffer, plan: Plan): boolean {
    const end = start + byteLength;
    const whole = this.#owners.get(buffer);
    if (whole !== undefined && whole !== plan) return false;
    const windows = this.#windows.get(buffer) ?? [];
    this.#windows.set(buffer, windows);
    if (windows.some((other) => other.plan !== plan && other.start < end && start < other.end)) return false;
    windows.push({ start, end, plan });
    return true;
  }
}

/** Calls `take` once for every object that is reachable from `root`; stops and returns false when it does. */
function everyObject(root: unknown, take: (object: object) => boolean): boolean {
  const seen = new Set<object>();
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (!take(value)) return false;
    for (const part of partsOf(value)) waiting.push(part);
  }
  return true;
}

function partsOf(value: object): Iterable<unknown> {
  if (types.isProxy(value)) return [];
  if (ArrayBuffer.isView(value)) return Buffer.isBuffer(value) ? [] : [value.buffer];
  if (describeNdArray(value) !== undefined) return [];
  // A URL and its parameters change each other.
  const parts: unknown[] = value instanceof URL ? [value.searchParams] : [];
  if (types.isMap(value)) for (const entry of Map.prototype.entries.call(value)) parts.push(...entry);
  if (types.isSet(value)) for (const member of Set.prototype.values.call(value)) parts.push(member);
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (property !== undefined && 'value' in property) parts.push(property.value);
  }
  return parts;
}
