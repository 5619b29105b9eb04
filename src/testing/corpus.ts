/**
 * One named value of every kind that users put into calls and get out of them. Digests, serializers, storages and
 * renderers are all tested with the same ones.
 */
import assert from 'node:assert/strict';

/** A value of the corpus. */
export interface NamedValue {
  readonly name: string;
  /** Makes the value anew at each call, so that no test sees another's changes. */
  readonly make: () => unknown;
  /** What a storage must hold to take it; see `StorageCapabilities.holds`. */
  readonly needs: 'data' | 'code' | 'everything';
  /** Checks what came back, where equality is not the question. */
  readonly check?: (actual: unknown) => void;
}

const data = (name: string, make: () => unknown): NamedValue => ({ name, make, needs: 'data' });
const code = (name: string, make: () => unknown, check?: (actual: unknown) => void): NamedValue => ({
  name,
  make,
  needs: 'code',
  ...(check === undefined ? {} : { check }),
});
const everything = (name: string, make: () => unknown, check?: (actual: unknown) => void): NamedValue => ({
  ...code(name, make, check),
  needs: 'everything',
});

const primitives: readonly NamedValue[] = [
  data('undefined', () => undefined),
  data('null', () => null),
  data('true', () => true),
  data('false', () => false),
  data('0', () => 0),
  data('-0', () => -0),
  data('1', () => 1),
  data('-1', () => -1),
  data('0.1', () => 0.1),
  data('2 ** 31', () => 2 ** 31),
  data('2 ** 53', () => 2 ** 53),
  data('1e300', () => 1e300),
  data('the smallest number', () => 5e-324),
  data('NaN', () => Number.NaN),
  data('Infinity', () => Number.POSITIVE_INFINITY),
  data('-Infinity', () => Number.NEGATIVE_INFINITY),
  data('1n', () => 1n),
  data('-(2n ** 70n)', () => -(2n ** 70n)),
  data('an empty string', () => ''),
  data('"1"', () => '1'),
  data('text of many scripts', () => 'naïve — 日本語 🙂\u2028'),
  data('text with NUL', () => 'a\0b'),
  data('text with a lone surrogate', () => 'a\ud800b'),
  data('a long text', () => 'fleche '.repeat(20_000)),
  data('Symbol.for', () => Symbol.for('fleche.corpus')),
  data('Symbol.iterator', () => Symbol.iterator),
];

const builtins: readonly NamedValue[] = [
  data('a Date', () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678))),
  data('a Date before Christ', () => new Date(-1e14)),
  {
    ...data('an invalid Date', () => new Date(Number.NaN)),
    // Node 20 takes no two invalid dates for equal.
    check: (actual) => assert.ok(actual instanceof Date && Number.isNaN(actual.getTime())),
  },
  data('a RegExp', () => /a(?<b>.)\/[/]/giu),
  data('a URL', () => new URL('https://user:pass@example.org:8080/a/b?c=d#e')),
  data('URLSearchParams', () => new URLSearchParams('a=1&b=2&a=3')),
  data('an empty Map', () => new Map()),
  data(
    'a Map with keys of all kinds',
    () =>
      new Map<unknown, unknown>([
        [1, 'a'],
        ['1', 'b'],
        [Number.NaN, {}],
        [null, [1]],
      ]),
  ),
  data('a Map with an object as key', () => new Map([[{ k: 1 }, { v: 2 }]])),
  data('a Set', () => new Set<unknown>([1, '1', { a: 1 }, undefined])),
  data(
    'an Error with a cause',
    () => new RangeError('too far', { cause: new TypeError('why', { cause: { code: 7 } }) }),
  ),
  data('an AggregateError', () => new AggregateError([new Error('a'), new Error('b')], 'both')),
  data('an Error with properties', () => Object.assign(new Error('no such file'), { code: 'ENOENT', errno: -2 })),
  data('boxed primitives', () => [Object(1), Object('text'), Object(true), Object(2n)]),
];

const buffers: readonly NamedValue[] = [
  data('an ArrayBuffer', () => new Uint8Array([1, 2, 3]).buffer),
  data('an empty ArrayBuffer', () => new ArrayBuffer(0)),
  data('a DataView', () => new DataView(new Uint8Array([1, 2, 3, 4, 5]).buffer, 1, 3)),
  data('a Buffer', () => Buffer.from('fleche')),
  data('a large Buffer', () => Buffer.alloc(5000, 7)),
  data('an empty Float64Array', () => new Float64Array(0)),
  data('Int8Array', () => new Int8Array([-128, 127])),
  data('Uint8Array', () => new Uint8Array([0, 255])),
  data('Uint8ClampedArray', () => new Uint8ClampedArray([0, 255])),
  data('Int16Array', () => new Int16Array([-32768, 32767])),
  data('Uint16Array', () => new Uint16Array([0, 65535])),
  data('Int32Array', () => new Int32Array([-(2 ** 31), 2 ** 31 - 1])),
  data('Uint32Array', () => new Uint32Array([0, 2 ** 32 - 1])),
  data('Float32Array', () => new Float32Array([0.1, Number.NaN, -0])),
  data('Float64Array', () => new Float64Array([0.1, Number.NaN, -0, Number.POSITIVE_INFINITY])),
  data('BigInt64Array', () => new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n])),
  data('BigUint64Array', () => new BigUint64Array([0n, 2n ** 64n - 1n])),
  data('a large Float64Array', () => Float64Array.from({ length: 10_000 }, (_, i) => i / 3)),
  data('a view with an offset', () => new Float32Array([1, 2, 3, 4]).subarray(1, 3)),
  data('two views that share a buffer', () => {
    const buffer = new ArrayBuffer(2048);
    return { bytes: new Uint8Array(buffer, 8, 16), words: new Uint32Array(buffer) };
  }),
  data('an image-like record', () => ({ data: new Float32Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] })),
];

const containers: readonly NamedValue[] = [
  data('[]', () => []),
  data('{}', () => ({})),
  data('[1, 2]', () => [1, 2]),
  data('[[1], [2]]', () => [[1], [2]]),
  data('[[1, 2]]', () => [[1, 2]]),
  data('an array with holes', () => Object.assign(new Array(5), { 1: 'a', 3: undefined })),
  data('an array that ends in a hole', () => Object.assign(new Array(3), { 0: 1 })),
  data('a list of 1,000 numbers', () => Array.from({ length: 1000 }, (_, i) => i / 7)),
  data('a list of integers', () => Array.from({ length: 300 }, (_, i) => i - 150)),
  data('records', () =>
    Array.from({ length: 20 }, (_, i) => ({ id: i, name: `row ${i}`, score: i / 3, tags: ['a', null] })),
  ),
  data('keys in no alphabetical order', () => ({ z: 1, a: 2, m: { y: 1, b: 2 } })),
  data('integer keys', () => ({ 10: 'a', 9: 'b', x: 'c' })),
  data('awkward keys', () => ({ '': 1, 'a/b': 2, 'a.b': 3, ü: 4, constructor: 5, toString: 6, '.': 7, i0: 8 })),
  data('a property that is undefined', () => ({ a: undefined })),
  data('an object without a prototype', () => Object.assign(Object.create(null) as object, { a: 1 })),
  data('a shared reference', () => {
    const shared = { n: 1 };
    return [shared, shared, { again: shared }];
  }),
  data('a cycle', () => {
    const node: Record<string, unknown> = { name: 'self', list: [] };
    node.self = node;
    (node.list as unknown[]).push(node);
    return node;
  }),
  data('a cycle through a Map', () => {
    const map = new Map<string, unknown>();
    map.set('self', map);
    return map;
  }),
  data('500 levels', () => nested(500)),
];

class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  norm(): number {
    return Math.hypot(this.x, this.y);
  }
}

class Counter {
  #count = 41;
  next(): number {
    this.#count += 1;
    return this.#count;
  }
}

const programs: readonly NamedValue[] = [
  code('a function', () => (a: number, b: number) => a + b, calls(2, 3, 5)),
  code(
    'a closure',
    () => {
      const factor = { by: 10 };
      return (n: number, m: number) => n * factor.by + m;
    },
    calls(2, 3, 23),
  ),
  code(
    'an instance of a class',
    () => new Point(3, 4),
    (actual) => {
      assert.equal((actual as Point).norm(), 5);
      assert.deepEqual({ ...(actual as Point) }, { x: 3, y: 4 });
    },
  ),
  everything(
    'an instance with a private field',
    () => new Counter(),
    (actual) => assert.equal((actual as Counter).next(), 42),
  ),
];

const exotic: readonly NamedValue[] = [
  everything(
    'a frozen object',
    () => Object.freeze({ a: 1 }),
    (actual) => {
      assert.deepEqual(actual, { a: 1 });
      assert.ok(Object.isFrozen(actual));
    },
  ),
  everything(
    'a property that is not enumerable',
    () => Object.defineProperty({ a: 1 }, 'b', { value: 2 }),
    (actual) => {
      assert.deepEqual(Object.getOwnPropertyNames(actual), ['a', 'b']);
      assert.equal(Object.getOwnPropertyDescriptor(actual, 'b')?.enumerable, false);
    },
  ),
  everything(
    'an array with a property',
    () => Object.assign([1, 2], { note: 'x' }),
    (actual) => {
      assert.deepEqual(actual, Object.assign([1, 2], { note: 'x' }));
    },
  ),
  everything(
    'a RegExp that has matched',
    () => Object.assign(/a/g, { lastIndex: 3 }),
    (actual) => {
      assert.equal((actual as RegExp).lastIndex, 3);
    },
  ),
];

/**
 * Every value of the corpus.
 *
 * @example
 * import { digest } from 'fleche';
 * import { values } from 'fleche/testing';
 * for (const { name, make, needs } of values) if (needs === 'data') console.log(name, digest(make()));
 */
export const values: readonly NamedValue[] = [
  ...primitives,
  ...builtins,
  ...buffers,
  ...containers,
  ...programs,
  ...exotic,
];

function nested(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { in: value };
  return value;
}

function calls(a: number, b: number, result: number): (actual: unknown) => void {
  return (actual) => assert.equal((actual as (a: number, b: number) => number)(a, b), result);
}
