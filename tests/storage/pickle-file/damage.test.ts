import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    const f = fleche({ hashCode: 'source' }, function work(n: number) {
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
