import { type NamedValue, valuesOf } from './named-value.js';

const arrays = valuesOf('arrays');
const objects = valuesOf('plain objects');
const keys = valuesOf('objects with awkward keys');
const spoofs = valuesOf('objects that look like something else');

/** Arrays and plain objects. */
export const containers: readonly NamedValue[] = [
  arrays.data('[]', () => []),
  arrays.data('[1, 2]', () => [1, 2]),
  arrays.data('[2, 1]', () => [2, 1]),
  arrays.data('[[1], [2]]', () => [[1], [2]]),
  arrays.data('[[1, 2]]', () => [[1, 2]]),
  arrays.data('[undefined]', () => [undefined]),
  arrays.data('[null]', () => [null]),
  arrays.data('[0]', () => [0]),
  arrays.data('[-0]', () => [-0]),
  arrays.data('an array of one hole', () => new Array(1)),
  arrays.data('an array with holes', () => Object.assign(new Array(5), { 1: 'a', 3: undefined })),
  arrays.data('an array with undefined for its holes', () => [undefined, 'a', undefined, undefined, undefined]),
  arrays.data('an array that ends in a hole', () => Object.assign(new Array(3), { 0: 1 })),
  arrays.data('a very sparse array', () => Object.assign([], { 70000: 1, length: 90_000 })),
  arrays.data('an array with a property', () => Object.assign([1, 2], { note: 'x' })),
  arrays.data('an array with a symbol', () => Object.assign([1, 2], { [Symbol.for('note')]: 'x' })),
  arrays.data('an array with keys that are nearly indices', () =>
    Object.assign(['a'], { '01': 1, '-1': 2, '1.0': 3, 4294967295: 4, '': 5 }),
  ),
  arrays.data('a list of 1,000 numbers', () => Array.from({ length: 1000 }, (_, i) => i / 7)),
  arrays.data('a list of integers', () => Array.from({ length: 300 }, (_, i) => i - 150)),
  arrays.data('a list of numbers with one -0', () => Array.from({ length: 300 }, (_, i) => (i === 150 ? -0 : i - 150))),
  arrays.data('a list of numbers with one hole', () => {
    const list: unknown[] = Array.from({ length: 300 }, (_, i) => i);
    delete list[7];
    return list;
  }),
  arrays.data('a list of numbers and one text', () => Array.from({ length: 300 }, (_, i) => (i === 299 ? '299' : i))),
  arrays.data('a list of 300 booleans', () => Array.from({ length: 300 }, (_, i) => i % 3 === 0)),
  arrays.data('a list of 300 texts', () => Array.from({ length: 300 }, (_, i) => `row ${i}`)),
  arrays.data('a list of 300 dates', () => Array.from({ length: 300 }, (_, i) => new Date(i * 86_400_000))),
  arrays.data('records', () =>
    Array.from({ length: 20 }, (_, i) => ({ id: i, name: `row ${i}`, score: i / 3, tags: ['a', null] })),
  ),
  objects.data('{}', () => ({})),
  objects.data('{ a: 1 }', () => ({ a: 1 })),
  objects.data('keys in no alphabetical order', () => ({ z: 1, a: 2, m: { y: 1, b: 2 } })),
  objects.data('the same keys in alphabetical order', () => ({ a: 2, m: { b: 2, y: 1 }, z: 1 }), {
    sameContentAs: 'keys in no alphabetical order',
  }),
  objects.data('a property that is undefined', () => ({ a: undefined })),
  objects.data('an object of 1,000 properties', () =>
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i])),
  ),
  objects.data('a table by columns', () => ({ x: [1, 2, 3], y: ['a', null, 'c'], z: Float64Array.of(1, 2, 3) })),
  objects.data('an object without a prototype', () => Object.assign(Object.create(null) as object, { a: 1 })),
  objects.data('an empty object without a prototype', () => Object.create(null) as object),
  objects.data('everything at once', () => ({
    list: [1, [2n, ['three', { four: new Set([4]) }]]],
    map: new Map<unknown, unknown>([[{ key: [1] }, new Map([[new Date(1), /x/g]])]]),
    bytes: [Uint8Array.of(1), Buffer.from('two')],
    error: new RangeError('r', { cause: [undefined, null, -0] }),
  })),
  keys.data('integer keys', () => ({ 10: 'a', 9: 'b', x: 'c' })),
  keys.data('keys that are nearly integers', () => ({ '01': 1, '-1': 2, '1.5': 3, ' 1': 4, 4294967295: 5, '1e3': 6 })),
  keys.data('awkward keys', () => ({ '': 1, 'a/b': 2, 'a.b': 3, ü: 4, constructor: 5, toString: 6, '.': 7, i0: 8 })),
  keys.data('keys of files and formats', () => ({
    '..': 1,
    keys: 2,
    values: 3,
    length: 4,
    shape: 5,
    data: [6],
    '@': 7,
  })),
  keys.data('keys with characters of every kind', () => ({
    'a\0b': 1,
    '\n': 2,
    '🙂': 3,
    '\ud800': 4,
    '\ufeff': 5,
    '"\\': 6,
    'e\u0301': 7,
    é: 8,
  })),
  keys.data('a key of 5,000 characters', () => ({ ['k'.repeat(5000)]: 1 })),
  keys.data('the key __proto__', () => JSON.parse('{"__proto__":{"x":1},"a":2}')),
  keys.data('the key __proto__ without a prototype', () =>
    Object.defineProperty(Object.create(null) as object, '__proto__', ordinary(1)),
  ),
  keys.data('keys that are names of methods', () => ({
    hasOwnProperty: 1,
    valueOf: 2,
    toJSON: 3,
    // biome-ignore lint/suspicious/noThenProperty: data may have one
    then: 4,
    prototype: 5,
    __defineGetter__: 6,
  })),
  keys.data('shared symbols as keys', () => ({ [Symbol.for('k')]: 1, a: 2, [Symbol.iterator]: 3 })),
  keys.everything('a symbol of its own as key', () => ({ [Symbol('k')]: 1, a: 2 })),
  keys.everything('one symbol as key and value', () => {
    const own = Symbol('k');
    return { [own]: own, again: own };
  }),
  spoofs.data('an object that says it is a Date', () => ({ [Symbol.toStringTag]: 'Date', getTime: 5 })),
  spoofs.data('an object that says it is a Map', () => ({ [Symbol.toStringTag]: 'Map', size: 0 })),
  spoofs.data('a Map that says it is a Set', () =>
    Object.defineProperty(new Map([[1, 2]]), Symbol.toStringTag, ordinary('Set')),
  ),
  spoofs.data('data that looks like a payload of ours', () => [
    { kind: 'function', code: 'process.exit()' },
    ['@', 1],
    ['Map', 1, 2],
    { later: true },
    -1,
  ]),
  spoofs.code('an object with toJSON', () => ({ a: 1, toJSON: () => 'not this' })),
  // biome-ignore lint/suspicious/noThenProperty: what has one looks like a promise
  spoofs.code('an object with then', () => ({ then: (take: (value: number) => void) => take(1) })),
  spoofs.code('an object with valueOf', () => ({ valueOf: () => 42, [Symbol.toPrimitive]: () => 7 }), {
    check: (actual) => {
      if (Number(actual) !== 7) throw new Error(`as a number it is ${Number(actual)}`);
    },
  }),
  spoofs.code('an object with the prototype of another', () =>
    Object.assign(Object.create({ inherited: 1 }) as object, { own: 2 }),
  ),
  spoofs.impossible('an object with the prototype of Map', () => Object.create(Map.prototype) as object),
  spoofs.impossible('a Map with the prototype of Set', () => Object.setPrototypeOf(new Map(), Set.prototype) as object),
];

function ordinary(value: unknown): PropertyDescriptor {
  return { value, writable: true, enumerable: true, configurable: true };
}
