import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Cache, cache, fleche } from '../../src/index.js';
import { fresh } from './support.js';

const size = (c: Cache): number => [...c.calls.list()].length;

test('fleche.bind keeps the cache of its time, also for cached functions within and across awaits', async () => {
  const [then, now] = [fresh(), fresh()];
  const inner = fleche(async (n: number) => n + 1);
  const outer = fleche(async (n: number, by: number) => {
    await sleep(1);
    return by * (await inner(n));
  });
  const bound = cache(then, () => outer.fleche.bind());
  const partly = cache(then, () => outer.fleche.bind(1));
  await cache(now, async () => {
    expect(await bound(1, 2)).toBe(4);
    expect(await partly(2)).toBe(4);
    expect([size(then), size(now)]).toEqual([2, 0]);
    expect(await outer(1, 2)).toBe(4);
    expect([size(then), size(now)]).toEqual([2, 2]);
    expect(cache()).toBe(now);
  });
});

test('it keeps its own `this`, or that of `on`', () =>
  cache(fresh(), () => {
    const area = fleche(function (this: { w: number }, h: number) {
      return this.w * h;
    });
    expect(area.fleche.bind().call({ w: 2 }, 3)).toBe(6);
    expect(area.fleche.on({ w: 3 }).bind(3)()).toBe(9);
    expect(area.fleche.on({ w: 2 }).contains(3)).toBe(true);
    expect(area.fleche.on({ w: 4 }).contains(3)).toBe(false);
    expect(() => area.fleche.contains(3)).toThrow(/depends on `this`/);
  }));

test("Function's own bind gives a plain function whose calls go through the cache", () =>
  cache(fresh(), () => {
    let runs = 0;
    const area = fleche(function (this: { w: number }, h: number) {
      runs += 1;
      return this.w * h;
    });
    const bound = area.bind({ w: 2 });
    expect([bound(3), bound(3), area.call({ w: 2 }, 3)]).toEqual([6, 6, 6]);
    expect(runs).toBe(1);
    expect('fleche' in bound).toBe(false);
  }));

test('a rerun of what is bound reruns', () =>
  cache(fresh(), () => {
    let runs = 0;
    const f = fleche((n: number) => {
      runs += 1;
      return n;
    });
    const bound = f.fleche.bind(1);
    const outer = fleche((_n: number) => bound());
    bound();
    outer.fleche.rerun(1);
    expect(runs).toBe(2);
  }));
