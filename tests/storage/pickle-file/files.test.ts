import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
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
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Cache, cache, digest, fleche, isFlecheError } from '../../../src/index.js';
import {
  type ByteSource,
  CallMemory,
  CallPickleFile,
  registerSerializer,
  ValuePickleFile,
} from '../../../src/storage/index.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fleche-pickle-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  vi.restoreAllMocks();
});

const key = digest('key');
const repository = fileURLToPath(new URL('../../..', import.meta.url));
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

  test('that a dead process left half-written are swept by the next put', () => {
    const left = join(root, `.${key}.${spawnSync('true').pid}-abc-1-xyz.tmp`);
    writeFileSync(left, 'half');
    utimesSync(left, new Date(0), new Date(0));
    const values = ValuePickleFile.withPickle({ root });
    values.put(key, 1);
    expect(readdirSync(root)).toEqual([key]);
  });

  test('of the other layout do not outlive what replaces them', () => {
    const flat = ValuePickleFile.withPickle({ root });
    const sharded = ValuePickleFile.withPickle({ root, shard: 2 });
    for (const [writer, value] of [[flat, 1] as const, [sharded, 2] as const, [flat, 3] as const]) {
      writer.put(key, value);
      expect([flat.get(key)?.value, sharded.get(key)?.value]).toEqual([value, value]);
      expect([...flat.list()]).toEqual([key]);
    }
  });

  test('have digests as keys and nothing else', () => {
    const values = ValuePickleFile.withPickle({ root: join(root, 'values') });
    writeFileSync(join(root, 'secret'), 'x');
    for (const wrong of ['../secret', 'ABC', key.slice(1), '']) {
      const told = /^Configuration: .* is no digest/;
      expect(reason(() => values.get(wrong as never))).toMatch(told);
      expect(reason(() => values.put(wrong as never, 1))).toMatch(told);
      expect(reason(() => values.evict(wrong as never))).toMatch(told);
      expect(reason(() => values.contains(wrong as never))).toMatch(told);
    }
    expect(existsSync(join(root, 'secret'))).toBe(true);
  });

  test('take call records that are frozen, as those from memory are', () => {
    const memory = new CallMemory();
    const record = {
      name: 'add',
      module: null,
      version: 1,
      codeDigest: null,
      arguments: { b: digest(1), a: digest(2) },
      result: digest(3),
      metadata: { tags: { list: [1, { deep: null }], project: 'x' } },
      scheme: 'fleche-1',
    };
    memory.put(key, record);
    const calls = CallPickleFile.withPickle({ root });
    calls.put(key, memory.get(key)?.value as typeof record);
    expect(calls.get(key)).toEqual({ value: record });
    expect(Object.keys(calls.get(key)?.value.arguments ?? {})).toEqual(['b', 'a']);
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

  test('to the whole file is noticed', () => {
    const values = ValuePickleFile.withPickle({ root });
    const garbage = ['', 'x', '\x1f\x8b', '\x1f\x8b\x08garbage', 'garbage '.repeat(10_000), '{"json": true}'];
    for (const content of garbage) {
      writeFileSync(join(root, key), content, 'latin1');
      expect(
        reason(() => values.get(key)),
        JSON.stringify(content.slice(0, 20)),
      ).toMatch(new RegExp(`^CorruptEntry: entry ${key} of .*${key} is corrupt: `));
    }
    rmSync(join(root, key));
    mkdirSync(join(root, key));
    expect(reason(() => values.get(key))).toMatch(/^CorruptEntry: .*EISDIR/);
    expect([values.contains(key), values.sizeBytes(key)]).toEqual([false, undefined]);
  });

  test('done by permissions is a corrupt entry as well, and a directory that takes no changes refuses', () => {
    ValuePickleFile.withPickle({ root }).put(key, 1);
    chmodSync(join(root, key), 0o000);
    chmodSync(root, 0o555);
    const { stdout } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { ValuePickleFile } from 'fleche/storage';
         if (process.getuid() === 0) process.setuid(65534);
         const [, root, key] = process.argv;
         const values = ValuePickleFile.withPickle({ root });
         for (const body of [() => values.get(key), () => values.put(key, 2), () => values.evict(key)]) {
           try { body(); console.log('done'); } catch (error) { console.log(error.tag, error.message.split(': ').at(-1)); }
         }`,
        root,
        key,
      ],
      { cwd: repository, encoding: 'utf8' },
    );
    chmodSync(root, 0o755);
    expect(stdout.replace(/, open.*/, '')).toBe(
      'CorruptEntry permission denied\nRejected permission denied\nRejected permission denied\n',
    );
    expect(readdirSync(root)).toEqual([key]);
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
    const children = [1, 2, 3].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script, root], { cwd: repository, stdio: 'inherit' }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect(readdirSync(root).every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  });

  test('is left with whole entries by a writer that is killed', async () => {
    const script = `
      import { ValuePickleFile } from 'fleche/storage'; import { digest } from 'fleche';
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

test('options that do not fit are refused', () => {
  expect(reason(() => ValuePickleFile.withPickle({ root: '' }))).toMatch(/^Configuration: root must be/);
  expect(reason(() => ValuePickleFile.withPickle({ root, shard: 1 as never }))).toMatch(
    /^Configuration: shard is 0 or 2/,
  );
  expect(reason(() => ValuePickleFile.withSerializer('marshal', { root }))).toMatch(
    /^Configuration: .*pickle, cloudpickle, dill/,
  );
});

describe('a serializer of one’s own', () => {
  const bytesOf = (source: ByteSource): Buffer => {
    const bytes = Buffer.alloc(source.sizeBytes);
    source.read(bytes, 0);
    return bytes;
  };

  test('has the same files, and what it throws over bytes of others is damage', () => {
    registerSerializer({
      name: 'json',
      holds: 'data',
      dump: (value) => [Buffer.from(JSON.stringify(value))],
      load: (source) => JSON.parse(bytesOf(source).toString()) as unknown,
    });
    const values = ValuePickleFile.withSerializer('json', { root, compress: true });
    values.put(key, { a: [1] });
    expect(values.get(key)).toEqual({ value: { a: [1] } });
    expect(values.serializer).toBe('json');
    writeFileSync(join(root, key), '{"a": [1');
    expect(reason(() => values.get(key))).toMatch(/^CorruptEntry: .* is corrupt: it cannot be read \(.*JSON/);
  });

  test('may compress by itself, with and without the option', () => {
    registerSerializer({
      name: 'zipped',
      holds: 'data',
      dump: (value) => [gzipSync(JSON.stringify(value))],
      load: (source) => JSON.parse(gunzipSync(bytesOf(source)).toString()) as unknown,
    });
    for (const compress of [false, true]) {
      const values = ValuePickleFile.withSerializer('zipped', { root, compress });
      values.put(key, { compress });
      expect(values.get(key)).toEqual({ value: { compress } });
    }
  });
});
