import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digest, fleche } from '../../src/index.js';

const make = (n: unknown) => () => n;

describe('the digest of a function', () => {
  test('counts its code and what it captures, not its formatting', () => {
    expect(digest(make(1))).toBe(digest(make(1)));
    expect(digest(make(1))).not.toBe(digest(make(2)));
    expect(digest(make({ a: [1] }))).not.toBe(digest(make({ a: [2] })));
    // biome-ignore format: it is what is tested.
    expect(digest((a: number) => a + 1)).toBe(digest((a: number) => /* plus */ ( a+1 )));
    expect(digest((a: number) => a + 1)).not.toBe(digest((a: number) => a + 2));
  });

  test('follows captured functions', () => {
    const use = (helper: (n: number) => number) => (n: number) => helper(n);
    expect(digest(use((n) => n + 1))).toBe(digest(use((n) => n + 1)));
    expect(digest(use((n) => n + 1))).not.toBe(digest(use((n) => n + 2)));
  });

  test('of functions that call themselves or each other exists', () => {
    const even = (n: number): boolean => n === 0 || odd(n - 1);
    const odd = (n: number): boolean => n !== 0 && even(n - 1);
    const self = (n: number): number => (n < 2 ? n : self(n - 1));
    expect(new Set([digest(even), digest(odd), digest(self)]).size).toBe(3);
    expect(digest(even)).toBe(digest(even));
  });

  test('tells functions of the language and of Node by their names', () => {
    expect(digest(Math.max)).not.toBe(digest(Math.min));
    expect(digest(JSON.parse)).not.toBe(digest(Date.parse));
    expect(digest(join)).toBe(digest(join));
  });

  test('tells bound functions apart', () => {
    const add = (a: number, b: number): number => a + b;
    expect(digest(add.bind(null, 1))).toBe(digest(add.bind(null, 1)));
    expect(digest(add.bind(null, 1))).not.toBe(digest(add.bind(null, 2)));
  });

  test('of a cached function is that of the function behind it', () => {
    const add = (a: number, b: number): number => a + b;
    expect(digest(fleche(add))).toBe(digest(add));
  });

  test('of a class counts what it extends and its static state', () => {
    const derive = (Base: new () => object) => class extends Base {};
    class One {
      readonly own = 1;
      static n = 1;
    }
    class Two {}
    expect(digest(derive(One))).not.toBe(digest(derive(Two)));
    const before = digest(One);
    One.n = 2;
    expect(digest(One)).not.toBe(before);
  });

  test('does not exist where something that it uses has none: the error says which', () => {
    expect(() => digest([make({ at: Promise.resolve() })], 'args[0]')).toThrow(
      'cannot digest a Promise at args[0][0]["captured variable n"].at',
    );
    expect(() => digest(new Proxy(() => 1, {}))).toThrow('cannot digest a Proxy of a function at the value itself');
  });
});

test('a large typed array with a property of its own is not the same as without', () => {
  const large = (): Float64Array => new Float64Array(1000);
  expect(digest(Object.assign(large(), { unit: 'eV' }))).not.toBe(digest(large()));
  expect(digest(Object.assign(large(), { unit: 'eV' }))).toBe(digest(Object.assign(large(), { unit: 'eV' })));
});
