/** What goes in and what comes out belongs to whoever has it: nothing that is done to it reaches the cache. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Cache, type CallStorage, cache, digest, fleche, RejectedError, type ValueStorage } from '../../src/index.js';
import {
  CallBagOfHoldingH5File,
  CallMemory,
  CallPickleFile,
  Sql,
  ValueBagOfHoldingH5File,
  ValueMemory,
  ValuePickleFile,
} from '../../src/storage/index.js';
import { collectWarnings, fresh } from './support.js';

const warnings = collectWarnings();
const root = mkdtempSync(join(tmpdir(), 'fleche-isolation-'));
const open: Cache[] = [];
let count = 0;
const place = (name = ''): string => join(root, String(count++), name);
afterAll(() => {
  for (const each of open) each.close();
  rmSync(root, { recursive: true, force: true });
});

const storages: Record<string, () => Promise<{ values: ValueStorage; calls: CallStorage }>> = {
  memory: async () => ({ values: new ValueMemory(), calls: new CallMemory() }),
  pickle: async () => ({
    values: ValuePickleFile.withPickle({ root: place() }),
    calls: CallPickleFile.withPickle({ root: place() }),
  }),
  'cloudpickle, compressed': async () => ({
    values: ValuePickleFile.withCloudpickle({ root: place(), compress: true }),
    calls: CallPickleFile.withCloudpickle({ root: place(), compress: true }),
  }),
  dill: async () => ({
    values: ValuePickleFile.withDill({ root: place() }),
    calls: await Sql.open({ url: `sqlite:///${place('calls.db')}` }),
  }),
  bags: async () => ({
    values: await ValueBagOfHoldingH5File.open({ root: place() }),
    calls: await CallBagOfHoldingH5File.open({ root: place() }),
  }),
};

/** All objects within `value`. */
function objects(value: unknown, found: Set<unknown> = new Set()): Set<unknown> {
  if (typeof value !== 'object' || value === null || found.has(value)) return found;
  found.add(value);
  if (ArrayBuffer.isView(value)) found.add(value.buffer);
  else if (value instanceof Map) for (const pair of value) for (const part of pair) objects(part, found);
  else for (const part of Object.values(value)) objects(part, found);
  return found;
}

interface Big {
  list: number[];
  map: Map<string, { n: number }>;
  bytes: Float64Array;
  when: Date;
}
const big = (): Big => ({
  list: [1, 2],
  map: new Map([['a', { n: 1 }]]),
  bytes: new Float64Array(100).fill(3),
  when: new Date(5),
});
function spoil(value: Big): void {
  value.list.push(9);
  (value.map.get('a') as { n: number }).n = 9;
  value.bytes[7] = 9;
  value.when.setTime(9);
}

describe.each(Object.entries(storages))('in %s', (_name, make) => {
  const make1 = async (): Promise<Cache> => {
    const made = new Cache(await make());
    open.push(made);
    return made;
  };

  test('the body changes neither key nor record, the caller no later hit, and no two hits share a part', async () =>
    cache(await make1(), () => {
      const swap = fleche(function swap(value: Big, _id: number) {
        spoil(value);
        return { value, again: value };
      });
      const key = swap.fleche.digest(big(), 1);
      const missed = swap(big(), 1);
      expect(swap.fleche.contains(big(), 1)).toBe(true);
      const call = cache().load(key);
      expect(call.argument('value')).toEqual(big());
      const spoiled = big();
      spoil(spoiled);
      spoil(missed.value);
      const hits = [swap(big(), 1), swap(big(), 1), call.result as { value: Big; again: Big }];
      for (const hit of hits) {
        expect(hit).toEqual({ value: spoiled, again: spoiled });
        expect(hit.again).toBe(hit.value);
        spoil(hit.value);
      }
      expect(swap(big(), 1).value).toEqual(spoiled);
      spoil(call.argument('value') as Big);
      expect(call.argument('value')).toEqual(big());
      const all = [missed, ...hits].map((each) => objects(each));
      expect(new Set(all.flatMap((each) => [...each])).size).toBe(all.reduce((sum, each) => sum + each.size, 0));
    }));

  test('concurrent callers get one result each', async () =>
    cache(await make1(), async () => {
      const load = fleche(async (_n: number) => {
        await sleep(2);
        return big();
      });
      const results = await Promise.all([load(1), load(1), load(1)]);
      spoil(results[0]);
      expect(results.slice(1)).toEqual([big(), big()]);
      const all = results.map((each) => objects(each));
      expect(new Set(all.flatMap((each) => [...each])).size).toBe(all.reduce((sum, each) => sum + each.size, 0));
    }));
});

describe('what cannot be saved', () => {
  test('is returned, and its cause told once, whichever call and element it is', () =>
    cache(new Cache({ values: ValuePickleFile.withPickle({ root: place() }), calls: new CallMemory() }), () => {
      const f = fleche(function unsavable(n: number) {
        return { list: [...Array.from({ length: n }, () => 1), () => n] };
      });
      expect([f(1), f(2), f(2)].map(({ list }) => list.length)).toEqual([2, 3, 3]);
      expect(warnings).toEqual([
        expect.stringMatching(
          /^unsavable ran, but its result was not cached: cannot pickle a function at result\.list\[1\]; cloudpickle can/,
        ),
      ]);
    }));

  test('of the arguments is kept by its digest, told once', () =>
    cache(new Cache({ values: ValuePickleFile.withPickle({ root: place() }), calls: new CallMemory() }), () => {
      const f = fleche(function withCallback(n: number, callback: (n: number) => number) {
        return callback(n);
      });
      expect([1, 2, 1].map((n) => f(n, (x) => x + 1))).toEqual([2, 3, 2]);
      expect([...cache().calls.list()]).toHaveLength(2);
      expect(warnings).toEqual([
        expect.stringMatching(/^the argument callback of withCallback is kept by its digest alone: cannot pickle/),
      ]);
    }));

  test('is shared by those who waited for it, and they are told', () =>
    cache(new Cache({ values: ValuePickleFile.withPickle({ root: place() }), calls: new CallMemory() }), async () => {
      const f = fleche(async function shared(_n: number) {
        await sleep(2);
        return { run: () => 1 };
      });
      const [a, b] = await Promise.all([f(1), f(1)]);
      expect(a).toBe(b);
      expect(warnings).toEqual([
        expect.stringContaining('shared ran, but its result was not cached'),
        'shared: calls that ran at the same time share one result, since it is not stored',
      ]);
    }));
});

describe('a storage that fails', () => {
  class Failing extends ValueMemory {
    readonly when: 'get' | 'put';
    readonly failure: () => Error;
    constructor(when: 'get' | 'put', failure: () => Error) {
      super();
      this.when = when;
      this.failure = failure;
    }
    override put(key: Parameters<ValueMemory['put']>[0], value: unknown): void {
      if (this.when === 'put') throw this.failure();
      super.put(key, value);
    }
    override get(key: Parameters<ValueMemory['get']>[0]): ReturnType<ValueMemory['get']> {
      if (this.when === 'get') throw this.failure();
      return super.get(key);
    }
  }
  const full = (): Error => Object.assign(new Error(`ENOSPC: no space left, write ${count++}`), { code: 'ENOSPC' });

  test.each([
    ['put', full],
    ['get', full],
    ['put', () => new RejectedError({ location: place(), reason: 'read only' })],
  ] as const)('at %s costs no result and one warning', (when, failure) =>
    cache(new Cache({ values: new Failing(when, failure), calls: new CallMemory() }), () => {
      const name = `failing ${when} ${failure === full}`;
      const f = fleche({ name }, (n: number) => [n]);
      expect([f(1), f(2), f(1)]).toEqual([[1], [2], [1]]);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(/not cached: |cannot be read: /);
    }),
  );

  test.skipIf(process.getuid?.() === 0)('for want of permission, too', () => {
    const folder = mkdtempSync(join(tmpdir(), 'fleche-forbidden-'));
    chmodSync(folder, 0o500);
    cache(new Cache({ values: ValuePickleFile.withPickle({ root: folder }), calls: new CallMemory() }), () => {
      const f = fleche(function forbidden(n: number) {
        return [n];
      });
      expect([f(1), f(2), f(1)]).toEqual([[1], [2], [1]]);
      expect(warnings).toHaveLength(1);
    });
    rmSync(folder, { recursive: true });
  });

  test('on a full device keeps the result', () =>
    cache(
      new Cache({ values: ValuePickleFile.withPickle({ root: '/dev/full/values' }), calls: new CallMemory() }),
      () => {
        const f = fleche(function onFullDevice(n: number) {
          return [n];
        });
        expect([f(1), f(2), f(1)]).toEqual([[1], [2], [1]]);
        expect(warnings).toHaveLength(1);
      },
    ));
});

test('a damaged result is a miss, a warning, and whole again after the next run', () => {
  const folder = place();
  cache(new Cache({ values: ValuePickleFile.withPickle({ root: folder }), calls: new CallMemory() }), () => {
    const list = fleche((n: number) => ({ runs: Array.from({ length: n }, () => 'text') }));
    list(50);
    const key = digest({ runs: Array.from({ length: 50 }, () => 'text') });
    const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.replaceAll('/', '').includes(key),
    );
    truncateSync(join(folder, file as string), 40);
    expect(list(50).runs).toHaveLength(50);
    expect(warnings).toEqual([expect.stringMatching(/is corrupt: .*; the call runs again$/)]);
    warnings.length = 0;
    expect(cache().loadValue(key)).toEqual({ runs: Array.from({ length: 50 }, () => 'text') });
    expect(list(50).runs).toHaveLength(50);
    expect(warnings).toEqual([]);
  });
});

test('a frozen result stays frozen', () =>
  cache(fresh(), () => {
    const f = fleche(() => Object.freeze({ list: Object.freeze([1]) }));
    f();
    expect([Object.isFrozen(f()), Object.isFrozen(f().list)]).toEqual([true, true]);
  }));
