/** Runs cells as a notebook through the built kernel, in a process of its own. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const program: string = fileURLToPath(new URL('../../dist/kernel-extension/main.js', import.meta.url));

export interface Output {
  readonly output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  readonly name?: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly execution_count?: number;
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

export interface Cell {
  readonly execution_count: number | null;
  readonly outputs: readonly Output[];
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The file that was written; `undefined`: none. */
  readonly text: string | undefined;
  readonly cells: readonly Cell[];
}

/** A new empty folder that no package lies above, whatever others have left in the folder for temporary files. */
export function emptyFolder(): string {
  const base = [tmpdir(), '/var/tmp', homedir()].find((folder) => !hasPackages(folder));
  if (base === undefined) throw new Error('there is no folder here without node_modules above it');
  return realpathSync(mkdtempSync(join(base, 'fleche-kernel-')));
}

function hasPackages(folder: string): boolean {
  return existsSync(join(folder, 'node_modules')) || (folder !== dirname(folder) && hasPackages(dirname(folder)));
}

/** The text of a notebook with these code cells. */
export function notebookOf(sources: readonly string[]): string {
  const cells = sources.map((source) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: {},
    outputs: [],
    source,
  }));
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 });
}

/** How cells are run; results have no colours unless asked for. */
export interface RunOptions {
  readonly folder?: string;
  readonly options?: readonly string[];
  readonly colors?: boolean;
}

/** Runs `fleche run` on a notebook with these cells, in `folder` or else in one that is removed at the end. */
export function runCells(
  sources: readonly string[],
  { folder: given, options = ['--allow-errors'], colors = false }: RunOptions = {},
): Promise<Run> {
  const folder = given ?? emptyFolder();
  const [notebook, output] = [join(folder, 'notebook.ipynb'), join(folder, 'executed.ipynb')];
  writeFileSync(notebook, notebookOf(sources));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, 'run', notebook, '--output', output, ...options],
      // Node kills what prints more than `maxBuffer`, of which 1 MB is the default.
      { cwd: tmpdir(), timeout: 60_000, maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: colors ? '' : '1' } },
      (error, stdout, stderr) => {
        let text: string | undefined;
        try {
          text = readFileSync(output, 'utf8');
        } catch {
          // not written
        }
        if (given === undefined) removeFolder(folder);
        const cells = text === undefined ? [] : (JSON.parse(text) as { cells: Cell[] }).cells;
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr, text, cells });
      },
    );
  });
}

/** Removes a folder of {@link emptyFolder}. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** An error without the lines of code and the numbers of type errors: `TypeError: message | cell 1, line 2, column 3 | at f (cell 1, line 2)`. */
function withoutCode(traceback: readonly string[]): string {
  const lines = traceback.map((line) => line.trim()).filter((line) => !/^$|^(?:> *)?(?:\d+ )?\|(?: |$)/.test(line));
  return lines.map((line) => line.replace(/ - error(?: TS\d+)?: /, ' - ')).join(' | ');
}

/** What a cell showed, on one line per output: `1`, `out: text`, `TypeError: message | place | frame`. */
export function shown({ outputs }: Cell): string[] {
  return outputs.map((output) => {
    switch (output.output_type) {
      case 'stream':
        return `${output.name === 'stderr' ? 'err' : 'out'}: ${output.text?.join('').replace(/\n$/, '')}`;
      case 'error':
        return withoutCode(output.traceback ?? []);
      default:
        return ([output.data?.['text/plain']].flat() as string[]).join('');
    }
  });
}
