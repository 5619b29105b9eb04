import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { digest } from '../../../src/index.js';
import {
  type ByteSource,
  CallMemory,
  CallPickleFile,
  registerSerializer,
  ValuePickleFile,
} from '../../../src/storage/index.js';
import { key, ownDirectory, reason } from './setting.js';

const directory = ownDirectory();
let root = '';
beforeEach(() => {
  root = directory.path;
});

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
