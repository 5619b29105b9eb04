/**
 * `import 'fleche/tslab'` in a cell of an unmodified tslab kernel teaches it the magics of the kernel of fleche, from the
 * next cell on. In that kernel, which knows them already, it does nothing.
 *
 * `import { $ } from 'fleche/tslab'` gives shell commands as values, which are a global there.
 *
 * Nothing of tslab is imported: its modules are found among those that the running kernel has loaded.
 *
 * @packageDocumentation
 */
import { createRequire } from 'node:module';
import { ConfigurationError } from 'fleche';
import { toPoints, toUnits } from './front/positions.js';
import type { TypeScript } from './magics/types.js';
import { type Equipment, type Executor, equipExecutor } from './stock-tslab/equip-executor.js';
import type { WriteDisplayData } from './stock-tslab/tslab-host.js';

interface Request {
  readonly code: string;
  readonly cursor_pos?: number;
}
interface Handler {
  readonly executor: Executor;
}
type Handle = (this: Handler, request: Request, ...rest: unknown[]) => unknown;

export { $ } from './stock-tslab/shell.js';

const handlers = ['handleExecute', 'handleInspect', 'handleComplete', 'handleIsComplete'] as const;
type HandlerPrototype = Record<(typeof handlers)[number], Handle>;

interface JupyterModule {
  readonly JupyterHandlerImpl: { readonly prototype: HandlerPrototype };
  readonly lastWriteDisplayData: WriteDisplayData | null;
}

const inKernelOfFleche = Symbol.for('fleche.kernel');
const patched = Symbol.for('fleche.tslab.patched');

/** Where the modules of tslab that matter lie, in any version that was ever tried with this. */
const jupyterFile = /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/;
const typescriptFile = /[\\/]@tslab[\\/]typescript-for-tslab[\\/]lib[\\/]typescript\.js$/;

/**
 * Teaches the tslab kernel that runs in this process the magics. Doing it again changes nothing.
 *
 * @throws ConfigurationError outside of a tslab kernel, or in one that is not built as expected.
 */
function install(): void {
  if (inKernelOfFleche in globalThis) return;
  const ts = loaded(typescriptFile)[0] as TypeScript | undefined;
  // A global tslab hands over to one in the folder of the notebook: then both are loaded, and either may run.
  const modules = loaded(jupyterFile) as readonly JupyterModule[];
  if (ts === undefined || modules.length === 0) {
    throw new ConfigurationError(
      'fleche/tslab is for a cell of a tslab kernel, and this is none; elsewhere import fleche, or use the kernel of fleche: npx fleche jupyter install',
    );
  }
  for (const module of modules) patch(ts, module);
}

/** The exports of the loaded CommonJS modules whose files match. */
function loaded(file: RegExp): unknown[] {
  const { cache } = createRequire(import.meta.url);
  return Object.entries(cache)
    .filter(([path]) => file.test(path))
    .map(([, module]) => module?.exports);
}

function patch(ts: TypeScript, module: JupyterModule): void {
  const prototype = module.JupyterHandlerImpl?.prototype as (HandlerPrototype & { [patched]?: true }) | undefined;
  if (prototype === undefined || !handlers.every((name) => typeof prototype[name] === 'function')) {
    throw new ConfigurationError('this tslab is built in a way that fleche/tslab does not know; it knows 1.0.22');
  }
  if (prototype[patched] === true) return;
  const known = new WeakMap<Executor, Equipment>();
  // The executor is nowhere to be found before its handler is asked for something.
  const equipped = (executor: Executor): Equipment => {
    const equipment = known.get(executor) ?? equipExecutor(ts, executor, () => module.lastWriteDisplayData);
    known.set(executor, equipment);
    return equipment;
  };
  for (const name of handlers) {
    const original = prototype[name];
    prototype[name] = function (request, ...rest) {
      const { divide, takeNextInput } = equipped(this.executor);
      // The executor divides what it is given, but tslab asks its converter itself whether a cell is complete.
      const code = name === 'handleIsComplete' ? divide(request.code).masked : request.code;
      const { cursor_pos: points } = request;
      // Jupyter counts code points, and tslab takes them for UTF-16 units.
      const asked = points === undefined ? { ...request, code } : { ...request, cursor_pos: toUnits(code, points) };
      const reply = original.call(this, asked, ...rest);
      if (name === 'handleExecute') return withNextInput(reply as Promise<object>, takeNextInput);
      return name === 'handleComplete' ? inPoints(code, reply as Span) : reply;
    };
  }
  prototype[patched] = true;
}

interface Span {
  readonly cursor_start: number;
  readonly cursor_end: number;
}

function inPoints(code: string, reply: Span): Span {
  const { cursor_start, cursor_end } = reply;
  return { ...reply, cursor_start: toPoints(code, cursor_start), cursor_end: toPoints(code, cursor_end) };
}

/** A reply that puts a text into the cell, if a magic of the cell wants that. */
async function withNextInput(reply: Promise<object>, takeNextInput: () => string | undefined): Promise<object> {
  const content = await reply;
  const text = takeNextInput();
  return text === undefined ? content : { ...content, payload: [{ source: 'set_next_input', text, replace: true }] };
}

install();
