import type { NdElements } from '../../internal/nd-array.js';

/** How a value is laid out as a bag: one node for each object of bagofholding. */
export type Plan =
  | { readonly kind: 'none' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'integer'; readonly value: bigint; readonly bigint: boolean }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | ArrayPlan
  | ListPlan
  | DictionaryPlan
  | GraphPlan
  /** The object `value` once more. */
  | { readonly kind: 'reference'; readonly value: object };

export interface ArrayPlan {
  readonly kind: 'array';
  readonly value: object;
  /** Objects that are part of the array and come back as new ones: a buffer, a shape. */
  readonly parts: readonly object[];
  readonly mark: ArrayMark;
  /** The library's name for the type of the elements. */
  readonly dtype?: string;
  readonly shape: readonly number[];
  /** The elements in C order, perhaps the array's own memory. */
  readonly elements: () => NdElements;
}

/**
 * What an array comes back as: an n-d array of a library, a typed array, `{ data, shape }`, or a list of numbers. The
 * names are written to disk: they are permanent.
 */
export type ArrayMark = 'numpy-ts' | 'ndarray' | '@stdlib/ndarray' | 'typed-array' | 'record' | 'list';

export interface ListPlan {
  readonly kind: 'list';
  readonly value: object;
  readonly items: readonly Plan[];
  /** How many HDF5 objects it takes, itself included. */
  readonly objects: number;
}

export interface DictionaryPlan {
  readonly kind: 'dictionary';
  readonly value: object;
  readonly keys: readonly string[];
  readonly items: readonly Plan[];
  readonly objects: number;
}

/** A value that bagofholding has no type for, as text and large buffers. */
export interface GraphPlan {
  readonly kind: 'graph';
  readonly value: unknown;
}

/** How many HDF5 objects `plan` takes. */
export function objectsOf(plan: Plan): number {
  if (plan.kind === 'list' || plan.kind === 'dictionary') return plan.objects;
  return plan.kind === 'graph' ? 3 : 1;
}

/** Whether a dictionary with these keys can be a group whose members have their names, as Python's StrKeyDict is. */
export function areMemberNames(keys: readonly string[]): boolean {
  return keys.every((key) => /^[^\0/\P{ASCII}]+$/u.test(key) && key !== '.');
}

/** All nodes of `plan`, itself first. */
export function* plansIn(plan: Plan): Iterable<Plan> {
  yield plan;
  if (plan.kind === 'list' || plan.kind === 'dictionary') for (const item of plan.items) yield* plansIn(item);
}
