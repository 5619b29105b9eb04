/**
 * The main thread of the kernel: it runs cells and does nothing else. The front, a worker, speaks to the world and checks
 * types, so that both answer while a cell computes.
 */
import path from 'node:path';
import { installDisplay } from '../display/globals.js';
import { builtInMagics } from '../magics/built-in.js';
import { describe, onMagic } from '../magics/registry.js';
import { runLineMagic, runWithCellMagic } from '../magics/run.js';
import { Word } from '../shared/memory.js';
import type { FrontMode, ToBack } from '../shared/messages.js';
import { createCellExecutor } from '../tslab-adapter.js';
import { offerToClearStack } from './async-stack.js';
import { CellRunner } from './cell-runner.js';
import { createShell } from './command.js';
import { Connection } from './connection.js';
import { tellCurrentVariables } from './current-variables.js';
import { installDialogs } from './dialogs.js';
import { registerFunctionHost } from './function-host.js';
import { InterruptError, Interrupts } from './interrupts.js';
import type { Front } from './launch.js';
import { type MagicHostParts, magicHost } from './magic-host.js';
import { ModuleLoader } from './module-loader.js';
import { hookModules } from './modules.js';
import { CellContext, captureOutput } from './output.js';
import { displayed } from './rich-values.js';
import { Segments } from './segments.js';
import { reserveSigint } from './sigint.js';
import { SourcePositions } from './source-positions.js';
import { watchSyncChildren } from './sync-children.js';
import { watchTimers } from './timers.js';
import { Tracebacks } from './tracebacks.js';

/** How long the process waits at its end for the front to close its sockets, in milliseconds. */
const CLOSE_MS = 2000;

/** Runs the cells of a front that is starting, in the notebook's folder `cwd`. It ends the process when it is done. */
export function startKernel({ memory, port }: Front, mode: FrontMode, cwd: string): void {
  // Where magics are known already, `import 'fleche/tslab'` has nothing to do.
  (globalThis as { [key: symbol]: unknown })[Symbol.for('fleche.kernel')] = true;
  const connection = new Connection(port, memory);
  const context = new CellContext();
  const interrupts = new Interrupts(
    memory,
    () => context.current(),
    (cell, byLoop) => {
      connection.send({ op: 'interrupted' });
      if (byLoop) runner.loopStopped(cell);
    },
  );
  const segments = new Segments(memory, interrupts);
  const positions = new SourcePositions();
  positions.install();
  const tracebacks = new Tracebacks(positions, cwd);
  hookModules();
  registerFunctionHost();
  const executor = createCellExecutor(cwd, ({ data, transient }, isUpdate) =>
    connection.send({ op: 'display', cell: context.current(), data, displayId: transient?.display_id, isUpdate }),
  );
  installDisplay({
    show: (data, displayId, isUpdate) =>
      connection.send({ op: 'display', cell: context.current(), data, displayId, isUpdate }),
    clear: (wait) => connection.send({ op: 'clear', cell: context.current(), wait }),
  });
  captureOutput(connection.ring, context);
  const allowDialogs = installDialogs({ memory, connection, context, interrupts });
  watchTimers(segments, interrupts, context);
  watchSyncChildren(memory, interrupts, () => context.current());
  offerToClearStack();
  const group = (pid: number, ended: boolean): void => connection.send({ op: 'group', pid, ended });
  onMagic(builtInMagics.keys(), (magic) => connection.send({ op: 'magic', magic: describe(magic) }));
  (globalThis as { $?: unknown }).$ = createShell(group);
  const magics = { runLineMagic, runWithCellMagic };
  const parts: MagicHostParts = { connection, segments, group, boxes: () => runner.boxes };
  const runner = new CellRunner({
    cwd,
    executor,
    interrupts,
    segments,
    context,
    tracebacks,
    positions,
    modules: new ModuleLoader(cwd, mode.kind === 'notebook' ? mode.file : notebookOfSession()),
    magics,
    magicHost: (running) => magicHost(parts, running),
  });
  tellCurrentVariables((name) => runner.variable(name));

  let isDone = false;
  port.on('message', (message: ToBack) => {
    switch (message.op) {
      case 'run':
        // In a turn of its own: what a segment leaves behind must not be part of the handling of a message.
        setImmediate(async () => {
          allowDialogs(message.allowStdin);
          const outcome = await runner.run(message.cell, message.runnable);
          connection.send({ op: 'done', cell: message.cell, outcome });
        });
        break;
      case 'evaluate':
        setImmediate(async () => {
          const result = await runner
            .evaluate(message.cell, message.code)
            .then((value) => displayed(value, (step) => segments.run(message.cell, step), false))
            .catch((error: unknown) => tracebacks.report(error));
          connection.send({ op: 'evaluated', id: message.id, result: result ?? { 'text/plain': 'undefined' } });
        });
        break;
      case 'compiled':
        connection.answered(message);
        break;
      case 'answer':
        connection.replied(message);
        break;
      case 'interrupt':
        runner.interrupt(message.cell);
        break;
      case 'exit':
        isDone = true;
        process.exit(message.code);
    }
  });
  connection.send({ op: 'ready', magics: [...builtInMagics.values()].map(describe) });
  stayAlive(mode, tracebacks, () => runner.interruptUnheard());
  process.on('exit', (code) => {
    // A notebook that ends itself by `process.exit()` has not come to its end.
    if (mode.kind === 'notebook' && !isDone && code === 0) process.exitCode = 1;
    connection.send({ op: 'exit' });
    // ZeroMQ ends the process with an abort if its sockets are still open.
    Atomics.wait(memory.words, Word.closed, 0, CLOSE_MS);
  });
}

/** The notebook's file as Jupyter tells it; some clients tell a name of their own instead. */
function notebookOfSession(): string | undefined {
  const file = process.env.JPY_SESSION_NAME;
  return file !== undefined && path.isAbsolute(file) && file.endsWith('.ipynb') ? file : undefined;
}

/** What would end a plain Node process is shown in the cell that it belongs to. */
function stayAlive(mode: FrontMode, tracebacks: Tracebacks, interruptUnheard: () => void): void {
  const show = (kind: string) => (error: unknown) => {
    if (error instanceof InterruptError) {
      interruptUnheard();
      return;
    }
    process.stderr.write(`${kind} ${tracebacks.report(error).traceback.join('\n')}\n`);
  };
  process.on('uncaughtException', show('Uncaught'));
  process.on('unhandledRejection', show('Unhandled rejection:'));
  process.on('SIGTERM', () => process.exit(143));
  // Under Jupyter interrupts are messages; a terminal's Ctrl+C is for the client. Without one it means what it says.
  if (mode.kind === 'notebook') process.on('SIGINT', () => process.exit(130));
  else reserveSigint();
}
