/** The same notebook shows the same under `fleche run`, under nbclient and in JupyterLab. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.js';
import { differencesOf } from './differences.js';
import { jupyterProgram, PROGRAM, ROOT } from './environment.js';
import { NotebookPage } from './notebook-page.js';
import { type Lab, startLab } from './server.js';

const FOLDERS = ['tests/jupyter/notebooks', 'notebooks'].map((folder) => join(ROOT, folder));
const NOTEBOOKS = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .map((name) => join(folder, name)),
);
const RUN_MS = 120_000;
const execute = promisify(execFile);

let lab: Lab;
let browser: Browser;
beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

/** A folder of its own with the notebook in it, for a run that may write files. */
function folderFor(run: string, notebook: string): string {
  const folder = join(lab.folder, run, basename(notebook, '.ipynb'));
  mkdirSync(folder, { recursive: true });
  copyFileSync(notebook, join(folder, basename(notebook)));
  return folder;
}

async function runHeadless(notebook: string): Promise<string> {
  const cwd = folderFor('headless', notebook);
  await execute(process.execPath, [PROGRAM, 'run', basename(notebook), '--output', 'executed.ipynb'], {
    cwd,
    timeout: RUN_MS,
    env: lab.environment,
  });
  return join(cwd, 'executed.ipynb');
}

async function runByNbclient(notebook: string): Promise<string> {
  const cwd = folderFor('nbclient', notebook);
  await execute(jupyterProgram(), ['execute', basename(notebook), '--kernel_name=fleche', '--inplace'], {
    cwd,
    timeout: RUN_MS,
    env: lab.environment,
  });
  return join(cwd, basename(notebook));
}

async function runInLab(notebook: string): Promise<string> {
  const file = join(folderFor('lab', notebook), basename(notebook));
  const page = await NotebookPage.open(browser, lab, file.slice(lab.folder.length + 1));
  try {
    await page.runAll();
    await page.save();
  } finally {
    await page.close();
  }
  return file;
}

describe.each(NOTEBOOKS)('%s', (notebook) => {
  it('shows the same under each', { timeout: 3 * RUN_MS }, async () => {
    const headless = await runHeadless(notebook);
    const executed = JSON.parse(readFileSync(headless, 'utf8'));
    expect(executed.cells.some(({ outputs = [] }: { outputs?: unknown[] }) => outputs.length > 0)).toBe(true);
    const others = await Promise.all([runByNbclient(notebook), runInLab(notebook)]);
    expect(await differencesOf(headless, ...others)).toBe('');
  });
});
