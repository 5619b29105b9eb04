/** A person's session in JupyterLab, with real keys in a real browser. */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from './browser.js';
import { ROOT, screenshotFolder } from './environment.js';
import { type CodeCell, NotebookPage, type Theme } from './notebook-page.js';
import { type Lab, startLab } from './server.js';

const NOTEBOOK = join(ROOT, 'tests/jupyter/notebooks/session.ipynb');
/** Code cells of the notebook, and which of them fail. */
const CELLS = 9;
const FAILING = [6, 7];

let lab: Lab;
let browser: Browser;
beforeAll(async () => {
  [lab, browser] = await Promise.all([startLab(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
});

/** Counts and outputs of the notebook's own cells. */
function ofNotebook(cells: readonly CodeCell[]): CodeCell[] {
  return cells.slice(0, CELLS);
}
/** What the outputs of a cell show as text, without colours. */
function results({ outputs }: CodeCell): string[] {
  return outputs.map(({ data }) => stripVTControlCharacters(String(data?.['text/plain'])));
}
function errors({ outputs }: CodeCell): (string | undefined)[] {
  return outputs.filter(({ output_type }) => output_type === 'error').map(({ ename }) => ename);
}

describe.each<Theme>(['light', 'dark'])('JupyterLab, %s', (theme) => {
  const file = `session-${theme}.ipynb`;
  let page: NotebookPage;
  let first: CodeCell[];
  async function picture(name: string): Promise<void> {
    const folder = screenshotFolder();
    if (folder !== undefined) await page.picture(join(folder, `${name}-${theme}.png`));
  }

  beforeAll(async () => {
    copyFileSync(NOTEBOOK, join(lab.folder, file));
    page = await NotebookPage.open(browser, lab, file);
    await page.show(theme);
  });
  afterAll(async () => {
    await page?.close();
  });

  it('runs all cells, and goes on after those that may fail', async () => {
    await page.runAll();
    first = await page.codeCells();
    expect(first.map(({ count }) => count)).toEqual(Array.from({ length: CELLS }, (_, index) => index + 1));
    expect(first.map(errors)).toEqual(
      first.map((_, index) => (FAILING.includes(index) ? [index === 6 ? 'RangeError' : 'TypeScriptError'] : [])),
    );
    expect(results(first[2] as CodeCell)).toEqual(["'15.364'"]);
    await picture('run-all');
    await page.cell(10).scrollIntoViewIfNeeded();
    await picture('errors');
  });

  it('highlights cells as TypeScript', async () => {
    // A keyword of TypeScript that is none of JavaScript.
    const keywords = await page.cell(1).locator('.cm-line span').allInnerTexts();
    expect(keywords).toContain('interface');
  });

  it('completes with Tab and takes what is chosen', async () => {
    await page.append("const smile = '😀'; planets[0]!.na");
    expect(await page.completions()).toContain('name');
    await picture('completion');
    await page.takeCompletion();
    expect(await page.written()).toBe("const smile = '😀'; planets[0]!.name");
    expect(results(await page.runLast())).toEqual(["'Venus'"]);
  });

  it('inspects with Shift+Tab', async () => {
    await page.write('period');
    const tooltip = await page.tooltip();
    expect(tooltip).toContain('Years that a body takes around the sun.');
    expect(tooltip).toContain('number');
    await picture('inspection');
    await page.press('Escape');
  });

  it('shows an error of the user and stays usable', async () => {
    await page.write("throw new Error('a mistake')");
    expect(errors(await page.runLast())).toEqual(['Error']);
    await page.write('6 * 7');
    expect(results(await page.runLast())).toEqual(['42']);
  });

  it.each([
    ['a loop', 'for (;;);'],
    ['a loop after an await', 'await null; for (;;);'],
    ['what is awaited', 'await new Promise(() => {});'],
    ['a shell command', '!sleep 60'],
  ])('interrupts %s', async (_, source) => {
    await page.write(source);
    await page.press('Control+Enter');
    await page.busy();
    await page.command('notebook:interrupt-kernel');
    await page.idle();
    expect(errors((await page.codeCells()).at(-1) as CodeCell)).toEqual(['InterruptError']);
  });

  it('answers a prompt', async () => {
    await page.write("prompt('Who? ')");
    await page.press('Control+Enter');
    await page.answer('Zoë');
    await page.idle();
    expect(results((await page.codeCells()).at(-1) as CodeCell).at(-1)).toBe("'Zoë'");
  });

  it('restarts and runs all to the same outputs', async () => {
    await page.write('smile');
    await page.restartAndRunAll();
    const again = await page.codeCells();
    expect(ofNotebook(again)).toEqual(first);
    // `smile` was declared by a cell that is no more.
    expect(again.at(-1)?.count).toBe(CELLS + 1);
    expect(errors(again.at(-1) as CodeCell)).toEqual(['TypeScriptError']);
  });

  it('keeps the outputs in the file, over a reload', async () => {
    const before = await page.codeCells();
    await page.save();
    const saved = JSON.parse(readFileSync(join(lab.folder, file), 'utf8'));
    expect(saved.metadata.language_info).toMatchObject({ name: 'typescript', file_extension: '.ts' });
    await page.reload();
    expect(await page.codeCells()).toEqual(before);
    await page.write('period(1)');
    expect(results(await page.runLast())).toEqual(['1']);
  });
});
