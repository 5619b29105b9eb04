import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Cache, cache, digest, fleche, isFlecheError } from '../../../src/index.js';
import { CallBagOfHoldingH5File, ValueBagOfHoldingH5File } from '../../../src/storage/index.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleche-h5-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const key = digest('key');

async function reason(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    return isFlecheError(error) ? `${error.tag}: ${error.message}` : `other: ${String(error)}`;
  }
  return 'nothing thrown';
}

describe('the files', () => {
  test('are named by the digest, flat, and nothing else lies beside them', async () => {
    const values = await ValueBagOfHoldingH5File.open({ root: join(root, 'a/b') });
    expect(existsSync(join(root, 'a'))).toBe(false);
    expect([...values.list(), values.get(key), values.evict(key), values.sizeBytes(key)]).toEqual([
      undefined,
      false,
      undefined,
    ]);
    values.put(key, { a: 1 });
    values.put(digest(2), { a: new Date() });
    expect(readdirSync(join(root, 'a/b')).sort()).toEqual([key, digest(2)].sort());
    expect(values.location).toBe(join(root, 'a/b'));
  });

  test('are those of the directory where the storage was opened', async () => {
    const before = process.cwd();
    const values = await ValueBagOfHoldingH5File.open({ root: 'relative' });
    expect(values.location).toBe(join(before, 'relative'));
  });

  test('that are no entries are passed over', async () => {
    const values = await ValueBagOfHoldingH5File.open({ root });
    for (const name of ['notes.txt', `.${key}.1-x-1-abc.tmp`, `${key}.lock`, key.toUpperCase()]) {
      writeFileSync(join(root, name), 'x');
    }
    expect([...values.list()]).toEqual([]);
  });

  test('may be written and read thousands of times: no descriptor stays open', async () => {
    const values = await ValueBagOfHoldingH5File.open({ root, fsync: false });
    const open = (): number => readdirSync('/proc/self/fd').length;
    const round = (i: number): void => {
      values.put(key, { i, list: [i], when: new Date(i), array: new Float64Array(10) });
      expect(values.get(key)?.value).toMatchObject({ i });
    };
    round(0);
    const before = open();
    for (let i = 0; i < 1000; i += 1) round(i);
    expect(open()).toBe(before);
  });
});

describe('the disk', () => {
  test('that is full leaves nothing behind, and takes more when there is room again', async (context) => {
    const mount = join(root, 'small');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      return context.skip('a small file system cannot be mounted here: it takes root');
    }
    try {
      const values = await ValueBagOfHoldingH5File.open({ root: mount });
      values.put(digest(1), 'fits');
      const before = readdirSync('/proc/self/fd').length;
      for (let i = 0; i < 20; i += 1) {
        expect(await reason(() => values.put(key, new Float64Array(100_000 + i)))).toMatch(
          /^Rejected: .* takes no changes: the disk is full/,
        );
      }
      expect(readdirSync('/proc/self/fd').length).toBe(before);
      expect(readdirSync(mount)).toEqual([digest(1)]);
      expect(values.get(digest(1))).toEqual({ value: 'fits' });
      values.put(key, 'fits too');
      expect(values.get(key)).toEqual({ value: 'fits too' });
      execFileSync('mount', ['-o', 'remount,ro', mount]);
      expect(await reason(() => values.put(key, 1))).toMatch(/^Rejected: .* the file system is read-only/);
      expect(await reason(() => values.evict(key))).toMatch(/^Rejected: .* the file system is read-only/);
      expect(values.get(key)).toEqual({ value: 'fits too' });
    } finally {
      execFileSync('umount', [mount]);
    }
  });

  test('that takes no changes is said so', async () => {
    writeFileSync(join(root, 'file'), 'x');
    const values = await ValueBagOfHoldingH5File.open({ root: join(root, 'file', 'values') });
    expect(values.get(key)).toBeUndefined();
    expect(await reason(() => values.put(key, 1))).toMatch(/^Rejected: .* a part of the path is a file/);
  });

  test('is shared with other processes that write the same entries at the same time', async () => {
    const script = `
      import { ValueBagOfHoldingH5File } from 'fleche/storage'; import { digest } from 'fleche';
      const values = await ValueBagOfHoldingH5File.open({ root: process.argv[1], fsync: false });
      for (let i = 0; i < 100; i += 1) {
        const key = digest(i % 10);
        values.put(key, { i: i % 10, more: new Float64Array(1000) });
        const got = values.get(digest((i + 5) % 10));
        if (got !== undefined && got.value.i !== (i + 5) % 10) process.exit(3);
        if (i % 7 === 0) values.evict(digest((i + 3) % 10));
      }`;
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const children = [1, 2].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script, root], { cwd, stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0]);
    expect(readdirSync(root).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });
});

test('a cache of such files runs a call again whose result is damaged', async () => {
  const c = new Cache({
    values: await ValueBagOfHoldingH5File.open({ root: join(root, 'values') }),
    calls: await CallBagOfHoldingH5File.open({ root: join(root, 'calls') }),
  });
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const runs: number[] = [];
  // What it captures changes with each run.
  const f = fleche({ hashCode: 'source' }, function add(a: number, b: number) {
    runs.push(a);
    return { sum: a + b };
  });
  cache(c, () => {
    expect([f(2, 3), f(2, 3)]).toEqual([{ sum: 5 }, { sum: 5 }]);
    expect([...c.calls.list()].length).toBe(1);
    writeFileSync(join(root, 'values', digest({ sum: 5 })), 'torn');
    expect([f(2, 3), f(2, 3)]).toEqual([{ sum: 5 }, { sum: 5 }]);
  });
  expect(runs).toEqual([2, 2]);
  expect(String(warned.mock.calls[0]?.[0])).toMatch(/is corrupt: it is no HDF5 file/);
});

test('options that do not fit are refused', async () => {
  expect(await reason(() => ValueBagOfHoldingH5File.open({ root: '' }))).toMatch(/^Configuration: root must be/);
  expect(await reason(() => CallBagOfHoldingH5File.open({ root, compression: 10 }))).toMatch(
    /^Configuration: compression is an integer from 0 to 9, not 10/,
  );
  expect(await reason(() => CallBagOfHoldingH5File.open({ root, compression: '4' as never }))).toMatch(
    /^Configuration: compression/,
  );
});
