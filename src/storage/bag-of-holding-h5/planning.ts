import { types } from 'node:util';
import { describeNdArray, type NdElements } from '../../internal/nd-array.js';
import { deepestLevel, longestNumberList, mostAxes, mostObjects } from './limits.js';
import { type ArrayPlan, areMemberNames, type GraphPlan, objectsOf, type Plan } from './plan.js';
import { isEntangled } from './sharing.js';

/**
 * Lays out `value` as a bag. Whatever is not exactly a plain list, dictionary, number, text or array becomes a graph:
 * the smallest part that holds all of it, or the whole value where its parts share something that a bag cannot share.
 */
export function planBag(value: unknown): Plan {
  const planner = new Planner();
  const plan = planner.plan(value, 0);
  return planner.cyclic || isEntangled(plan) ? graph(value) : plan;
}

class Planner {
  /** What was planned for an object; `undefined` while it is being planned. */
  readonly #seen = new Map<object, Plan | undefined>();
  cyclic = false;

  plan(value: unknown, depth: number): Plan {
    switch (typeof value) {
      case 'boolean':
        return { kind: 'boolean', value };
      case 'number':
        return isExactInteger(value)
          ? { kind: 'integer', value: BigInt(value), bigint: false }
          : { kind: 'float', value };
      case 'bigint':
        return { kind: 'integer', value, bigint: true };
      case 'string':
        return { kind: 'text', value };
      case 'object':
        return value === null ? { kind: 'none' } : this.#object(value, depth);
      default:
        return graph(value);
    }
  }

  #object(value: object, depth: number): Plan {
    if (this.#seen.has(value)) {
      if (this.#seen.get(value) === undefined) this.cyclic = true;
      return { kind: 'reference', value };
    }
    this.#seen.set(value, undefined);
    const plan = this.#layOut(value, depth);
    this.#seen.set(value, plan);
    return plan;
  }

  #layOut(value: object, depth: number): Plan {
    // Arrays of numpy-ts are proxies. Any other proxy can be anything at any time.
    if (types.isProxy(value)) return ndArray(value) ?? graph(value);
    if (depth > deepestLevel) return graph(value);
    if (Array.isArray(value)) {
      if (!isPlainList(value)) return graph(value);
      return numberList(value) ?? this.#list(value, depth);
    }
    if (types.isTypedArray(value)) return typedArray(value);
    if (Object.getPrototypeOf(value) === Object.prototype) {
      if (!isPlainRecord(value)) return graph(value);
      return arrayRecord(value) ?? this.#dictionary(value, depth);
    }
    return ndArray(value) ?? graph(value);
  }

  #list(value: readonly unknown[], depth: number): Plan {
    const items = value.map((item) => this.plan(item, depth + 1));
    return this.#fit(value, items, 1, (parts, objects) => ({ kind: 'list', value, items: parts, objects }));
  }

  #dictionary(value: object, depth: number): Plan {
    const keys = Object.keys(value);
    const items = Object.values(value).map((item) => this.plan(item, depth + 1));
    const own = areMemberNames(keys) ? 1 : 3 + keys.length;
    return this.#fit(value, items, own, (parts, objects) => ({
      kind: 'dictionary',
      value,
      keys,
      items: parts,
      objects,
    }));
  }

  /** Keeps a container within the limit of objects: first its large parts become graphs, then if need be it does. */
  #fit(value: object, items: Plan[], own: number, make: (items: readonly Plan[], objects: number) => Plan): Plan {
    let objects = items.reduce((sum, item) => sum + objectsOf(item), own);
    if (objects <= mostObjects) return make(items, objects);
    const largestFirst = items.map((_, index) => index);
    largestFirst.sort((a, b) => objectsOf(items[b] as Plan) - objectsOf(items[a] as Plan));
    for (const index of largestFirst) {
      const item = items[index] as Plan;
      if (objects <= mostObjects || (item.kind !== 'list' && item.kind !== 'dictionary')) break;
      if (item.objects < mostObjects / 10) break;
      items[index] = graph(item.value);
      objects += objectsOf(items[index]) - item.objects;
    }
    return objects <= mostObjects ? make(items, objects) : graph(value);
  }
}

function graph(value: unknown): GraphPlan {
  return { kind: 'graph', value };
}

/** Whether Python should see an int: -0 and what is too large to be exact are floats. */
function isExactInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

/** An array of the plain kind: extensible, without holes, accessors or properties of its own. */
function isPlainList(value: readonly unknown[]): boolean {
  if (Object.getPrototypeOf(value) !== Array.prototype || !Object.isExtensible(value)) return false;
  const keys = Reflect.ownKeys(value);
  // A hole leaves fewer keys, a property of its own adds one; both at once show as a key that is no index.
  if (keys.length !== value.length + 1) return false;
  if (Object.getOwnPropertyDescriptor(value, 'length')?.writable !== true) return false;
  for (let i = 0; i < value.length; i += 1) if (!isPlainProperty(value, i)) return false;
  return true;
}

function isPlainRecord(value: object): boolean {
  if (!Object.isExtensible(value)) return false;
  return Reflect.ownKeys(value).every(
    (key) => typeof key === 'string' && key !== '__proto__' && isPlainProperty(value, key),
  );
}

function isPlainProperty(value: object, key: PropertyKey): boolean {
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property === undefined || !('value' in property)) return false;
  return property.writable === true && property.enumerable === true && property.configurable === true;
}

/** A long list of numbers as one array: integers if all are, so that Python sees which. */
function numberList(value: readonly unknown[]): ArrayPlan | undefined {
  if (value.length <= longestNumberList || !value.every((item) => typeof item === 'number')) return undefined;
  const numbers = value as readonly number[];
  const elements = (): NdElements =>
    numbers.every(isExactInteger) ? BigInt64Array.from(numbers, BigInt) : Float64Array.from(numbers);
  return { kind: 'array', value, parts: [], mark: 'list', shape: [value.length], elements };
}

const typedArrays: ReadonlySet<unknown> = new Set<unknown>(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((Class): unknown => Class.prototype),
);

function typedArray(value: NodeJS.TypedArray): Plan {
  // Only what a Buffer shows is its own: small ones are windows onto a pool.
  if (Object.getPrototypeOf(value) === Buffer.prototype && isWhole(value, true)) {
    return { kind: 'bytes', value: value as Uint8Array };
  }
  if (!isWhole(value, false)) return graph(value);
  const elements = value as NdElements;
  return {
    kind: 'array',
    value,
    parts: [value.buffer],
    mark: 'typed-array',
    shape: [value.length],
    elements: () => elements,
  };
}

/** Whether a typed array is nothing but its elements: an ordinary class, an ordinary buffer that it covers wholly. */
function isWhole(value: NodeJS.TypedArray, window: boolean): boolean {
  const { buffer } = value;
  if (!window && !typedArrays.has(Object.getPrototypeOf(value))) return false;
  if (!types.isArrayBuffer(buffer) || (buffer as unknown as { resizable?: boolean }).resizable === true) return false;
  if (!window && value.byteLength !== buffer.byteLength) return false;
  return Object.isExtensible(value) && !hasOwnProperties(value);
}

/** Whether a typed array has properties beside its elements. Listing the keys of a large one costs more than storing it. */
function hasOwnProperties(value: NodeJS.TypedArray): boolean {
  if (value.length > 4096) return Object.getOwnPropertySymbols(value).length > 0;
  return Reflect.ownKeys(value).length !== value.length;
}

/** `{ data, shape }` as images and tensors often are: exactly these two, data in C order that fills the shape. */
function arrayRecord(value: object): ArrayPlan | undefined {
  const keys = Object.keys(value);
  if (keys.length !== 2 || keys[0] !== 'data' || keys[1] !== 'shape') return undefined;
  const { data, shape } = value as { data: unknown; shape: unknown };
  if (!types.isTypedArray(data) || !isWhole(data, false)) return undefined;
  if (!Array.isArray(shape) || !isPlainList(shape) || !isShape(shape, data.length)) return undefined;
  const elements = data as NdElements;
  return {
    kind: 'array',
    value,
    parts: [data, data.buffer, shape],
    mark: 'record',
    shape,
    elements: () => elements,
  };
}

function ndArray(value: object): ArrayPlan | undefined {
  const array = describeNdArray(value);
  if (array === undefined) return undefined;
  const { library, dtype, shape } = array;
  const elements = array.elements();
  const length = dtype.startsWith('complex') ? elements.length / 2 : elements.length;
  if (!typedArrays.has(Object.getPrototypeOf(elements)) || !isShape(shape, length)) return undefined;
  return { kind: 'array', value, parts: [], mark: library, dtype, shape, elements: () => array.elements() };
}

function isShape(shape: readonly unknown[], length: number): shape is readonly number[] {
  if (shape.length > mostAxes || !shape.every((axis) => isExactInteger(axis as number) && (axis as number) >= 0)) {
    return false;
  }
  return (shape as readonly number[]).reduce((product, axis) => product * axis, 1) === length;
}
