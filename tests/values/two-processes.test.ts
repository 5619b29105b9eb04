import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runs } from './arbitrary.js';
import { type Compiled, compiled } from './compiled.js';

let code: Compiled;
beforeAll(() => {
  code = compiled();
});
afterAll(() => code.remove());

function run(role: 'write' | 'read', ...given: string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--enable-source-maps', join(code.directory, 'tests/values/two-processes.js'), role, ...given],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (status !== 0) throw new Error(`the process that is to ${role} failed:\n${stderr}`);
  return stdout;
}

/** Code takes a hundred times as long as data, so there is less of it. */
test.each([
  ['data', runs, 10],
  ['code', Math.ceil(runs / 10), 6],
  ['everything', Math.ceil(runs / 10), 3],
] as const)(
  'random values of %s go from one process to another and are the same',
  (kind, count, ways) => {
    const seed = Number(process.env.FLECHE_PROPERTY_SEED ?? Date.now() % 1e9);
    const directory = join(code.directory, kind);
    mkdirSync(directory);
    const given = [directory, kind, String(seed), String(count)];
    run('write', ...given);
    const result = JSON.parse(run('read', ...given)) as object;
    rmSync(directory, { recursive: true });
    expect({ seed, ...result }).toEqual({ seed, ways, compared: ways * count, found: 0, differences: [] });
  },
  60_000 + runs * 100,
);
