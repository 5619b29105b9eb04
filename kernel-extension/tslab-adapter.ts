/**
 * The only file that knows tslab's internals. tslab's executor runs our cells: it gives them `require` (which knows the
 * local `.ts` files that the front has compiled, and `tslab` itself) and waits for them. Our converter takes the place of
 * tslab's, and stock TypeScript that of the 38 MB fork, which is never loaded.
 */
import { createRequire } from 'node:module';

const SUPPORTED_VERSION = '1.0.22';
const ENTER = Symbol.for('fleche.kernel.enter');

const require = createRequire(import.meta.url);

interface Converted {
  readonly output: string;
  readonly diagnostics: readonly never[];
  readonly hasToplevelAwait: boolean;
  readonly sideOutputs: readonly { readonly path: string; readonly data: string }[];
}
interface TslabExecutor {
  execute(source: string): Promise<boolean>;
}
interface ExecutorModule {
  createExecutor(cwd: string, converters: object, console: object): TslabExecutor;
}
interface DisplayModule {
  lastWriteDisplayData: ((data: DisplayData, isUpdate: boolean) => void) | null;
}

/** What `display` of tslab shows. */
export interface DisplayData {
  readonly data: Readonly<Record<string, unknown>>;
  readonly transient?: { readonly display_id?: string };
}

/** `require` as cells have it. */
export type CellRequire = (specifier: string) => unknown;

/** tslab's executor, as far as the kernel uses it. */
export interface CellExecutor {
  /** Runs `body`, with the compiled local files in reach of the `require` that it gets. */
  run(sideOutputs: Converted['sideOutputs'], body: (require: CellRequire) => Promise<void>): Promise<void>;
}

/**
 * Starts tslab's executor in the folder `cwd`. `show` gets what cells show by `display` of tslab.
 *
 * @throws Error if tslab is not installed, of another version or not what it was.
 */
export function createCellExecutor(cwd: string, show: (data: DisplayData, isUpdate: boolean) => void): CellExecutor {
  const version = (require('tslab/package.json') as { version: string }).version;
  if (version !== SUPPORTED_VERSION)
    throw new Error(`the kernel needs tslab ${SUPPORTED_VERSION}, but found ${version}`);
  substitute('tslab/dist/metadata', { getCodeMetadata: () => ({}) });
  substitute('@tslab/typescript-for-tslab', stockTypeScript());
  const { createExecutor } = require('tslab/dist/executor') as ExecutorModule;
  if (typeof createExecutor !== 'function') throw new Error('tslab/dist/executor has no createExecutor');

  let next: Converted = { output: '', diagnostics: [], hasToplevelAwait: true, sideOutputs: [] };
  let failure: { readonly error: unknown } | undefined;
  const executor = createExecutor(
    cwd,
    { node: { convert: () => next, close() {} }, close() {} },
    { log() {}, error: (error: unknown) => (failure = { error }) },
  );
  const cellRequire =
    (original: CellRequire): CellRequire =>
    (specifier) => {
      // tslab's `display` writes to whatever function was put here last.
      if (specifier === 'tslab') (require('tslab/dist/jupyter') as DisplayModule).lastWriteDisplayData = show;
      return original(specifier);
    };
  return {
    async run(sideOutputs, body) {
      (globalThis as Record<symbol, unknown>)[ENTER] = (original: CellRequire) => body(cellRequire(original));
      const output = `return globalThis[Symbol.for('${ENTER.description}')](require);`;
      next = { output, diagnostics: [], hasToplevelAwait: true, sideOutputs };
      failure = undefined;
      const ran = await executor.execute('');
      const { error } = failure ?? { error: undefined };
      if (!ran) throw error;
    },
  };
}

/** Puts `exports` where a module would be loaded from. */
function substitute(specifier: string, exports: object): void {
  const from = createRequire(require.resolve('tslab/package.json'));
  const file = from.resolve(specifier);
  if (require.cache[file]?.exports === exports) return;
  require.cache[file] = {
    id: file,
    filename: file,
    path: file,
    loaded: true,
    exports,
    children: [],
    paths: [],
  } as never;
}

/** Stock TypeScript, loaded when tslab really looks into it: cells are checked in another thread. */
function stockTypeScript(): object {
  const { version } = require('typescript/package.json') as { version: string };
  return new Proxy(
    {},
    {
      get(_, name) {
        if (name === '__esModule') return true;
        if (name === 'version') return version;
        return (require('typescript') as Record<string | symbol, unknown>)[name];
      },
    },
  );
}
