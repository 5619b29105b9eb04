import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { pickle, withPathPrefix } from '../../src/serializers/index.js';

function failure(value: unknown): string {
  try {
    pickle.dump(value);
  } catch (error) {
    if (isFlecheError(error, 'Serialization')) return error.message;
    throw error;
  }
  return 'it was taken';
}

class Point {
  x = 1;
}
class Secret {
  #hidden = 1;
  read(): number {
    return this.#hidden;
  }
}
class MyMap extends Map<unknown, unknown> {}
class MyError extends Error {}

const unreadable = '; its state cannot be read; keep the data behind it, or register its class with registerClass(…)';

describe('pickle says where and who takes it', () => {
  const weird = Symbol('weird');
  test.each<[string, unknown, string]>([
    ['a function', { a: { b: [1, () => 1] } }, 'a function at .a.b[1]; cloudpickle can'],
    ['the value itself', () => 1, 'a function at the value itself; cloudpickle can'],
    ['a class', new Map([['k', Point]]), 'a class at .get("k"); cloudpickle can'],
    ['an instance', [new Set([1, new Point()])], 'an instance of Point at [0].values()[1]; cloudpickle can'],
    ['private fields', [new Secret()], 'an instance of Secret at [0]; dill can'],
    ['a subclass of Map', { m: new MyMap() }, 'an instance of MyMap at .m; cloudpickle can'],
    ['a subclass of Error', { 'a b': new MyError('x') }, 'an instance of MyError at ["a b"]; cloudpickle can'],
    ['inside an error', new Error('x', { cause: { f: () => 1 } }), 'a function at .cause.f; cloudpickle can'],
    ["inside an error's data", Object.assign(new Error('x'), { f: [() => 1] }), 'a function at .f[0]; cloudpickle can'],
    [
      'inside a frozen object',
      Object.freeze({ a: 1, b: Object.freeze([() => 1]) }),
      'a function at .b[0]; cloudpickle can',
    ],
    ['a key of a Map', new Map([[{ f: () => 1 }, 1]]), 'a function at .keys()[0].f; cloudpickle can'],
    [
      'a getter',
      {
        a: {
          get b() {
            throw new Error('was run');
          },
        },
      },
      'a getter or setter at .a.b; dill can',
    ],
    [
      'a hidden property',
      Object.defineProperty({}, 'h', { value: 1 }),
      'a hidden (non-enumerable) property at .h; dill can',
    ],
    [
      'a read-only property',
      Object.defineProperty({}, 'r', { value: 1, enumerable: true }),
      'a read-only property at .r; dill can',
    ],
    ['a symbol', { s: weird }, 'the symbol Symbol(weird) at .s; dill can; Symbol.for(…) symbols can be held by all'],
    [
      'a symbol in a Map',
      new Map<unknown, unknown>([[{}, weird]]),
      'the symbol Symbol(weird) at .get(…); dill can; Symbol.for(…) symbols can be held by all',
    ],
    ['a symbol key', { [weird]: 1 }, 'a property whose key is a symbol of its own at [Symbol(weird)]; dill can'],
    [
      'a hidden element',
      Object.defineProperty([1, 2], 1, { enumerable: false }),
      'a hidden (non-enumerable) property at [1]; dill can',
    ],
    [
      'a read-only length',
      Object.defineProperty([1], 'length', { writable: false }),
      'a hidden (non-enumerable) property at .length; dill can',
    ],
    ['a getter in an array', Object.defineProperty([1, 2], 1, { get: () => 1 }), 'a getter or setter at [1]; dill can'],
    ['a Promise', { p: Promise.resolve() }, 'a Promise at .p; await it first'],
    ['a WeakMap', [new WeakMap()], 'a WeakMap at [0]; use a Map'],
    ['a WeakSet', [new WeakSet()], 'a WeakSet at [0]; use a Set'],
    ['a WeakRef', [new WeakRef({})], `an instance of WeakRef at [0]${unreadable}`],
    ['a Proxy', [new Proxy({}, {})], 'a Proxy at [0]; copy what it shows'],
    ['a Proxy of an array', [new Proxy([], {})], 'a Proxy at [0]; copy what it shows'],
    [
      'a running generator',
      (function* () {
        yield 1;
      })(),
      'a running generator at the value itself; collect its values first',
    ],
    ['an iterator', new Map().entries(), 'an iterator at the value itself; collect its values first'],
    [
      'arguments',
      (function (..._: unknown[]) {
        // biome-ignore lint/complexity/noArguments: that is what is refused
        return arguments;
      })(1),
      'an arguments object at the value itself; spread it: [...arguments]',
    ],
    [
      'shared memory',
      new SharedArrayBuffer(4),
      'shared memory (SharedArrayBuffer) at the value itself; copy it with slice()',
    ],
    [
      'a view of shared memory',
      new Uint8Array(new SharedArrayBuffer(4)),
      'shared memory (SharedArrayBuffer) at the value itself; copy it with slice()',
    ],
    [
      'a very large view with a property',
      Object.assign(new Uint8Array(1_000_001), { extra: 1 }),
      'a Uint8Array of 1000001 elements with properties of its own at the value itself; keep them beside it',
    ],
    [
      'a large view with a hidden property',
      Object.defineProperty(Buffer.alloc(4000), 'extra', { value: 1 }),
      'a hidden (non-enumerable) property at .extra; dill can',
    ],
    ['Intl', new Intl.NumberFormat('en'), `an instance of NumberFormat at the value itself${unreadable}`],
    ['Math', { m: Math }, 'the built-in object Math at .m; cloudpickle can'],
    ['JSON', JSON, 'the built-in object JSON at the value itself; cloudpickle can'],
    [
      'an object on another object',
      Object.create({ a: 1 }),
      'an object with a prototype of its own at the value itself; cloudpickle can',
    ],
    ['a claim to be a Map', Object.create(Map.prototype), `an instance of Map at the value itself${unreadable}`],
    [
      'a Map that hides',
      Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype),
      'an instance of Object at the value itself; cloudpickle can',
    ],
    [
      'another realm',
      runInNewContext('({ a: 1 })'),
      'an instance of Object at the value itself; it is of another realm; copy it with structuredClone()',
    ],
    [
      'linked URL',
      (() => {
        const url = new URL('http://a/?b');
        return [url.searchParams, url];
      })(),
      'a URL together with its own searchParams at [1]; copy them: new URLSearchParams(…)',
    ],
  ])('%s', (_, value, message) => {
    expect(failure(value)).toBe(`cannot pickle ${message}`);
  });

  test('a detached buffer', () => {
    const view = new Uint8Array(8);
    structuredClone(view, { transfer: [view.buffer] });
    expect(failure(view)).toBe(
      'cannot pickle a detached ArrayBuffer at the value itself; it was transferred away; keep it before that',
    );
  });

  test('a resizable buffer', () => {
    const Resizable = ArrayBuffer as unknown as new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
    expect(failure({ b: new Uint8Array(new Resizable(4, { maxByteLength: 8 })) })).toBe(
      'cannot pickle a resizable ArrayBuffer at .b; copy it with slice()',
    );
  });

  test('at a depth of 5,000', () => {
    let value: unknown = { f: () => 1 };
    for (let i = 0; i < 5000; i += 1) value = [value];
    expect(failure(value)).toBe(`cannot pickle a function at ${'[0]'.repeat(5000)}.f; cloudpickle can`);
  });

  test('in the words of whoever holds the whole', () => {
    try {
      pickle.dump({ a: [() => 1] });
      expect.unreachable();
    } catch (error) {
      const longer = withPathPrefix(error, 'result', 'ValueBagOfHoldingH5File');
      expect(longer).toMatchObject({
        path: 'result.a[0]',
        takenBy: 'cloudpickle',
        message: 'cannot store in ValueBagOfHoldingH5File a function at result.a[0]; cloudpickle can',
      });
    }
    const other = new Error('other');
    expect(withPathPrefix(other, 'result')).toBe(other);
  });
});
