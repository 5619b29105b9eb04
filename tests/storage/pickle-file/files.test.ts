import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Cache, cache, digest, fleche, isFlecheError } from '../../../src/index.js';
import { CallPickleFile, registerSerializer, ValuePickleFile } from '../../../src/storage/index.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleche-pickle-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const key = digest('key');
const reason = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    return isFlecheError(error) ? `${error.tag}: ${error.message}` : `other: ${String(error)}`;
  }
  return 'nothing thrown';
};

describe('the files', () => {
  test('are named by the digest, flat, and nothing else lies beside them', () => {
    const values = ValuePickleFile.withPickle({ root: join(root, 'deep/values') });
    expect(existsSync(join(root, 'deep'))).toBe(false);
    values.put(key, [1, 2]);
    values.put(digest(2), 2);
    expect(readdirSync(join(root, 'deep/values')).sort()).toEqual([key, digest(2)].sort());
    expect(statSync(join(root, 'deep/values', key)).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('are found whatever the layout that wrote them', () => {
    const flat = ValuePickleFile.withPickle({ root });
    const sharded = ValuePickleFile.withPickle({ root, shard: 2 });
    flat.put(digest(1), 'flat');
    sharded.put(digest(2), 'sharded');
    expect(readdirSync(root).sort()).toEqual([digest(1), digest(2).slice(0, 2)].sort());
    for (const storage of [flat, sharded]) {
      expect([storage.get(digest(1))?.value, storage.get(digest(2))?.value]).toEqual(['flat', 'sharded']);
      expect([...storage.list()].sort()).toEqual([digest(1), digest(2)].sort());
      expect([...storage.startingWith(digest(2).slice(0, 5))]).toEqual([digest(2)]);
    }
    expect([sharded.evict(digest(1)), flat.evict(digest(2)), flat.evict(digest(2))]).toEqual([true, true, false]);
  });

  test('that are compressed are gzip to everybody, and are read with or without the option', () => {
    const compressed = ValuePickleFile.withPickle({ root, compress: true });
    const plain = ValuePickleFile.withPickle({ root });
    const noise = Float64Array.from({ length: 50_000 }, () => Math.random());
    const value = { text: 'a'.repeat(100_000), noise, ramp: new Float64Array(50_000) };
    compressed.put(key, value);
    const file = readFileSync(join(root, key));
    expect([...file.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
    expect(file.length).toBeLessThan(noise.byteLength * 1.02);
    const unpacked = execFileSync('zcat', { input: file, maxBuffer: 1 << 28 });
    plain.put(digest('plain'), value);
    expect(unpacked.equals(readFileSync(join(root, digest('plain'))))).toBe(true);
    for (const storage of [compressed, plain]) {
      expect(storage.get(key)).toEqual({ value });
      expect(storage.get(digest('plain'))).toEqual({ value });
    }
  });

  test('keep to the directory that they were opened with', () => {
    const before = process.cwd();
    try {
      process.chdir(root);
      const values = ValuePickleFile.withPickle({ root: 'values' });
      process.chdir(tmpdir());
      values.put(key, 1);
      expect(existsSync(join(root, 'values', key))).toBe(true);
    } finally {
      process.chdir(before);
    }
  });

  test('of strangers are passed over', () => {
    const values = ValuePickleFile.withPickle({ root });
    values.put(key, 1);
    writeFileSync(join(root, `.${digest(9)}.123-x.tmp`), 'x');
    writeFileSync(join(root, 'README'), 'x');
    mkdirSync(join(root, 'zz'));
    expect([...values.list()]).toEqual([key]);
  });

  test('that a dead process left half-written are swept when they are old', () => {
    const dead = spawnSync('true').pid;
    const left = join(root, `.${key}.${dead}-abc-1-xyz.tmp`);
    const fresh = join(root, `.${key}.${dead}-abc-2-xyz.tmp`);
    const alive = join(root, `.${key}.${process.pid}-abc-3-xyz.tmp`);
    for (const path of [left, fresh, alive]) writeFileSync(path, 'half');
    for (const path of [left, alive]) utimesSync(path, new Date(0), new Date(0));
    ValuePickleFile.withPickle({ root });
    expect([left, fresh, alive].map((path) => existsSync(path))).toEqual([false, true, true]);
  });
});

describe('damage', () => {
  test.each([[{}], [{ compress: true }]])('of any byte or at any length is noticed (%j)', (options) => {
    const values = ValuePickleFile.withPickle({ root, fsync: false, ...options });
    const value = { list: [1, 2, 3], text: 'hello', bytes: new Uint8Array(300).fill(7) };
    values.put(key, value);
    const path = join(root, key);
    const file = readFileSync(path);
    for (let length = 0; length < file.length; length += 1) {
      writeFileSync(path, file.subarray(0, length));
      expect(
        reason(() => values.get(key)),
        `${length} of ${file.length} bytes`,
      ).toMatch(/^CorruptEntry: /);
    }
    for (let at = 0; at < file.length; at += 1) {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      writeFileSync(path, flipped);
      // The header of gzip has bytes that mean nothing (time, system): then the value is right.
      let got: unknown;
      const told = reason(() => {
        got = values.get(key)?.value;
      });
      if (told === 'nothing thrown') expect(got, `byte ${at}`).toEqual(value);
      else expect(told).toMatch(/^CorruptEntry: /);
    }
  });

  test('to a call record is noticed, also when it is a whole value of another kind', () => {
    ValuePickleFile.withPickle({ root }).put(key, { name: 'no record' });
    expect(reason(() => CallPickleFile.withPickle({ root }).get(key))).toMatch(
      /^CorruptEntry: entry [0-9a-f]{64} of .* is corrupt: the module of the call is no text/,
    );
  });

  test('is a miss and a warning to a cached function, and the next call mends it', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const c = new Cache({
      values: ValuePickleFile.withPickle({ root: join(root, 'v') }),
      calls: CallPickleFile.withPickle({ root: join(root, 'c') }),
    });
    const runs: number[] = [];
    const f = fleche(function work(n: number) {
      runs.push(n);
      return { n };
    });
    cache(c, () => {
      f(1);
      const result = join(root, 'v', digest({ n: 1 }));
      writeFileSync(result, readFileSync(result).subarray(0, 40));
      expect(f(1)).toEqual({ n: 1 });
      expect(f(1)).toEqual({ n: 1 });
      expect(runs).toEqual([1, 1]);
      expect(String(warned.mock.calls[0]?.[0])).toMatch(/is corrupt: .*; the call runs again/);
    });
  });
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
      expect(readdirSync(mount)).toEqual([digest(1)]);
      expect(values.get(digest(1))).toEqual({ value: 'fits' });
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
      import { ValuePickleFile } from 'fleche/storage'; import { digest } from 'fleche';
      const values = ValuePickleFile.withPickle({ root: process.argv[1], fsync: false });
      for (let i = 0; i < 300; i += 1) {
        const key = digest(i % 10);
        values.put(key, { i: i % 10, more: 'x'.repeat(1000) });
        const got = values.get(digest((i + 5) % 10));
        if (got !== undefined && got.value.i !== (i + 5) % 10) process.exit(3);
        if (i % 7 === 0) values.evict(digest((i + 3) % 10));
      }`;
    const cwd = fileURLToPath(new URL('../../..', import.meta.url));
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script, root], { cwd, stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect(readdirSync(root).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });
});

test('options that do not fit are refused', () => {
  expect(reason(() => ValuePickleFile.withPickle({ root: '' }))).toMatch(/^Configuration: root must be/);
  expect(reason(() => ValuePickleFile.withPickle({ root, shard: 1 as never }))).toMatch(
    /^Configuration: shard is 0 or 2/,
  );
  expect(reason(() => ValuePickleFile.withSerializer('marshal', { root }))).toMatch(
    /^Configuration: .*pickle, cloudpickle, dill/,
  );
});

test('a serializer of one’s own has the same files', () => {
  registerSerializer({
    name: 'json',
    holds: 'data',
    dump: (value) => [Buffer.from(JSON.stringify(value))],
    load: (source) => {
      const bytes = Buffer.alloc(source.sizeBytes);
      source.read(bytes, 0);
      return JSON.parse(bytes.toString()) as unknown;
    },
  });
  const values = ValuePickleFile.withSerializer('json', { root, compress: true });
  values.put(key, { a: [1] });
  expect(values.get(key)).toEqual({ value: { a: [1] } });
  expect(values.serializer).toBe('json');
});
