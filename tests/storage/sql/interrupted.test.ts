/** Code that is ended from outside while SQLite is at work, as a notebook's interrupt does it, and code that runs out of stack. */

import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Sql } from '../../../src/storage/sql/sql.js';
import { buildSources, hasPython, python, startNode, temporaryDirectory } from './other-programs.js';
import { keyOf, recordOf } from './samples.js';

const directory = temporaryDirectory();
const scope = globalThis as { interrupted?: () => void };

/** Runs `body` until it is ended from outside after `milliseconds`: nothing of it runs any more then, no `finally` either. */
function interrupt(milliseconds: number, body: () => void): void {
  scope.interrupted = body;
  try {
    expect(() => new Script('interrupted()').runInThisContext({ timeout: milliseconds })).toThrow(/timed out/);
  } finally {
    delete scope.interrupted;
  }
}

function checkWithPython(path: string): void {
  const script =
    'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchall())';
  expect(python(script, [path]).trim()).toBe("[('ok',)]");
}

describe('interrupted', () => {
  test.each(['full', 'os'] as const)(
    'in a loop of puts and gets (%s): all goes on, and nothing is lost',
    async (durability) => {
      const path = join(directory, `${durability}.db`);
      const storage = await Sql.open({ url: path, durability, timeoutMs: 2_000 });
      const done: string[] = [];
      for (let round = 0; round < 25; round += 1) {
        interrupt(2 + (round % 7), () => {
          for (let i = 0; ; i += 1) {
            const name = `${round} ${i}`;
            storage.put(keyOf(name), recordOf(name));
            done.push(name);
            storage.get(keyOf(name));
          }
        });
        // In every second round the very same turn goes on with it, as a cell of `fleche run` may.
        if (round % 2 === 0) await nextTurn();
        if (round % 10 === 0 && hasPython) {
          await nextTurn();
          python('import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute("BEGIN EXCLUSIVE")', [path]);
        }
        storage.put(keyOf(`after ${round}`), recordOf(`after ${round}`));
        done.push(`after ${round}`);
        // The spare engine is loaded meanwhile.
        await new Promise((ready) => setTimeout(ready, 30));
      }
      for (const name of done) expect(storage.get(keyOf(name))?.value).toStrictEqual(recordOf(name));
      for (const key of storage.list()) expect(storage.get(key)?.value).toBeDefined();
      storage.close();
      if (hasPython) {
        expect(
          python(
            'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchall())',
            [path],
          ).trim(),
        ).toBe("[('ok',)]");
      }
    },
  );

  test('while it waits for somebody else: the lock of the other is respected, and then all goes on', async () => {
    const path = join(directory, 'waiting.db');
    const storage = await Sql.open({ url: path, timeoutMs: 60_000 });
    const root = buildSources(['sql.js', 'koffi', '@koromix']);
    const holder = startNode(
      root,
      `import { sharedEngines } from './src/storage/sql/engine/engine-supply.js';
       const engines = await sharedEngines();
       engines.run((engine) => engine.open({ path: process.argv[2], durable: true, walAllowed: false }).exec('BEGIN EXCLUSIVE'));
       console.log('held');
       process.stdin.resume();`,
      [path],
    );
    await holder.said('held');
    interrupt(50, () => storage.put(keyOf('x'), recordOf('x')));
    holder.process.stdin?.end();
    await holder.ended;
    expect(storage.contains(keyOf('x'))).toBe(false);
    storage.put(keyOf('x'), recordOf('x'));
    expect(storage.contains(keyOf('x'))).toBe(true);
    storage.close();
  });

  test('a database in memory outlives an interrupt elsewhere, and its own with a warning', async () => {
    const memory = await Sql.open({ url: 'sqlite://' });
    memory.put(keyOf('kept'), recordOf('kept'));
    const disk = await Sql.open({ url: join(directory, 'disk.db'), durability: 'os' });
    interrupt(10, () => {
      for (;;) disk.put(keyOf(String(Math.random())), recordOf('x'));
    });
    expect([...memory.list()]).toEqual([keyOf('kept')]);
    disk.put(keyOf('next'), recordOf('next'));
    expect(disk.contains(keyOf('next'))).toBe(true);

    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    interrupt(10, () => {
      for (;;) memory.put(keyOf(String(Math.random())), recordOf('x'));
    });
    await nextTurn();
    memory.put(keyOf('new'), recordOf('new'));
    await nextTurn();
    process.off('warning', listen);
    // The interrupt may have come between two puts; then nothing is lost, and nothing said.
    expect(memory.contains(keyOf('kept'))).toBe(warnings.length === 0);
    expect(memory.contains(keyOf('new'))).toBe(true);
    memory.close();
    disk.close();
  });
});

test('used where the stack ends: the error is the stack’s, and what follows is sound', async () => {
  const path = join(directory, 'stack.db');
  const storage = await Sql.open({ url: path, durability: 'os', timeoutMs: 2_000 });
  const done: string[] = [];
  const endings = new Set<string>();
  for (let round = 0; round < 60; round += 1) {
    // One put on the way back from the end of the stack, with a little more room in each round: it ends somewhere else.
    let back = -1;
    const descend = (): void => {
      try {
        descend();
      } catch (error) {
        if (back >= 0) throw error;
        back = 0;
      }
      back += 1;
      if (back !== 1 + round) return;
      storage.put(keyOf(`deep ${round}`), recordOf(`deep ${round}`));
    };
    try {
      descend();
      done.push(`deep ${round}`);
      endings.add('stored');
    } catch (error) {
      endings.add((error as Error).name);
    }
    await new Promise((ready) => setTimeout(ready, 20));
    storage.put(keyOf(`after ${round}`), recordOf(`after ${round}`));
    done.push(`after ${round}`);
  }
  expect([...endings]).toEqual(expect.arrayContaining(['RangeError', 'stored']));
  for (const name of done) expect(storage.get(keyOf(name))?.value).toStrictEqual(recordOf(name));
  expect([...storage.list()].map((key) => storage.get(key)?.value.name).every((name) => name !== undefined)).toBe(true);
  storage.close();
  if (hasPython) checkWithPython(path);
});
