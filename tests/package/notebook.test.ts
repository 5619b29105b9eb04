/** The reference notebook, as committed and as it runs today, with nothing but Node. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

const NAME = 'StorageBackends.ipynb';
const committed = join(ROOT, 'notebooks', NAME);
const folder = mkdtempSync(join(tmpdir(), 'fleche-notebook-'));
const elsewhere = mkdtempSync(join(tmpdir(), 'fleche-notebook-out-'));
afterAll(() => {
  for (const path of [folder, elsewhere]) rmSync(path, { recursive: true, force: true });
});

function node(...parameters: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, parameters, { cwd: folder, encoding: 'utf8', timeout: 100_000 });
}

it('gives its committed outputs in an empty folder, and leaves nothing behind', { timeout: 120_000 }, () => {
  copyFileSync(committed, join(folder, NAME));
  const executed = join(elsewhere, 'executed.ipynb');
  const run = node(join(ROOT, 'dist/kernel-extension/main.js'), 'run', NAME, '--output', executed);
  expect(run.status, run.stdout + run.stderr).toBe(0);
  const comparison = node(join(ROOT, '.ci/compare-notebooks.mjs'), committed, executed);
  expect(comparison.status, comparison.stdout + comparison.stderr).toBe(0);
  expect(readdirSync(folder)).toEqual([NAME]);
});
