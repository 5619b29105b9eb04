import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cache, fleche, type MetadataProvider } from '../../src/index.js';
import { collectWarnings, fresh } from './support.js';

const warnings = collectWarnings();
const metadataOf = (): readonly unknown[] => [...cache().calls.list()].map((key) => cache().load(key).metadata);

test('providers add to the runtime that every record has', () =>
  cache(fresh(), async () => {
    const seen: unknown[] = [];
    const steps: MetadataProvider = {
      namespace: 'steps',
      start(call) {
        seen.push(call);
        const begun = seen.length;
        return () => ({ begun, ended: seen.push('ended') });
      },
    };
    const tags = (fields: Record<string, string>): MetadataProvider => ({ namespace: 'tags', start: () => fields });
    const meta = [steps, tags({ project: 'x', by: 'me' }), tags({ project: 'y' })];
    const f = fleche({ meta, name: 'measured', version: 3 }, async (n: number) => {
      await sleep(1);
      return n;
    });
    await f(1);
    await f(1);
    expect(metadataOf()).toEqual([
      {
        runtime: expect.objectContaining({ walltime: expect.any(Number), timestop: expect.any(Number), async: true }),
        steps: { begun: 1, ended: 2 },
        tags: { project: 'y', by: 'me' },
      },
    ]);
    expect(seen).toEqual([{ name: 'measured', version: 3, module: null }, 'ended']);
    const key = f.fleche.digest(1);
    expect(fleche({ name: 'measured', version: 3 }, f.fleche.wrapped).fleche.digest(1)).toBe(key);
  }));

test.each<[string, MetadataProvider['start'], string]>([
  [
    'throws before',
    () => {
      throw new Error('no git');
    },
    'no git',
  ],
  [
    'throws after',
    () => () => {
      throw new Error('no disk');
    },
    'no disk',
  ],
  ['gives what JSON cannot hold', () => ({ at: { when: new Date() as never } }), 'extra.at.when is not JSON'],
  ['gives no number', () => () => ({ ratio: Number.NaN }), 'extra.ratio is not JSON'],
  [
    'gives a cycle',
    () => {
      const a: Record<string, never> = {};
      a.a = a as never;
      return a;
    },
    'call stack',
  ],
])('a provider that %s costs its own fields, never the result', (what, start, reason) =>
  cache(fresh(), () => {
    const f = fleche({ name: `${what} f`, meta: { namespace: 'extra', start } }, (n: number) => n + 1);
    expect([f(1), f(2), f(1)]).toEqual([2, 3, 2]);
    expect(metadataOf().map((each) => Object.keys(each as object))).toEqual([['runtime'], ['runtime']]);
    expect(warnings).toEqual([expect.stringMatching(`^the record of ${what} f lacks its extra metadata: .*${reason}`)]);
  }),
);
