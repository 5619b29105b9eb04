/** Several programs on one file at once, and programs that die in the middle. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Sql } from '../../../src/storage/sql/sql.js';
import {
  buildSources,
  hasPython,
  hasSqlite,
  python,
  type Running,
  sqlite,
  start,
  startNode,
  temporaryDirectory,
} from './other-programs.js';
import { keyOf, recordOf } from './samples.js';

const directory = temporaryDirectory();
let root = '';
beforeAll(() => {
  root = buildSources(['sql.js', 'koffi', '@koromix']);
});

const rounds = 100;
/** Puts, reads back and evicts. Every fourth entry goes again. */
const nodeWriter = `
  import { Sql, keyOf, recordOf } from './sql.js';
  const [url, who, rounds] = process.argv.slice(2);
  await write(url, who, Number(rounds));
  export async function write(url, who, rounds) {
    const storage = await Sql.open({ url, timeoutMs: 60_000 });
    for (let i = 0; i < rounds; i += 1) {
      const name = who + ' ' + i;
      storage.put(keyOf(name), recordOf(name));
      if (storage.get(keyOf(name)).value.name !== name) throw new Error('lost ' + name);
      if (i % 4 === 3 && !storage.evict(keyOf(name))) throw new Error('not there to evict: ' + name);
    }
    storage.close();
  }
`;
const threadWriter = `
  import { Worker, isMainThread, workerData } from 'node:worker_threads';
  import { Sql, keyOf, recordOf } from './sql.js';
  const [url, rounds] = process.argv.slice(2);
  if (isMainThread) {
    const ended = [0, 1, 2].map((number) => new Promise((done, fail) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: number, argv: [url, rounds] });
      worker.on('error', fail);
      worker.on('exit', done);
    }));
    const storage = await Sql.open({ url, timeoutMs: 60_000 });
    const codes = await Promise.all(ended);
    if (codes.some((code) => code !== 0)) process.exit(1);
    storage.close();
  } else {
    const storage = await Sql.open({ url, timeoutMs: 60_000 });
    for (let i = 0; i < Number(rounds); i += 1) {
      const name = 'thread ' + workerData + ' ' + i;
      storage.put(keyOf(name), recordOf(name));
    }
  }
`;
const pythonWriter = `
import hashlib, sqlite3, sys
path, who, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
db = sqlite3.connect(path, timeout=60, isolation_level=None)
db.execute("PRAGMA foreign_keys=ON")
digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
for i in range(rounds):
    key = digest(f"{who} {i}")
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO calls (key, name, result) VALUES (?, ?, ?)", (key, f"{who} {i}", digest("result")))
    db.execute("INSERT INTO arguments (call_key, position, name, value) VALUES (?, 0, 'a', ?)", (key, digest("a")))
    db.execute("INSERT INTO metadata (call_key, name, data) VALUES (?, 'runtime', '{}')", (key,))
    db.execute("COMMIT")
    if i % 10 == 0:
        assert db.execute("PRAGMA quick_check").fetchall() == [("ok",)]
`;

async function all(programs: readonly Running[]): Promise<void> {
  for (const { ended } of programs) expect(await ended).toMatchObject({ code: 0, errors: '' });
}
function checkIntegrity(path: string): void {
  if (hasPython) {
    const script =
      'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); ' +
      'print(db.execute("PRAGMA integrity_check").fetchall(), db.execute("PRAGMA foreign_key_check").fetchall())';
    expect(python(script, [path]).trim()).toBe("[('ok',)] []");
  } else if (hasSqlite) {
    expect(sqlite(path, 'PRAGMA integrity_check; PRAGMA foreign_key_check')).toBe('ok');
  }
}
/** The names of the calls, each of which is whole. */
function namesIn(storage: Sql): string[] {
  return [...storage.list()].map((key) => storage.get(key)?.value.name ?? '').sort();
}
const namesOf = (who: string, keep: (i: number) => boolean = () => true): string[] =>
  Array.from({ length: rounds }, (_, i) => i)
    .filter(keep)
    .map((i) => `${who} ${i}`);

describe('at the same time', () => {
  test('two processes of ours make the database and write', async () => {
    const path = join(directory, 'two/calls.db');
    await all(['one', 'two'].map((who) => startNode(root, nodeWriter, [path, who, String(rounds)])));
    const storage = await Sql.open({ url: path });
    const kept = (i: number): boolean => i % 4 !== 3;
    expect(namesIn(storage)).toEqual([...namesOf('one', kept), ...namesOf('two', kept)].sort());
    storage.close();
    checkIntegrity(path);
  });

  test('three threads of one process, beside its main thread and another process', async () => {
    const path = join(directory, 'threads.db');
    await all([
      startNode(root, threadWriter, [path, String(rounds)]),
      startNode(root, nodeWriter, [path, 'process', String(rounds)]),
    ]);
    const storage = await Sql.open({ url: path });
    expect(namesIn(storage)).toEqual(
      [...[0, 1, 2].flatMap((thread) => namesOf(`thread ${thread}`)), ...namesOf('process', (i) => i % 4 !== 3)].sort(),
    );
    storage.close();
    checkIntegrity(path);
  });

  test.skipIf(!hasPython)("Python's sqlite3, another process and we", async () => {
    const path = join(directory, 'python.db');
    const storage = await Sql.open({ url: path, timeoutMs: 60_000 });
    const others = [
      start('python3', ['-c', pythonWriter, path, 'python', String(rounds)]),
      start('python3', ['-c', pythonWriter, path, 'serpent', String(rounds)]),
      startNode(root, nodeWriter, [path, 'node', String(rounds)]),
    ];
    for (const name of namesOf('we')) {
      storage.put(keyOf(name), recordOf(name));
      expect(storage.get(keyOf(name))?.value.name).toBe(name);
      await new Promise((done) => setImmediate(done));
    }
    await all(others);
    expect(namesIn(storage)).toEqual(
      [...namesOf('we'), ...namesOf('python'), ...namesOf('serpent'), ...namesOf('node', (i) => i % 4 !== 3)].sort(),
    );
    storage.close();
    checkIntegrity(path);
  });
});

describe('killed in the middle', () => {
  test('the next one undoes what was half done, and loses nothing that was done', async () => {
    const path = join(directory, 'killed/calls.db');
    const endless = `
      import { Sql, keyOf, recordOf } from './sql.js';
      const [url, who] = process.argv.slice(2);
      const storage = await Sql.open({ url, timeoutMs: 60_000 });
      for (let i = 0; ; i += 1) {
        storage.put(keyOf(who + ' ' + i), recordOf(who + ' ' + i));
        process.stdout.write('put ' + i + '\\n');
        if (i % 50 === 0) await new Promise((done) => setImmediate(done));
      }
    `;
    for (let round = 0; round < 6; round += 1) {
      const victim = startNode(root, endless, [path, `victim ${round}`]);
      await victim.said(`put ${10 + 7 * round}`);
      victim.process.kill('SIGKILL');
      const { output } = await victim.ended;
      const done = output.split('\n').length - 1;
      const storage = await Sql.open({ url: path, timeoutMs: 5_000 });
      const names = new Set(namesIn(storage));
      for (let i = 0; i < done; i += 1) expect(names).toContain(`victim ${round} ${i}`);
      for (const key of storage.list())
        expect(storage.get(key)?.value).toStrictEqual(recordOf(storage.get(key)?.value.name ?? ''));
      storage.close();
      checkIntegrity(path);
    }
    // A journal that nothing was written through stays until somebody writes.
    const storage = await Sql.open({ url: path });
    storage.put(keyOf('last'), recordOf('last'));
    storage.close();
    expect(readdirSync(join(directory, 'killed'))).toEqual(['calls.db']);
  });

  test('a hot journal is rolled back by the next open', async () => {
    const path = join(directory, 'hot/calls.db');
    // Dies where it hurts most: pages of the database are overwritten, the journal not yet removed.
    const suicide = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { unlinkSync } = fs;
      fs.unlinkSync = (path) => {
        if (globalThis.armed && String(path).endsWith('-journal')) process.kill(process.pid, 'SIGKILL');
        unlinkSync(path);
      };
      syncBuiltinESMExports();
      const { Sql, keyOf, recordOf } = await import('./sql.js');
      const storage = await Sql.open({ url: process.argv[2] });
      storage.put(keyOf('first'), recordOf('first'));
      globalThis.armed = true;
      storage.put(keyOf('second'), recordOf('second'));
    `;
    const victim = startNode(root, suicide, [path]);
    await victim.ended;
    expect(victim.process.signalCode).toBe('SIGKILL');
    expect(readdirSync(join(directory, 'hot')).sort()).toEqual(['calls.db', 'calls.db-journal']);
    const storage = await Sql.open({ url: path });
    expect([...storage.list()]).toEqual([keyOf('first')]);
    expect(storage.get(keyOf('first'))?.value).toStrictEqual(recordOf('first'));
    expect(readdirSync(join(directory, 'hot'))).toEqual(['calls.db']);
    storage.put(keyOf('second'), recordOf('second'));
    storage.close();
    checkIntegrity(path);
  });

  test('a thread that is ended from outside leaves no lock behind', async () => {
    const path = join(directory, 'terminated.db');
    const script = `
      import { Worker, isMainThread } from 'node:worker_threads';
      import { Sql, keyOf, recordOf } from './sql.js';
      const url = process.argv[2];
      if (isMainThread) {
        for (let i = 0; i < 5; i += 1) {
          const worker = new Worker(new URL(import.meta.url), { argv: [url] });
          await new Promise((done) => worker.once('message', done));
          await new Promise((done) => setTimeout(done, 30));
          await worker.terminate();
          const storage = await Sql.open({ url, timeoutMs: 5_000 });
          storage.put(keyOf('main ' + i), recordOf('main ' + i));
          storage.close();
        }
      } else {
        const { parentPort } = await import('node:worker_threads');
        const storage = await Sql.open({ url, timeoutMs: 5_000 });
        parentPort.postMessage('open');
        for (let i = 0; ; i += 1) storage.put(keyOf('thread ' + i), recordOf('thread ' + i));
      }
    `;
    await all([startNode(root, script, [path])]);
    const storage = await Sql.open({ url: path });
    expect(namesIn(storage).filter((name) => name.startsWith('main'))).toHaveLength(5);
    storage.close();
    checkIntegrity(path);
  });
});
