/** Cached functions that give promises. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cache, fleche } from '../../src/index.js';
import { fresh } from './support.js';

describe('an asynchronous function', () => {
  test('caches the resolved value, and never a rejection', async () => {
    const c = fresh();
    let runs = 0;
    const f = fleche(async (fail: boolean) => {
      runs += 1;
      await sleep(1);
      if (fail) throw new Error('no');
      return { ok: true };
    });
    await cache(c, async () => {
      const promise = f(false);
      expect(promise).toBeInstanceOf(Promise);
      expect(await promise).toEqual({ ok: true });
      expect(f(false)).toBeInstanceOf(Promise);
      expect(await f(false)).toEqual({ ok: true });
      expect(runs).toBe(1);
      await expect(f(true)).rejects.toThrow('no');
      await expect(f(true)).rejects.toThrow('no');
      expect(runs).toBe(3);
      expect([...c.calls.list()]).toHaveLength(1);
    });
  });

  test('concurrent calls with one key run the body once, and share nothing', async () => {
    let runs = 0;
    const f = fleche(async (_n: number) => {
      runs += 1;
      await sleep(5);
      return [runs];
    });
    await cache(fresh(), async () => {
      const results = await Promise.all([f(1), f(1), f(1)]);
      expect(results).toEqual([[1], [1], [1]]);
      expect(new Set(results).size).toBe(3);
    });
  });

  test('a plain function that returns a promise stays one in a hit', async () => {
    const f = fleche((n: number) => Promise.resolve(n));
    await cache(fresh(), async () => {
      expect(await f(1)).toBe(1);
      expect(f(1)).toBeInstanceOf(Promise);
      expect(await f(1)).toBe(1);
    });
  });

  test('runs its body with the cache it was called with, across awaits', async () => {
    const [outer, inner] = [fresh(), fresh()];
    const seen: boolean[] = [];
    const f = fleche(async () => {
      seen.push(cache() === outer);
      await sleep(1);
      seen.push(cache() === outer);
      return 1;
    });
    const pending = cache(outer, () => f());
    await cache(inner, () => sleep(2));
    await pending;
    expect(seen).toEqual([true, true]);
  });
});
