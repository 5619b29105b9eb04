import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cache, environment, fleche, git, type MetadataProvider, meta, project, tags } from '../../src/index.js';
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

test('tags and projects hold for a stretch of code, across awaits, and add up', () =>
  cache(fresh(), async () => {
    const inner = fleche(async (n: number) => n);
    const outer = fleche({ meta: { namespace: 'tags', start: () => ({ own: 1, step: 'own' }) } }, async (n: number) => {
      await sleep(1);
      return inner(n);
    });
    const tagsOf = (f: typeof inner, n: number): unknown => cache().load(f.fleche.digest(n)).metadata.tags;
    const pending = project('alloys', () => tags({ step: 'relax', sample: 'A7' }, () => outer(1)));
    await outer(2);
    await pending;
    expect(tagsOf(outer, 1)).toEqual({ project: 'alloys', sample: 'A7', step: 'own', own: 1 });
    expect(tagsOf(inner, 1)).toEqual({ project: 'alloys', sample: 'A7', step: 'relax' });
    expect([tagsOf(outer, 2), tagsOf(inner, 2)]).toEqual([{ step: 'own', own: 1 }, undefined]);
  }));

test('a switch stays, or ends with its block; meta replaces what was chosen', () =>
  cache(fresh(), () => {
    const f = fleche((n: number) => n);
    const seen = (n: number): unknown => {
      f(n);
      const { runtime, ...rest } = cache().load(f.fleche.digest(n)).metadata;
      expect(runtime).toBeDefined();
      return rest;
    };
    const first = tags({ a: 1 });
    {
      using _ = meta({ namespace: 'own', start: () => ({ b: 2 }) });
      expect(seen(1)).toEqual({ own: { b: 2 } });
      cache(fresh(), () => expect(seen(2)).toEqual({ own: { b: 2 } }));
    }
    expect(seen(3)).toEqual({ tags: { a: 1 } });
    const bound = f.fleche.bind();
    first[Symbol.dispose]();
    expect(seen(4)).toEqual({});
    expect(meta([], () => bound(5))).toBe(5);
    expect(cache().load(f.fleche.digest(5)).metadata.tags).toEqual({ a: 1 });
    expect(tags({ late: 1 }, () => seen(1))).toEqual({ own: { b: 2 } });
  }));

test('what is said of the machine and of the repository', () =>
  cache(fresh(), () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fleche-git-')));
    const before = process.cwd();
    const run = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { encoding: 'utf8' }).trim();
    const f = fleche({ meta: [environment, git] }, (n: number) => n);
    const seen = (n: number): Record<string, unknown> => {
      f(n);
      return cache().load(f.fleche.digest(n)).metadata;
    };
    try {
      process.chdir(folder);
      expect(seen(1).git).toEqual({ root: null, commit: null, branch: null, dirty: null });
      run('init', '-b', 'trunk');
      expect(seen(2).git).toEqual({ root: folder, commit: null, branch: 'trunk', dirty: false });
      writeFileSync('a', '1');
      run('add', 'a');
      run('commit', '-m', 'one');
      const commit = run('rev-parse', 'HEAD');
      expect(seen(3)).toMatchObject({
        git: { root: folder, commit, branch: 'trunk', dirty: false },
        environment: { hostname: hostname(), cwd: folder, node_version: process.version },
      });
      writeFileSync('a', '2');
      run('checkout', '--detach');
      expect(seen(4).git).toEqual({ root: folder, commit, branch: null, dirty: true });
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
    expect(warnings).toEqual([]);
  }));
