import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFlecheError } from '../../../src/errors.js';
import { Sql } from '../../../src/storage/sql/sql.js';
import { callStorageContract } from '../../../src/testing/index.js';
import { hasSqlite, sqlite, temporaryDirectory } from './other-programs.js';
import { keyOf, recordOf } from './samples.js';

const fixtures = join(import.meta.dirname, '../../fixtures');

describe('a database on disk', () =>
  callStorageContract({ test, open: (directory) => Sql.open({ url: `sqlite:///${directory}/calls.db` }) }));
describe('a database whose writes are not waited for', () =>
  callStorageContract({ test, open: (directory) => Sql.open({ url: join(directory, 'a.db'), durability: 'os' }) }));
describe('a database in memory', () => callStorageContract({ test, open: () => Sql.open({ url: 'sqlite://' }) }));

describe('where it lies', () => {
  const directory = temporaryDirectory();

  test('a relative URL is resolved when it is opened, and missing directories are made', async () => {
    const path = join(directory, 'not/there/yet/calls.db');
    const storage = await Sql.open({ url: `sqlite:///${relative(process.cwd(), path)}` });
    expect(storage.location).toBe(path);
    expect(existsSync(path)).toBe(true);
    expect(storage.capabilities).toMatchObject({ persistent: true, sharedByProcesses: true });
    storage.close();
  });

  test('databases in memory are apart, and gone when closed', async () => {
    const [one, other] = [await Sql.open({ url: 'sqlite://' }), await Sql.open({ url: ':memory:' })];
    one.put(keyOf('x'), recordOf('x'));
    expect([...other.list()]).toEqual([]);
    expect([...one.list()]).toEqual([keyOf('x')]);
    expect(one.location).toBe('memory');
    expect(one.capabilities).toMatchObject({ persistent: false, sharedByProcesses: false });
  });

  test('a symbolic link means the file behind it, and nothing lies beside the link', async () => {
    mkdirSync(join(directory, 'links'));
    const link = join(directory, 'links/link.db');
    symlinkSync(join(directory, 'target.db'), link);
    const target = await Sql.open({ url: join(directory, 'target.db') });
    const linked = await Sql.open({ url: link });
    linked.put(keyOf('x'), recordOf('x'));
    target.close();
    expect([...linked.list()]).toEqual([keyOf('x')]);
    linked.close();
    expect(readdirSync(join(directory, 'links'))).toEqual(['link.db']);
    expect(readdirSync(directory).filter((name) => name.startsWith('target'))).toEqual(['target.db']);
  });

  test('nothing lies beside a database that is at rest', async () => {
    const path = join(directory, 'alone/calls.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('x'), recordOf('x'));
    expect(readdirSync(join(directory, 'alone'))).toEqual(['calls.db']);
    storage.close();
    expect(readdirSync(join(directory, 'alone'))).toEqual(['calls.db']);
  });

  test('one that was closed says so, while another on the same file goes on', async () => {
    const url = join(directory, 'twice.db');
    const [one, other] = [await Sql.open({ url }), await Sql.open({ url })];
    one.close();
    one.close();
    expect(() => one.contains(keyOf('x'))).toThrow(/has been closed/);
    other.put(keyOf('x'), recordOf('x'));
    expect(other.contains(keyOf('x'))).toBe(true);
    other.close();
  });

  test('a file that was removed holds nothing; it is made again by the next put only', async () => {
    const path = join(directory, 'removed/calls.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('old'), recordOf('old'));
    rmSync(join(directory, 'removed'), { recursive: true });
    expect([...storage.list()]).toEqual([]);
    expect(storage.get(keyOf('old'))).toBeUndefined();
    expect(storage.evict(keyOf('old'))).toBe(false);
    expect(existsSync(path)).toBe(false);
    storage.put(keyOf('new'), recordOf('new'));
    expect([...storage.list()]).toEqual([keyOf('new')]);
    const reopened = await Sql.open({ url: path });
    expect([...reopened.list()]).toEqual([keyOf('new')]);
    reopened.close();
    storage.close();
  });

  test('a file that was replaced is the one that counts', async () => {
    const path = join(directory, 'replaced.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('old'), recordOf('old'));
    rmSync(path);
    cpSync(join(fixtures, 'python-calls.db'), path);
    expect([...storage.list()]).toHaveLength(9);
    storage.close();
  });

  test('options that do not fit are refused', async () => {
    await expect(Sql.open({ url: directory, durability: 'no' as never })).rejects.toThrow(/durability/);
    await expect(Sql.open({ url: directory, timeoutMs: Number.NaN })).rejects.toThrow(/timeoutMs/);
  });
});

describe('what it holds', () => {
  const directory = temporaryDirectory();

  test('metadata as Python has it, numbers that JSON lacks included', async () => {
    const storage = await Sql.open({ url: join(directory, 'metadata.db') });
    const record = {
      ...recordOf('metadata'),
      metadata: {
        odd: { nan: Number.NaN, list: [Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY], text: '\ud800 NaN' },
      },
    };
    storage.put(keyOf('metadata'), record);
    expect(storage.get(keyOf('metadata'))?.value).toStrictEqual(record);
    storage.close();
  });

  test('what it cannot hold is refused with its path, and nothing is stored', async () => {
    const storage = await Sql.open({ url: join(directory, 'refused.db') });
    const put = (part: object): unknown => {
      try {
        storage.put(keyOf('refused'), { ...recordOf('refused'), ...part });
      } catch (error) {
        if (isFlecheError(error, 'Serialization')) return error.path;
        throw error;
      }
      return undefined;
    };
    expect(put({ metadata: { a: { b: [1, new Map()] } } })).toBe('metadata.a.b[1]');
    expect(put({ metadata: { a: { b: undefined } } })).toBe('metadata.a.b');
    expect(put({ metadata: { a: [] } })).toBe('metadata.a');
    expect(put({ metadata: { fleche: { scheme: 'mine' } } })).toBe('metadata.fleche');
    expect(put({ name: 'half \ud800' })).toBe('name');
    expect(put({ result: 'short' })).toBe('result');
    expect(put({ arguments: { x: 'short' } })).toBe('arguments.x');
    expect([...storage.list()]).toEqual([]);
    storage.close();
  });

  test('an equal record is not written again', async () => {
    const path = join(directory, 'equal.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('x'), recordOf('x'));
    const before = readFileSync(path);
    storage.put(keyOf('x'), structuredClone(recordOf('x')));
    expect(readFileSync(path).equals(before)).toBe(true);
    storage.put(keyOf('x'), { ...recordOf('x'), result: null });
    expect(readFileSync(path).equals(before)).toBe(false);
    storage.close();
  });

  test('another order of the arguments is another record', async () => {
    const storage = await Sql.open({ url: join(directory, 'order.db') });
    const [a, b] = [keyOf('a'), keyOf('b')];
    storage.put(keyOf('x'), { ...recordOf('x'), arguments: { a, b } });
    storage.put(keyOf('x'), { ...recordOf('x'), arguments: { b, a } });
    expect(Object.keys(storage.get(keyOf('x'))?.value.arguments ?? {})).toEqual(['b', 'a']);
    storage.close();
  });

  test('the scheme is kept beside the metadata, and a record without one is of the Python library', async () => {
    const path = join(directory, 'scheme.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('ours'), recordOf('ours'));
    storage.put(keyOf('python'), { ...recordOf('python'), scheme: 'python' });
    expect(storage.get(keyOf('ours'))?.value).toStrictEqual(recordOf('ours'));
    expect(storage.get(keyOf('python'))?.value.scheme).toBe('python');
    storage.close();
    if (hasSqlite)
      expect(sqlite(path, "SELECT data FROM metadata WHERE name = 'fleche'")).toBe('{"scheme": "test-scheme"}');
  });
});

describe.skipIf(!hasSqlite)('the sqlite3 program', () => {
  const directory = temporaryDirectory();

  test('reads what we wrote, with the schema of the Python library to the letter', async () => {
    const path = join(directory, 'calls.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('x'), recordOf('x'));
    expect(sqlite(path, 'PRAGMA integrity_check; PRAGMA journal_mode; PRAGMA foreign_key_check')).toBe('ok\ndelete');
    expect(sqlite(path, 'SELECT "key", name, module FROM calls')).toBe(`${keyOf('x')}|x|module`);
    expect(sqlite(path, 'SELECT position, name FROM arguments')).toBe('0|b\n1|a');
    expect(sqlite(path, 'SELECT name, data FROM metadata')).toBe(
      'runtime|{"walltime": 0.5}\nfleche|{"scheme": "test-scheme"}',
    );
    const schema = 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name';
    expect(sqlite(path, schema)).toBe(sqlite(join(fixtures, 'python-calls.db'), schema));
    storage.close();
  });

  test('is seen by a handle that is open already, and its rows without a call stand in nobody’s way', async () => {
    const path = join(directory, 'seen.db');
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('x'), recordOf('x'));
    sqlite(path, `INSERT INTO calls ("key", name) VALUES ('${keyOf('theirs')}', 'theirs')`);
    expect(storage.get(keyOf('theirs'))?.value).toMatchObject({ name: 'theirs', result: null, scheme: 'python' });
    // Without PRAGMA foreign_keys the program leaves the arguments behind.
    sqlite(path, `DELETE FROM calls WHERE "key" = '${keyOf('x')}'`);
    expect(storage.contains(keyOf('x'))).toBe(false);
    storage.put(keyOf('x'), recordOf('x'));
    expect(storage.get(keyOf('x'))?.value).toStrictEqual(recordOf('x'));
    expect(storage.evict(keyOf('x'))).toBe(true);
    expect(sqlite(path, 'SELECT count(*) FROM arguments; SELECT count(*) FROM metadata')).toBe('0\n0');
    storage.close();
  });

  test('damaged rows are a CorruptEntryError with the key, and do not hinder a new record', async () => {
    const path = join(directory, 'damaged.db');
    const storage = await Sql.open({ url: path });
    for (const [column, value] of [
      ['calls SET result', "'short'"],
      ['calls SET version', "'{'"],
      ['arguments SET value', "'short'"],
      ['metadata SET data', "'[1]'"],
      ['metadata SET data', "'{'"],
    ] as const) {
      storage.put(keyOf('x'), recordOf('x'));
      sqlite(path, `UPDATE ${column} = ${value}`);
      expect(() => storage.get(keyOf('x'))).toThrow(expect.objectContaining({ tag: 'CorruptEntry', key: keyOf('x') }));
      storage.put(keyOf('x'), recordOf('x'));
      expect(storage.get(keyOf('x'))?.value).toStrictEqual(recordOf('x'));
    }
    storage.close();
  });

  test('versions of old databases are the bare number', async () => {
    const path = join(directory, 'version.db');
    sqlite(path, sqlite(join(fixtures, 'python-calls.db'), '.schema').replace('version VARCHAR', 'version INTEGER'));
    sqlite(path, `INSERT INTO calls ("key", name, version) VALUES ('${keyOf('x')}', 'x', 7)`);
    const storage = await Sql.open({ url: path });
    expect(storage.get(keyOf('x'))?.value.version).toBe(7);
    storage.close();
  });
});

describe('files that are something else', () => {
  const directory = temporaryDirectory();
  const opening = (path: string): Promise<unknown> => Sql.open({ url: path, timeoutMs: 200 });

  test('not a database: told, and left as it is', async () => {
    const path = join(directory, 'text.db');
    writeFileSync(path, 'a text that is longer than the header of a database would be '.repeat(100));
    const before = readFileSync(path);
    await expect(opening(path)).rejects.toMatchObject({ tag: 'Configuration', message: expect.stringContaining(path) });
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a directory, or a file where a directory should be: told', async () => {
    await expect(opening(directory)).rejects.toMatchObject({ tag: 'Configuration' });
    writeFileSync(join(directory, 'file'), '');
    await expect(opening(join(directory, 'file/calls.db'))).rejects.toMatchObject({ tag: 'Configuration' });
  });

  test('an empty file becomes a database', async () => {
    writeFileSync(join(directory, 'empty.db'), '');
    const storage = await Sql.open({ url: join(directory, 'empty.db') });
    expect([...storage.list()]).toEqual([]);
    storage.close();
  });

  test.skipIf(!hasSqlite)("somebody else's database: told, and no table is added", async () => {
    const other = join(directory, 'other.db');
    sqlite(other, 'CREATE TABLE customers (id INTEGER)');
    await expect(opening(other)).rejects.toMatchObject({
      tag: 'Configuration',
      message: expect.stringMatching(/customers/),
    });
    expect(sqlite(other, 'SELECT name FROM sqlite_schema')).toBe('customers');
    const similar = join(directory, 'similar.db');
    sqlite(similar, 'CREATE TABLE calls (number TEXT, seconds INTEGER)');
    await expect(opening(similar)).rejects.toMatchObject({
      tag: 'Configuration',
      message: expect.stringMatching(/no column/),
    });
    expect(sqlite(similar, 'SELECT name FROM sqlite_schema')).toBe('calls');
  });

  test('a torn database: CorruptEntryError, or what is left of it, never something wrong', async () => {
    const whole = readFileSync(join(fixtures, 'python-calls.db'));
    // As an ordinary database, so that reading it is not preceded by a conversion.
    whole[18] = 1;
    whole[19] = 1;
    for (const length of [100, 4096, 5000, 12288, 20480]) {
      const path = join(directory, `torn-${length}.db`);
      writeFileSync(path, whole.subarray(0, length));
      const failure = await opening(path).then(
        (storage) => {
          try {
            for (const key of (storage as Sql).list()) (storage as Sql).get(key);
          } catch (error) {
            return error;
          } finally {
            (storage as Sql).close();
          }
          return undefined;
        },
        (error: unknown) => error,
      );
      expect(failure).toSatisfy(
        (error: unknown) => isFlecheError(error, 'CorruptEntry') || isFlecheError(error, 'Configuration'),
      );
    }
  });
});
