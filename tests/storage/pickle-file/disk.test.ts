import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Cache, cache, digest, fleche } from '../../../src/index.js';
import { CallPickleFile, ValuePickleFile } from '../../../src/storage/index.js';
import { key, ownDirectory, reason, repository } from './setting.js';

const directory = ownDirectory();
let root = '';
beforeEach(() => {
  root = directory.path;
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('the disk', () => {
  test('that is full costs the result nothing and leaves nothing behind', (context) => {
    const mount = join(root, 'small');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200k', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      return context.skip('a small file system cannot be mounted here: it takes root');
    }
    try {
      const values = ValuePickleFile.withPickle({ root: mount });
      values.put(digest(1), 'fits');
      expect(reason(() => values.put(key, new Float64Array(100_000)))).toMatch(
        /^Rejected: .* takes no changes: the disk is full/,
      );
      const compressed = ValuePickleFile.withPickle({ root: mount, compress: true });
      const noise = Float64Array.from({ length: 100_000 }, Math.random);
      expect(reason(() => compressed.put(key, noise))).toMatch(/^Rejected: .* the disk is full/);
      expect(readdirSync(mount)).toEqual([digest(1)]);
      expect(values.get(digest(1))).toEqual({ value: 'fits' });

      const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
      const work = fleche(function work(length: number) {
        return new Float64Array(length);
      });
      const c = new Cache({ values, calls: CallPickleFile.withPickle({ root: join(mount, 'calls') }) });
      expect(cache(c, () => work(100_000)).length).toBe(100_000);
      expect(String(warned.mock.calls[0]?.[0])).toMatch(/the disk is full/);
      expect([...c.calls.list()]).toEqual([]);
    } finally {
      execFileSync('umount', [mount]);
    }
  });

  test('that takes no changes is said so', () => {
    writeFileSync(join(root, 'file'), 'x');
    const values = ValuePickleFile.withPickle({ root: join(root, 'file', 'values') });
    expect(values.get(key)).toBeUndefined();
    expect(reason(() => values.put(key, 1))).toMatch(/^Rejected: .* a part of the path is a file/);
  });

  test('is shared with other processes that write the same entries at the same time', async () => {
    const script = `
      import { CallPickleFile, ValuePickleFile } from 'fleche/storage'; import { digest } from 'fleche';
      const values = ValuePickleFile.withPickle({ root: process.argv[1], fsync: false });
      for (let i = 0; i < 300; i += 1) {
        const key = digest(i % 10);
        values.put(key, { i: i % 10, more: 'x'.repeat(1000) });
        const got = values.get(digest((i + 5) % 10));
        if (got !== undefined && got.value.i !== (i + 5) % 10) process.exit(3);
        if (i % 7 === 0) values.evict(digest((i + 3) % 10));
      }`;
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script, root], { cwd: repository, stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect(readdirSync(root).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });

  test('is left with whole entries by a writer that is killed', async () => {
    const script = `
      import { CallPickleFile, ValuePickleFile } from 'fleche/storage'; import { digest } from 'fleche';
      const values = ValuePickleFile.withPickle({ root: process.argv[1], fsync: false });
      console.log('ready');
      for (let i = 0; ; i += 1) values.put(digest(i % 3), new Float64Array(200_000).fill(i));`;
    const values = ValuePickleFile.withPickle({ root });
    for (const afterMs of [20, 37, 61]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, root], { cwd: repository });
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      child.kill('SIGKILL');
      await once(child, 'exit');
      for (const each of values.list()) {
        const array = values.get(each)?.value as Float64Array;
        expect(array.length).toBe(200_000);
        expect(array[199_999]).toBe(array[0]);
      }
    }
    expect([...values.list()].length).toBeGreaterThan(0);
  });
});
