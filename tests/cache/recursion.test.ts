/** Functions that call themselves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cache, fleche, helpersOf } from '../../src/index.js';
import { fresh } from './support.js';

describe('a function that calls itself', () => {
  test('runs once for each argument', () =>
    cache(fresh(), () => {
      let runs = 0;
      const fib: (n: number) => bigint = fleche({ name: 'fib' }, (n: number): bigint => {
        runs += 1;
        return n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2);
      });
      expect(fib(200)).toBe(280571172992510140037611932413038677189525n);
      expect(runs).toBe(201);
    }));

  test('goes 500 deep, and ends beyond the stack as it does without a cache: nothing wrong is stored', () =>
    cache(fresh(), () => {
      const down: (n: number) => number = fleche({ name: 'down' }, (n: number): number =>
        n === 0 ? 0 : 1 + down(n - 1),
      );
      expect(down(500)).toBe(500);
      expect(() => down(1_000_000)).toThrow(RangeError);
      for (let n = 0; n <= 5000; n += 250) expect(down(n)).toBe(n);
      expect(down(5000)).toBe(5000);
    }));
});

describe('an asynchronous function', () => {
  test('may call itself with other arguments, also at the same time', () =>
    cache(fresh(), async () => {
      let runs = 0;
      const fib: (n: number) => Promise<bigint> = fleche({ name: 'fib' }, async (n: number): Promise<bigint> => {
        runs += 1;
        await sleep(1);
        if (n < 2) return BigInt(n);
        const [a, b] = await Promise.all([fib(n - 1), fib(n - 2)]);
        return a + b;
      });
      expect(await fib(60)).toBe(1548008755920n);
      expect(runs).toBe(61);
    }));

  test.each([
    ['itself', false],
    ['itself through another, which it starts without waiting', true],
  ])('that waits for %s with the same arguments is told so', (_what, isIndirect) =>
    cache(fresh(), async () => {
      const through = fleche((n: number) => ({ later: loop(n) }));
      const loop: (n: number) => Promise<number> = fleche({ name: 'loop' }, async (n: number): Promise<number> => {
        await sleep(1);
        return isIndirect ? await through(n).later : await loop(n);
      });
      await expect(loop(1)).rejects.toThrow(/loop would wait for itself for ever/);
    }),
  );

  test('that waits for one that waits for it is told so, whoever began', () =>
    cache(fresh(), async () => {
      const a: (n: number) => Promise<number> = fleche({ name: 'a' }, async (n: number): Promise<number> => {
        await sleep(1);
        return b(n);
      });
      const b: (n: number) => Promise<number> = fleche({ name: 'b' }, async (n: number): Promise<number> => {
        await sleep(1);
        return a(n);
      });
      const ended = await Promise.allSettled([a(1), b(1)]);
      expect(ended.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(String((ended[0] as PromiseRejectedResult).reason)).toMatch(/would wait for itself for ever/);
    }));

  test('may wait for what somebody else began', () =>
    cache(fresh(), async () => {
      let runs = 0;
      const slow = fleche(async (n: number) => {
        runs += 1;
        await sleep(5);
        return n;
      });
      const twice = fleche(async (n: number, _id: number) => 2 * (await slow(n)));
      expect(await Promise.all([slow(1), twice(1, 0), twice(1, 1), twice(1, 0)])).toEqual([1, 2, 2, 2]);
      expect(runs).toBe(1);
    }));
});

test('helpersOf refuses what is not cached', () => {
  expect(() => helpersOf({ plain: () => 1 }, 'plain')).toThrow('plain is not a cached method or getter');
});
