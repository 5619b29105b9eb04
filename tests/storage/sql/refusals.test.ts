/** Disks that are full and files that may not be written. The programs run where a small disk is mounted for them alone. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Sql } from '../../../src/storage/sql/sql.js';
import { buildSources, hasSqlite, sqlite, startNode, temporaryDirectory } from './other-programs.js';
import { keyOf, recordOf } from './samples.js';

// Remounting, too: it takes root, where mounting does not.
const canMount =
  spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs none /mnt && mount -o remount,ro /mnt']).status === 0;
const directory = temporaryDirectory();
let root = '';
beforeAll(() => {
  root = buildSources(['sql.js', 'koffi', '@koromix']);
});

/** Runs `script` with a disk of its own, of 300 KB, at `disk`; gives what it prints. */
async function onSmallDisk(script: string): Promise<unknown> {
  const disk = join(directory, 'disk');
  mkdirSync(disk, { recursive: true });
  const mounted = `
    import { spawnSync } from 'node:child_process';
    const mount = (...values) => spawnSync('mount', values);
    const disk = ${JSON.stringify(disk)};
    ${script}
  `;
  const outer = `
    import { spawnSync } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    const inner = new URL('inner.js', import.meta.url).pathname;
    writeFileSync(inner, ${JSON.stringify(mounted)});
    const command = 'mount -t tmpfs -o size=300k none ' + ${JSON.stringify(disk)} + ' && exec ' + process.execPath + ' ' + inner;
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', command], { encoding: 'utf8' });
    process.stderr.write(stderr);
    process.stdout.write(stdout);
  `;
  const { output, errors } = await startNode(root, outer).ended;
  expect(errors).toBe('');
  return JSON.parse(output);
}

describe.skipIf(!canMount)('a disk that gets full', () => {
  test.each(['full', 'os'])('with durability %s: RejectedError, and what was there stays whole', async (durability) => {
    const result = await onSmallDisk(`
      import { copyFileSync } from 'node:fs';
      import { Sql, keyOf, recordOf } from './sql.js';
      const url = disk + '/calls.db';
      const storage = await Sql.open({ url, durability: ${JSON.stringify(durability)} });
      let put = 0, failure;
      while (failure === undefined && put < 10_000) {
        try { storage.put(keyOf('call ' + put), recordOf('call ' + put)); put += 1; } catch (error) { failure = error; }
      }
      const whole = () => [...storage.list()].every((key) => storage.get(key).value.name.startsWith('call '));
      const result = { put, tag: failure?.tag, message: failure?.message, listed: [...storage.list()].length, whole: whole() };
      let freed = 0;
      for (const key of [...storage.list()].slice(0, 200)) {
        try { if (storage.evict(key)) freed += 1; } catch (error) { result.evicting = error.tag; break; }
      }
      mount('-o', 'remount,size=3m', disk);
      storage.put(keyOf('call after'), recordOf('call after'));
      result.after = storage.contains(keyOf('call after')) && [...storage.list()].length === put + 1 - freed && whole();
      storage.close();
      copyFileSync(url, ${JSON.stringify(join(directory, 'copy.db'))});
      console.log(JSON.stringify(result));
    `);
    expect(result).toMatchObject({ tag: 'Rejected', whole: true, after: true });
    const { put, listed, message } = result as { put: number; listed: number; message: string };
    expect(put).toBeGreaterThan(50);
    expect(listed).toBe(put);
    expect(message).toMatch(/disk is full/);
    if (hasSqlite) expect(sqlite(join(directory, 'copy.db'), 'PRAGMA integrity_check')).toBe('ok');
  });
});

describe.skipIf(!canMount)('a disk that may not be written', () => {
  test('calls are read; a change is a RejectedError; no database is made', async () => {
    const result = await onSmallDisk(`
      import { readdirSync } from 'node:fs';
      import { Sql, keyOf, recordOf } from './sql.js';
      const first = await Sql.open({ url: disk + '/calls.db' });
      first.put(keyOf('x'), recordOf('x'));
      first.close();
      mount('-o', 'remount,ro', disk);
      const tagOf = async (action) => { try { await action(); return 'none'; } catch (error) { return error.tag; } };
      const storage = await Sql.open({ url: disk + '/calls.db' });
      console.log(JSON.stringify({
        name: storage.get(keyOf('x')).value.name,
        put: await tagOf(() => storage.put(keyOf('y'), recordOf('y'))),
        evict: await tagOf(() => storage.evict(keyOf('x'))),
        listed: [...storage.list()].length,
        another: await tagOf(() => Sql.open({ url: disk + '/another.db' })),
        files: readdirSync(disk),
      }));
    `);
    expect(result).toEqual({
      name: 'x',
      put: 'Rejected',
      evict: 'Rejected',
      listed: 1,
      another: 'Rejected',
      files: ['calls.db'],
    });
  });

  test('one in WAL mode is a RejectedError, since it would have to be converted', async () => {
    const fixture = join(import.meta.dirname, '../../fixtures/python-calls.db');
    const result = await onSmallDisk(`
      import { cpSync, readFileSync, readdirSync } from 'node:fs';
      import { Sql } from './sql.js';
      cpSync(${JSON.stringify(fixture)}, disk + '/calls.db');
      mount('-o', 'remount,ro', disk);
      const error = await Sql.open({ url: disk + '/calls.db', timeoutMs: 100 }).catch((error) => error);
      console.log(JSON.stringify({ tag: error.tag, message: error.message, files: readdirSync(disk) }));
    `);
    expect(result).toMatchObject({ tag: 'Rejected', message: expect.stringMatching(/WAL/), files: ['calls.db'] });
  });
});

describe('a file without the permission to write', () => {
  test('calls are read; a change is a RejectedError', async (context) => {
    if (process.getuid?.() === 0) return context.skip('root may write to every file');
    const path = join(directory, 'read-only.db');
    const first = await Sql.open({ url: path });
    first.put(keyOf('x'), recordOf('x'));
    first.close();
    chmodSync(path, 0o444);
    const before = readFileSync(path);
    const storage = await Sql.open({ url: path });
    expect(storage.get(keyOf('x'))?.value).toStrictEqual(recordOf('x'));
    expect(() => storage.put(keyOf('y'), recordOf('y'))).toThrow(expect.objectContaining({ tag: 'Rejected' }));
    expect(readFileSync(path).equals(before)).toBe(true);
    storage.close();
  });
});
