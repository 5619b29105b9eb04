import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type NamedValue, returns, valuesOf } from './named-value.js';

const closureValues = valuesOf('closures');

type Fn = (...args: unknown[]) => unknown;

/** Functions that capture variables: each alone, and several one. */
export const closures: readonly NamedValue[] = [
  closureValues.code(
    'a closure',
    () => {
      const factor = { by: 10 };
      return (n: number, m: number) => n * factor.by + m;
    },
    { check: returns(23, 2, 3) },
  ),
  closureValues.code(
    'a closure over another number',
    () => {
      const factor = { by: 11 };
      return (n: number, m: number) => n * factor.by + m;
    },
    { check: returns(25, 2, 3) },
  ),
  closureValues.code(
    'a closure over data of every kind',
    () => {
      const [map, set, when, bytes] = [new Map([['a', 1]]), new Set([2]), new Date(3), Uint8Array.of(4)];
      return () => [map.get('a'), set.has(2), when.getTime(), bytes[0]];
    },
    { check: returns([1, true, 3, 4]) },
  ),
  closureValues.code(
    'a closure over a large array',
    () => {
      const weights = Float64Array.from({ length: 1000 }, (_, i) => i);
      return (i: number) => weights[i];
    },
    { check: returns(7, 7) },
  ),
  closureValues.code(
    'a closure over another function',
    () => {
      const double = (n: number): number => 2 * n;
      return (n: number) => double(n) + 1;
    },
    { check: returns(7, 3) },
  ),
  closureValues.code(
    'a chain of closures',
    () => {
      let next = (n: number): number => n;
      for (let i = 0; i < 20; i += 1) {
        const inner = next;
        next = (n) => inner(n) + 1;
      }
      return next;
    },
    { check: returns(20, 0) },
  ),
  closureValues.code(
    'a closure over itself',
    () => {
      const fibonacci = (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2));
      return fibonacci;
    },
    { check: returns(55, 10) },
  ),
  closureValues.code(
    'two functions that call each other',
    () => {
      const isEven = (n: number): boolean => n === 0 || isOdd(n - 1);
      const isOdd = (n: number): boolean => n !== 0 && isEven(n - 1);
      return { isEven, isOdd };
    },
    {
      check: (actual) => {
        const { isEven, isOdd } = actual as { isEven(n: number): boolean; isOdd(n: number): boolean };
        assert.deepStrictEqual([isEven(10), isOdd(10)], [true, false]);
      },
    },
  ),
  closureValues.code(
    'a closure that counts',
    () => {
      let count = 3;
      return () => {
        count += 1;
        return count;
      };
    },
    { check: (actual) => assert.deepStrictEqual([(actual as Fn)(), (actual as Fn)()], [4, 5]) },
  ),
  closureValues.code(
    'two closures over one object',
    () => {
      const state = { n: 0 };
      return { add: () => (state.n += 1), read: () => state.n };
    },
    {
      check: (actual) => {
        const { add, read } = actual as { add(): number; read(): number };
        add();
        assert.equal(read(), 1);
      },
    },
  ),
  closureValues.code(
    'two closures over one variable',
    () => {
      let n = 0;
      return { add: () => (n += 1), read: () => n };
    },
    {
      check: (actual) => {
        const { add, read } = actual as { add(): number; read(): number };
        add();
        assert.equal(read(), 1);
      },
    },
  ),
  closureValues.code(
    'closures over two variables of one name and one of both',
    () => {
      let all = 0;
      const count = () => {
        let own = 0;
        return { add: () => (own += all += 1), read: () => [own, all] };
      };
      return [count(), count()];
    },
    {
      check: (actual) => {
        const [one, two] = actual as { add(): number; read(): number[] }[];
        one?.add();
        two?.add();
        assert.deepStrictEqual(
          [one?.read(), two?.read()],
          [
            [1, 2],
            [2, 2],
          ],
        );
      },
    },
  ),
  closureValues.code(
    'a class and a function over one variable',
    () => {
      let made = 0;
      class Made {
        readonly number = ++made;
        static count(): number {
          return made;
        }
      }
      return { Made, reset: () => (made = 0) };
    },
    {
      check: (actual) => {
        const { Made, reset } = actual as { Made: { new (): { number: number }; count(): number }; reset(): number };
        assert.deepStrictEqual([new Made().number, new Made().number, Made.count()], [1, 2, 2]);
        reset();
        assert.equal(new Made().number, 1);
      },
    },
  ),
  closureValues.code('a function made by another', () => ((a: number) => (b: number) => [a, b])(1), {
    check: returns([1, 2], 2),
  }),
  closureValues.code(
    'a closure over what it returns',
    () => {
      const shared = { n: 1 };
      return { shared, get: () => shared };
    },
    {
      check: (actual) => {
        const { shared, get } = actual as { shared: object; get(): object };
        assert.equal(get(), shared);
      },
    },
  ),
  closureValues.code(
    'a closure over functions of Node',
    () => {
      const [path, hash] = [join, createHash];
      return (a: string) => [path('a', a), hash('md5').update(a).digest('hex')];
    },
    {
      check: returns(['a/b', '92eb5ffee6ae2fec3ad71c777531578f'], 'b'),
    },
  ),
  closureValues.code('a bound function', () => ((a: number, b: number, c: number) => [a, b, c]).bind(undefined, 1, 2), {
    check: returns([1, 2, 3], 3),
  }),
  closureValues.code(
    'a bound function with its `this`',
    () =>
      function (this: { n: number }, m: number) {
        return this.n + m;
      }.bind({ n: 40 }),
    { check: returns(42, 2) },
  ),
  closureValues.code(
    'a bound function that was bound again',
    () => ((...all: number[]) => all).bind(null, 1).bind(null, 2),
    {
      check: returns([1, 2, 3], 3),
    },
  ),
];
