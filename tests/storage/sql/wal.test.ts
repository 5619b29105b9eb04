import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/digest/types.js';
import { Sql } from '../../../src/storage/sql/sql.js';
import { hasPython, type Running, start, temporaryDirectory } from './other-programs.js';
import { keyOf, recordOf } from './samples.js';

const fixtures = join(import.meta.dirname, '../../fixtures');

interface ExpectedCall {
  readonly where: readonly string[];
  readonly key: Digest;
  readonly call: Readonly<Record<string, unknown>> & { readonly arguments: [string, Digest][] };
}
const expected = JSON.parse(readFileSync(join(fixtures, 'python-calls.json'), 'utf8')) as ExpectedCall[];

/** What the Python library says of the calls of one fixture, as our records. */
function recordsOf(fixture: string): Record<string, unknown> {
  const calls = expected.filter(({ where }) => where.includes(fixture));
  return Object.fromEntries(
    calls.map(({ key, call: { code_digest: codeDigest, ...call } }) => [
      key,
      { ...call, codeDigest, arguments: Object.fromEntries(call.arguments), scheme: 'python' },
    ]),
  );
}

function recordsIn(storage: Sql): Record<string, unknown> {
  return Object.fromEntries([...storage.list()].map((key) => [key, storage.get(key)?.value]));
}

/** Keeps a database open as the Python library does, in the mode and at the point that `script` leaves it. */
async function holdOpen(path: string, script: string): Promise<Running> {
  const holder = start('python3', [
    '-c',
    `import sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\n${script}\nprint("open", flush=True)\nsys.stdin.read()\n`,
    path,
  ]);
  await holder.said('open');
  return holder;
}
const add = (name: string): string =>
  `db.execute("INSERT INTO calls (key, name) VALUES ('${keyOf(name)}', '${name}')"); db.commit()`;

describe('databases of the Python library', () => {
  const directory = temporaryDirectory();

  test('one that was closed: all calls, as the library itself says them', async () => {
    const path = join(directory, 'calls.db');
    cpSync(join(fixtures, 'python-calls.db'), path);
    const storage = await Sql.open({ url: path });
    expect(recordsIn(storage)).toStrictEqual(recordsOf('python-calls.db'));
    expect(Object.keys(recordsIn(storage))).toHaveLength(9);
    for (const { key, call } of expected) {
      const names = call.arguments.map(([name]) => name);
      expect(Object.keys(storage.get(key)?.value.arguments ?? {})).toEqual(names);
    }
    storage.close();
    expect([...readFileSync(path).subarray(18, 20)]).toEqual([1, 1]);
  });

  test('one that was left with everything in its -wal: nothing is lost', async () => {
    const path = join(directory, 'live/calls.db');
    cpSync(join(fixtures, 'python-calls-live'), join(directory, 'live'), { recursive: true });
    const storage = await Sql.open({ url: path });
    expect(recordsIn(storage)).toStrictEqual(recordsOf('python-calls-live'));
    expect(Object.keys(recordsIn(storage))).toHaveLength(1);
    storage.put(keyOf('new'), recordOf('new'));
    storage.close();
    expect(readdirSync(join(directory, 'live'))).toEqual(['calls.db']);
  });

  test('a -wal and -shm that belong to a database which is gone do not come back to life', async () => {
    mkdirSync(join(directory, 'stale'));
    const path = join(directory, 'stale/calls.db');
    cpSync(join(fixtures, 'python-calls-live/calls.db-wal'), `${path}-wal`);
    const storage = await Sql.open({ url: path });
    expect([...storage.list()]).toEqual([]);
    storage.put(keyOf('new'), recordOf('new'));
    expect([...storage.list()]).toEqual([keyOf('new')]);
    storage.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
  });
});

describe.skipIf(!hasPython)('databases that Python has open', () => {
  const directory = temporaryDirectory();
  const bytesOf = (path: string): string[] =>
    ['', '-wal', '-shm'].map((suffix) =>
      existsSync(path + suffix) ? readFileSync(path + suffix).toString('base64') : '-',
    );

  test('in WAL mode: StorageLockedError, and not a byte is changed', async () => {
    const path = join(directory, 'live.db');
    cpSync(join(fixtures, 'python-calls.db'), path);
    const holder = await holdOpen(path, `db.execute("PRAGMA journal_mode=WAL"); ${add('theirs')}`);
    const before = bytesOf(path);
    expect(before[1]).not.toBe('-');
    for (let i = 0; i < 2; i += 1) {
      await expect(Sql.open({ url: path, timeoutMs: 100 })).rejects.toMatchObject({
        tag: 'StorageLocked',
        message: expect.stringMatching(/WAL/),
      });
    }
    expect(bytesOf(path)).toEqual(before);
    holder.process.stdin?.end(add('x'));
    expect((await holder.ended).code).toBe(0);
    const storage = await Sql.open({ url: path });
    expect(Object.keys(recordsIn(storage))).toHaveLength(10);
    storage.close();
  });

  test('in WAL mode and only read from: the same', async () => {
    const path = join(directory, 'reader.db');
    cpSync(join(fixtures, 'python-calls.db'), path);
    const holder = await holdOpen(path, 'db.execute("SELECT count(*) FROM calls").fetchall()');
    await expect(Sql.open({ url: path, timeoutMs: 100 })).rejects.toMatchObject({ tag: 'StorageLocked' });
    holder.process.stdin?.end();
    await holder.ended;
    expect([...readFileSync(path).subarray(18, 20)]).toEqual([2, 2]);
  });

  test('in WAL mode, killed: what it committed is there', async () => {
    const path = join(directory, 'killed.db');
    cpSync(join(fixtures, 'python-calls.db'), path);
    const holder = await holdOpen(path, add('committed'));
    holder.process.kill('SIGKILL');
    await holder.ended;
    expect(existsSync(`${path}-wal`)).toBe(true);
    const storage = await Sql.open({ url: path });
    expect(storage.get(keyOf('committed'))?.value.name).toBe('committed');
    expect(Object.keys(recordsIn(storage))).toHaveLength(10);
    storage.close();
    expect(existsSync(`${path}-wal`) || existsSync(`${path}-shm`)).toBe(false);
  });

  test('turned to WAL under our open handle: StorageLockedError while it is open there, all of it afterwards', async () => {
    const path = join(directory, 'turned.db');
    const storage = await Sql.open({ url: path, timeoutMs: 100 });
    storage.put(keyOf('ours'), recordOf('ours'));
    const holder = await holdOpen(path, `db.execute("PRAGMA journal_mode=WAL"); ${add('theirs')}`);
    const before = bytesOf(path);
    const locked = expect.objectContaining({ tag: 'StorageLocked', message: expect.stringMatching(/WAL/) });
    expect(() => [...storage.list()]).toThrow(locked);
    expect(() => storage.get(keyOf('ours'))).toThrow(locked);
    expect(() => storage.contains(keyOf('ours'))).toThrow(locked);
    expect(() => storage.put(keyOf('more'), recordOf('more'))).toThrow(locked);
    expect(() => storage.evict(keyOf('ours'))).toThrow(locked);
    expect(bytesOf(path)).toEqual(before);
    holder.process.stdin?.end();
    await holder.ended;
    expect([...storage.list()].sort()).toEqual([keyOf('ours'), keyOf('theirs')].sort());
    storage.put(keyOf('more'), recordOf('more'));
    expect([...storage.list()]).toHaveLength(3);
    storage.close();
  });

  test('removed while Python has it open in WAL mode: a new database, beside theirs', async () => {
    const path = join(directory, 'removed.db');
    cpSync(join(fixtures, 'python-calls.db'), path);
    const holder = await holdOpen(path, add('theirs'));
    rmSync(path);
    const storage = await Sql.open({ url: path, timeoutMs: 1000 });
    expect([...storage.list()]).toEqual([]);
    storage.put(keyOf('new'), recordOf('new'));
    holder.process.stdin?.end();
    await holder.ended;
    expect([...storage.list()]).toEqual([keyOf('new')]);
    storage.close();
  });

  test('in an ordinary transaction: waited for, and told when it takes too long', async () => {
    const path = join(directory, 'busy.db');
    const storage = await Sql.open({ url: path, timeoutMs: 100 });
    const holder = await holdOpen(path, 'db.execute("BEGIN EXCLUSIVE")');
    expect(() => storage.contains(keyOf('x'))).toThrow(
      expect.objectContaining({ tag: 'StorageLocked', location: path }),
    );
    expect(() => storage.put(keyOf('x'), recordOf('x'))).toThrow(expect.objectContaining({ tag: 'StorageLocked' }));
    await expect(Sql.open({ url: path, timeoutMs: 100 })).rejects.toMatchObject({ tag: 'StorageLocked' });
    holder.process.stdin?.end();
    await holder.ended;
    storage.put(keyOf('x'), recordOf('x'));
    expect(storage.contains(keyOf('x'))).toBe(true);
    storage.close();
  });
});
