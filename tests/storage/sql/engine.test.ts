import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadEngine } from '../../../src/storage/sql/engine/engine.js';
import { sqlJsDirectory } from '../../../src/storage/sql/engine/sqljs-module.js';
import { Sql } from '../../../src/storage/sql/sql.js';
import { buildSources, startNode, temporaryDirectory } from './other-programs.js';
import { keyOf } from './samples.js';

const directory = temporaryDirectory();

/** A copy of sql.js whose release build has other bytes: with a section at its end that means nothing. */
function unknownSqlJs(name: string): string {
  const copy = join(directory, name);
  mkdirSync(copy);
  for (const file of ['sql-wasm.js', 'sql-wasm.wasm', 'sql-wasm-debug.js', 'sql-wasm-debug.wasm']) {
    cpSync(join(sqlJsDirectory(), file), join(copy, file));
  }
  const bytes = readFileSync(join(copy, 'sql-wasm.wasm'));
  writeFileSync(join(copy, 'sql-wasm.wasm'), Buffer.concat([bytes, Buffer.from([0, 2, 1, 0x78])]));
  return copy;
}

describe('the engine', () => {
  test.each(['the known build', 'an unknown build'])('%s works on the real file, under kernel locks', async (build) => {
    const engine = await loadEngine(build === 'an unknown build' ? unknownSqlJs('unknown') : undefined);
    expect(engine.locking).toBe('kernel');
    const path = join(directory, `${build}.db`);
    const database = engine.open({ path, durable: true, walAllowed: false });
    database.exec("CREATE TABLE t (x); INSERT INTO t VALUES ('some text')");
    expect(readFileSync(path).subarray(0, 15).toString()).toBe('SQLite format 3');
    expect(readFileSync(path).includes('some text')).toBe(true);
    expect(database.exec('SELECT x FROM t')[0]?.values).toEqual([['some text']]);
    database.close();
  });

  test('two engines on one file exclude each other', async () => {
    const [one, other] = [await loadEngine(), await loadEngine()];
    const file = { path: join(directory, 'two.db'), durable: false, walAllowed: false };
    const [mine, theirs] = [one.open(file), other.open({ ...file })];
    mine.exec('CREATE TABLE t (x); BEGIN IMMEDIATE; INSERT INTO t VALUES (1)');
    expect(() => theirs.exec('BEGIN IMMEDIATE')).toThrow('database is locked');
    expect(theirs.exec('SELECT count(*) FROM t')[0]?.values).toEqual([[0]]);
    mine.exec('COMMIT');
    theirs.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (2)');
    expect(() => mine.exec('INSERT INTO t VALUES (3)')).toThrow('database is locked');
    theirs.close();
    expect(mine.exec('SELECT count(*) FROM t')[0]?.values).toEqual([[1]]);
    mine.close();
  });

  test('a build that cannot be put on real files is an EngineMissingError', async () => {
    const copy = unknownSqlJs('broken');
    // A module without imports.
    writeFileSync(join(copy, 'sql-wasm-debug.wasm'), Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    await expect(loadEngine(copy)).rejects.toMatchObject({ tag: 'EngineMissing', engine: 'sql.js' });
    rmSync(join(copy, 'sql-wasm-debug.wasm'));
    await expect(loadEngine(copy)).rejects.toMatchObject({ tag: 'EngineMissing', engine: 'sql.js' });
  });

  test('a user of sql.js in the same process has an instance of their own', async () => {
    const require = createRequire(import.meta.url);
    const theirs = require('sql.js') as () => Promise<{ Database: new () => { exec(sql: string): unknown } }>;
    const before = Object.keys(require.cache).filter((path) => path.includes('sql.js'));
    const storage = await Sql.open({ url: join(directory, 'ours.db') });
    await loadEngine();
    expect(Object.keys(require.cache).filter((path) => path.includes('sql.js'))).toEqual(before);
    expect(require('sql.js')).toBe(theirs);
    const { Database } = await theirs();
    new Database().exec('CREATE TABLE t (x)');
    expect([...storage.list()]).toEqual([]);
    storage.close();
  });

  test('without sql.js: an EngineMissingError that says what to install', async () => {
    const root = buildSources(['koffi', '@koromix']);
    const path = join(directory, 'never.db');
    const { output } = await startNode(
      root,
      `import { Sql } from './sql.js';
       const error = await Sql.open({ url: process.argv[2] }).catch((error) => error);
       console.log(error.tag, error.engine, error.install);`,
      [path],
    ).ended;
    expect(output.trim()).toBe('EngineMissing sql.js npm install sql.js@1.16.0');
    expect(existsSync(path)).toBe(false);
  });

  test('only opening loads it: the class alone costs nothing', async () => {
    const root = buildSources([]);
    const script = `import { Sql } from './sql.js'; console.log(typeof Sql.open, '${keyOf('x').length}');`;
    expect((await startNode(root, script).ended).output.trim()).toBe('function 64');
  });
});
