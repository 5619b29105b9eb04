/** A notebook that is open in JupyterLab. Waiting goes by Lab's own objects; what is tested goes by keys. */
import type { Browser, Locator, Page } from 'playwright-core';
import type { LabOutput } from './lab-application.js';
import type { Lab } from './server.js';

/** The first page of a server takes long, on a busy machine very long. */
const OPEN_MS = 90_000;
const STEP_MS = 60_000;
/** What a theme's fonts and colours take to be drawn. */
const DRAW_MS = 300;

/** The themes that JupyterLab has. */
export type Theme = 'light' | 'dark';

/** What a code cell holds, as a save would write it. */
export interface CodeCell {
  readonly count: number | null;
  readonly outputs: readonly LabOutput[];
}

/** A notebook in a page of its own. */
export class NotebookPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Opens a file of the server's folder and waits for its kernel. */
  static async open(browser: Browser, lab: Lab, file: string): Promise<NotebookPage> {
    const viewport = { width: 1200, height: 1400 };
    const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_MS);
    await page.goto(lab.address(file), { timeout: OPEN_MS });
    const notebook = new NotebookPage(page);
    await notebook.#ready();
    return notebook;
  }

  /** Closes the page. The kernel stays, as it does for a person. */
  async close(): Promise<void> {
    await this.#page.context().close();
  }

  async #ready(): Promise<void> {
    await this.#page.waitForFunction(() => globalThis.jupyterapp?.shell.currentWidget?.context?.isReady, undefined, {
      timeout: OPEN_MS,
    });
    await this.#page.evaluate(async () => {
      const { restored, shell } = globalThis.jupyterapp;
      await restored;
      await shell.currentWidget?.context.ready;
      await shell.currentWidget?.sessionContext.ready;
    });
    await this.idle();
  }

  /** Waits until the kernel is idle and no cell waits for it. */
  async idle(): Promise<void> {
    await this.#page.waitForFunction(
      () => {
        const { sessionContext, content } = globalThis.jupyterapp.shell.currentWidget ?? {};
        const kernel = sessionContext?.session?.kernel;
        return (
          kernel?.connectionStatus === 'connected' &&
          kernel.status === 'idle' &&
          !sessionContext?.isRestarting &&
          content?.widgets.every(({ model }) => model.type !== 'code' || model.executionState !== 'running')
        );
      },
      undefined,
      { polling: 50 },
    );
  }

  /** Waits until every cell with code has run; between two of them the kernel is idle as well. */
  async #done(): Promise<void> {
    await this.#page.waitForFunction(
      () =>
        globalThis.jupyterapp.shell.currentWidget?.content.widgets.every(
          ({ model }) =>
            model.type !== 'code' || model.executionCount !== null || model.sharedModel.getSource().trim() === '',
        ),
      undefined,
      { polling: 50 },
    );
    await this.idle();
  }

  /** Waits until the kernel is at work. */
  async busy(): Promise<void> {
    await this.#page.waitForFunction(
      () => globalThis.jupyterapp.shell.currentWidget?.sessionContext.session?.kernel?.status === 'busy',
      undefined,
      { polling: 20 },
    );
  }

  /** Starts a command of the menus, such as `notebook:interrupt-kernel`; does not wait for its end. */
  async command(name: string, options: object = {}): Promise<void> {
    await this.#page.evaluate(([command, given]) => void globalThis.jupyterapp.commands.execute(command, given), [
      name,
      options,
    ] as const);
  }

  /** Run All; a failing cell ends it, as for a person. */
  async runAll(): Promise<void> {
    await this.#page.evaluate(() => globalThis.jupyterapp.commands.execute('notebook:run-all-cells'));
    await this.#done();
  }

  /** Restart and Run All, with the question that Lab asks. */
  async restartAndRunAll(): Promise<void> {
    const finished = this.#page.evaluate(() => globalThis.jupyterapp.commands.execute('notebook:restart-run-all'));
    await this.#page.locator('.jp-Dialog .jp-mod-accept').click();
    await finished;
    await this.#done();
  }

  /** A cell, counted from 0, with those of text. */
  cell(index: number): Locator {
    return this.#page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell').nth(index);
  }

  /** All code cells as they would be saved. */
  codeCells(): Promise<CodeCell[]> {
    return this.#page.evaluate(() =>
      (globalThis.jupyterapp.shell.currentWidget?.content.widgets ?? [])
        .filter(({ model }) => model.type === 'code')
        .map(({ model }) => ({ count: model.executionCount, outputs: model.outputs.toJSON() })),
    );
  }

  /** Adds a cell at the end and writes into it, as a person would. */
  async append(source: string): Promise<void> {
    await this.command('notebook:move-cursor-down');
    await this.#page.evaluate(async () => {
      const { commands, shell } = globalThis.jupyterapp;
      const content = shell.currentWidget?.content;
      if (content) content.activeCellIndex = content.widgets.length - 1;
      await commands.execute('notebook:insert-cell-below');
    });
    await this.write(source);
  }

  /** Replaces what stands in the last cell; the cursor is at the end. */
  async write(source: string): Promise<void> {
    await this.lastCell().locator('.cm-content').click();
    await this.press('Control+a');
    // Unlike typed keys this closes no brackets by itself.
    await this.#page.keyboard.insertText(source);
  }

  /** The last cell. */
  lastCell(): Locator {
    return this.#page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell').last();
  }

  /** The text in the editor of the last cell. */
  async written(): Promise<string> {
    return (await this.lastCell().locator('.cm-content').textContent()) ?? '';
  }

  /** Presses a key, such as `Control+Enter`. */
  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Runs the last cell and waits for its end. */
  async runLast(): Promise<CodeCell> {
    await this.press('Control+Enter');
    // The request is on its way a moment after the key.
    await this.#page.waitForTimeout(100);
    await this.idle();
    return (await this.codeCells()).at(-1) as CodeCell;
  }

  /** Answers what the cell asks in its output. */
  async answer(text: string): Promise<void> {
    const box = this.#page.locator('.jp-Stdin-input');
    await box.waitFor();
    await box.fill(text);
    await box.press('Enter');
  }

  /** What Tab offers. */
  async completions(): Promise<string[]> {
    await this.press('Tab');
    await this.#page.locator('.jp-Completer:not(.lm-mod-hidden) .jp-Completer-item').first().waitFor();
    return this.#page.locator('.jp-Completer .jp-Completer-match').allInnerTexts();
  }

  /** Takes the first completion that is offered. */
  async takeCompletion(): Promise<void> {
    await this.press('Enter');
    await this.#page.locator('.jp-Completer:not(.lm-mod-hidden)').waitFor({ state: 'detached' });
    await this.#page.waitForTimeout(100);
  }

  /** What Shift+Tab shows. */
  async tooltip(): Promise<string> {
    await this.press('Shift+Tab');
    await this.#page.locator('.jp-Tooltip').waitFor();
    return (await this.#page.locator('.jp-Tooltip').textContent()) ?? '';
  }

  /** Writes the file. */
  async save(): Promise<void> {
    await this.#page.evaluate(() => globalThis.jupyterapp.shell.currentWidget?.context.save());
  }

  /** Loads the page anew. */
  async reload(): Promise<void> {
    await this.#page.reload({ timeout: OPEN_MS });
    await this.#ready();
  }

  /** Changes the theme and waits until it is drawn. */
  async show(theme: Theme): Promise<void> {
    await this.command('apputils:change-theme', { theme: theme === 'dark' ? 'JupyterLab Dark' : 'JupyterLab Light' });
    await this.#page.locator(`body[data-jp-theme-light="${theme === 'light'}"]`).waitFor({ state: 'attached' });
    await this.#page.waitForTimeout(DRAW_MS);
  }

  /** Makes a picture of the whole page. */
  async picture(path: string): Promise<void> {
    await this.#page.screenshot({ path });
  }
}
