/** Which cache is the active one, and for how long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cache, fleche } from '../../src/index.js';
import { fresh } from './support.js';

describe('the active cache', () => {
  test('switches and stays, or for a block, or for a function across awaits', async () => {
    const [a, b] = [fresh(), fresh()];
    await cache(fresh(), async () => {
      const start = cache();
      cache(a);
      expect(cache()).toBe(a);
      {
        using _ = cache(b);
        expect(cache()).toBe(b);
      }
      expect(cache()).toBe(a);
      await cache(b, async () => {
        await sleep(1);
        expect(cache()).toBe(b);
      });
      expect(cache()).toBe(a);
      cache(start);
    });
  });

  test('has names, and says which', () => {
    expect(cache('memory', () => cache())).toBe(cache('default', () => cache()));
    const f = fleche(() => Math.random());
    expect(cache('void', () => new Set([f(), f()]).size)).toBe(2);
    expect(() => cache('disk' as never)).toThrow("one of the names 'memory', 'void', 'default', not 'disk'");
    expect(() => cache({} as never)).toThrow(/not object/);
  });
});
