/** The kernel of an unmodified tslab shows the same under nbclient and in JupyterLab, with our magics in it. */
import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './browser.js';
import { differencesOf } from './differences.js';
import { jupyterProgram, ROOT, screenshotFolder } from './environment.js';
import { NotebookPage } from './notebook-page.js';
import { type Lab, startLab } from './server.js';

const NOTEBOOK = join(ROOT, 'tests/jupyter/stock-tslab/session.ipynb');
const RUN_MS = 120_000;

let lab: Lab;
let browser: Browser;
beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), launchBrowser()]);
  const tslab = join(ROOT, 'node_modules/tslab/bin/tslab');
  const python = join(dirname(jupyterProgram()), 'python');
  const prefix = lab.environment.JUPYTER_PATH as string;
  execFileSync(
    process.execPath,
    [tslab, 'install', `--prefix=${dirname(dirname(prefix))}`, `--python=${python}`, `--binary=${tslab}`],
    { env: lab.environment },
  );
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

/** A folder with the notebook and the package, as npm would install it. */
function folderFor(run: string): string {
  const folder = join(lab.folder, run);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(ROOT, join(folder, 'node_modules', 'fleche'));
  copyFileSync(NOTEBOOK, join(folder, 'session.ipynb'));
  return folder;
}

async function runByNbclient(): Promise<string> {
  const cwd = folderFor('nbclient');
  const args = ['execute', 'session.ipynb', '--kernel_name=tslab', '--inplace'];
  await promisify(execFile)(jupyterProgram(), args, { cwd, timeout: RUN_MS, env: lab.environment });
  return join(cwd, 'session.ipynb');
}

async function runInLab(): Promise<string> {
  const folder = folderFor('lab');
  const page = await NotebookPage.open(browser, lab, 'lab/session.ipynb');
  try {
    await page.runAll();
    await page.save();
    const pictures = screenshotFolder();
    if (pictures !== undefined) await page.picture(join(pictures, 'stock-tslab.png'));
  } finally {
    await page.close();
  }
  return join(folder, 'session.ipynb');
}

/** What a notebook shows as text, without colours. */
function texts(file: string): string[] {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as { cells: { outputs?: Record<string, unknown>[] }[] };
  const outputs = cells.flatMap(({ outputs = [] }) => outputs);
  const parts = outputs.map(
    ({ text, data, evalue }) => text ?? (data as Record<string, unknown>)?.['text/plain'] ?? evalue,
  );
  return parts.map((part) => stripVTControlCharacters([part].flat().join('')));
}

it('shows the same under each', { timeout: 3 * RUN_MS }, async () => {
  const files = await Promise.all([runByNbclient(), runInLab()]);
  expect(await differencesOf(...files)).toBe('');
  expect(texts(files[1])).toEqual([
    'cache: memory\n  values: ValueMemory\n  calls: CallMemory\n',
    'computes\n13 13\n',
    expect.stringContaining('area(radius=2)'),
    "TWO\n[ 'a', 'b' ]\n",
    '13\n',
    'fleche  area  words\n',
    expect.stringContaining('there is no magic %nope'),
  ]);
});
