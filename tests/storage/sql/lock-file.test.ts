/** Where koffi cannot be loaded: processes of ours in a directory from which it cannot be imported. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Sql } from '../../../src/storage/sql/sql.js';
import { buildSources, hasSqlite, sqlite, startNode, temporaryDirectory } from './other-programs.js';
import { keyOf } from './samples.js';

const directory = temporaryDirectory();
let root = '';
beforeAll(() => {
  root = buildSources(['sql.js']);
});

const rounds = 60;
const writer = `
  import { Sql, keyOf, recordOf } from './sql.js';
  const [url, who, count] = process.argv.slice(2);
  const storage = await Sql.open({ url, timeoutMs: 30_000 });
  const again = await Sql.open({ url, timeoutMs: 30_000 });
  for (let i = 0; i < Number(count); i += 1) {
    storage.put(keyOf(who + ' ' + i), recordOf(who + ' ' + i));
    if (!again.contains(keyOf(who + ' ' + i))) throw new Error('lost ' + i);
    if (i === 0) console.log('started');
  }
  storage.close();
  again.close();
`;
/** The lock that a process holds, as it lies beside the database. */
function lockOf(path: string, owner: { pid: number; host: string; started: string | null }): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.fleche-lock`, JSON.stringify(owner));
}

describe('without koffi', () => {
  test('one warning, and processes of ours share the file', async () => {
    const path = join(directory, 'shared/calls.db');
    const results = await Promise.all(
      ['a', 'b', 'c'].map((who) => startNode(root, writer, [path, who, String(rounds)]).ended),
    );
    for (const { code, errors } of results) {
      expect(errors.match(/FlecheWarning/g)).toHaveLength(1);
      expect(errors).toMatch(/no other program/);
      expect(code).toBe(0);
    }
    expect(readdirSync(join(directory, 'shared'))).toEqual(['calls.db']);
    const storage = await Sql.open({ url: path });
    expect([...storage.list()]).toHaveLength(3 * rounds);
    storage.close();
    if (hasSqlite) expect(sqlite(path, 'PRAGMA integrity_check')).toBe('ok');
  });

  test('killed owners are found out, and what was half done is undone', async () => {
    const path = join(directory, 'killed/calls.db');
    for (let round = 0; round < 4; round += 1) {
      const victim = startNode(root, writer, [path, `victim ${round}`, '100000']);
      await victim.said('started');
      await new Promise((done) => setTimeout(done, 20 * round));
      victim.process.kill('SIGKILL');
      await victim.ended;
      expect((await startNode(root, writer, [path, `next ${round}`, '3']).ended).code).toBe(0);
    }
    expect(readdirSync(join(directory, 'killed'))).toEqual(['calls.db']);
    if (hasSqlite) expect(sqlite(path, 'PRAGMA integrity_check')).toBe('ok');
  });

  const opener = `
    import { Sql } from './sql.js';
    const result = await Sql.open({ url: process.argv[2], timeoutMs: 200 }).then(() => 'open', (error) => error.tag);
    console.log(result);
  `;
  const opening = async (path: string): Promise<string> => (await startNode(root, opener, [path]).ended).output.trim();

  test('a lock of a living process, or of another machine, is respected', async () => {
    const path = join(directory, 'held/calls.db');
    lockOf(path, { pid: process.pid, host: hostname(), started: null });
    expect(await opening(path)).toBe('StorageLocked');
    lockOf(path, { pid: 2 ** 22 + 1, host: `not-${hostname()}`, started: null });
    expect(await opening(path)).toBe('StorageLocked');
    expect(existsSync(`${path}.fleche-lock`)).toBe(true);
  });

  test('a lock of a dead process is broken, also when its number was given to another one', async () => {
    const path = join(directory, 'dead/calls.db');
    lockOf(path, { pid: 2 ** 22 + 1, host: hostname(), started: null });
    expect(await opening(path)).toBe('open');
    if (existsSync('/proc/self/stat')) {
      lockOf(path, { pid: process.pid, host: hostname(), started: '1' });
      expect(await opening(path)).toBe('open');
    }
  });

  test('a database in WAL mode with a -wal is locked, since it cannot be seen who has it open', async () => {
    const script = `
      import { cpSync, existsSync } from 'node:fs';
      import { Sql } from './sql.js';
      const [fixtures, directory] = process.argv.slice(2);
      cpSync(fixtures + '/python-calls.db', directory + '/closed.db');
      const closed = await Sql.open({ url: directory + '/closed.db' });
      cpSync(fixtures + '/python-calls-live', directory + '/live', { recursive: true });
      const error = await Sql.open({ url: directory + '/live/calls.db', timeoutMs: 100 }).catch((error) => error);
      console.log([...closed.list()].length, error.tag, existsSync(directory + '/live/calls.db-wal'));
    `;
    const { output } = await startNode(root, script, [join(import.meta.dirname, '../../fixtures'), directory]).ended;
    expect(output.trim()).toBe('9 StorageLocked true');
  });

  test('our own handle elsewhere holds no such lock between its transactions', async () => {
    const path = join(directory, 'idle/calls.db');
    const first = startNode(
      root,
      `import { Sql, keyOf, recordOf } from './sql.js';
       const storage = await Sql.open({ url: process.argv[2] });
       storage.put(keyOf('x'), recordOf('x'));
       console.log('idle');
       process.stdin.resume();`,
      [path],
    );
    await first.said('idle');
    expect(await opening(path)).toBe('open');
    first.process.stdin?.end();
    await first.ended;
    const storage = await Sql.open({ url: path });
    expect([...storage.list()]).toEqual([keyOf('x')]);
    storage.close();
  });
});
