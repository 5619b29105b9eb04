/** The front of the kernel, a worker: it owns the sockets, the protocol and TypeScript. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { setCongested } from '../shared/congestion.js';
import { Prompt, sharedMemory, Word } from '../shared/memory.js';
import type { Envelope, FrontOptions, ToBack, ToFront } from '../shared/messages.js';
import { ringReader } from '../shared/ring.js';
import { loadTypeScript } from '../typescript/load-typescript.js';
import { Checker } from './checker.js';
import { collectGarbage } from './garbage.js';
import { IdleWork } from './idle-work.js';
import { Interrupter } from './interrupter.js';
import { Protocol } from './protocol.js';
import type { Transport } from './protocol-messages.js';
import { answerTo } from './questions.js';

/** How often the ring is looked at while there is output, in milliseconds. */
const POLL_MS = 15;
/** What a busy main thread gets to end by itself, in milliseconds. */
const STOP_MS = 1500;
/** How often the kernel looks whether its client's process still lives, in milliseconds. */
const PARENT_MS = 1000;
/** How long nothing must happen before the front gets ready for what an editor may ask, in milliseconds. */
const IDLE_MS = 40;
/** Of cells that follow each other without a pause, after how many it does a part of that. */
const CELLS_PER_PART = 5;
/** How long nothing must happen before it gives memory back, in milliseconds. */
const LONG_IDLE_MS = 500;
/**
 * The same after the question whether a cell is complete, in milliseconds. Jupyter's console sends the cell up to a second
 * later, and has to hear within 50 ms that it has begun: else it takes the end of the question for the end of the cell.
 */
const BEFORE_CELL_MS = 3000;
/** What the sockets get to send what they hold, in milliseconds. */
const CLOSE_MS = 10;

/** Exit code of a kernel that is at fault itself, as sysexits has it for internal errors. */
const FAILED = 70;

const { memory: buffer, port, cwd, mode } = workerData as FrontOptions;
const memory = sharedMemory(buffer);
const { words } = memory;
const toBack = (message: ToBack): void => port.postMessage(message);
Atomics.store(words, Word.asleep, 1);
Atomics.store(words, Word.prompt, Prompt.none);

const { ts, save } = loadTypeScript();
const checker = new Checker(ts, cwd, mode.kind === 'notebook' ? save : () => {});
const interrupter = new Interrupter(memory, toBack, (cell, text) => protocol.output(cell, true, Buffer.from(text)));
const transport = await openTransport();
const protocol = new Protocol({
  transport,
  checker,
  interrupter,
  typescriptVersion: ts.version,
  toBack,
  stop,
  answerPrompt(text) {
    const bytes = Buffer.byteLength(text);
    // Negative: it does not fit.
    Atomics.store(words, Word.answerLength, bytes > memory.answer.length ? -1 : memory.answer.write(text));
    Atomics.store(words, Word.prompt, Prompt.answered);
    Atomics.notify(words, Word.prompt);
  },
});

/** Number of the back's message that has arrived last. */
let received = 0;
const drain = ringReader(
  memory,
  () => received,
  (cell, isError, bytes) => protocol.output(cell, isError, bytes),
);
let isPolling = false;
/** Under Jupyter the front makes use of the time in which nobody asks for anything. */
const idle = mode.kind === 'jupyter' ? new IdleWork(warmUp) : undefined;
const longIdle = mode.kind === 'jupyter' ? new IdleWork(giveMemoryBack) : undefined;
stirred();
/** What happens keeps the front from its idle work for `ms`. */
function stirred(ms = IDLE_MS): void {
  idle?.postpone(ms);
  longIdle?.postpone(Math.max(ms, LONG_IDLE_MS));
}
let cells = 0;
/** Somebody who runs a long notebook at once would wait for all of it afterwards. */
function cellEnded(): void {
  if (idle === undefined || ++cells % CELLS_PER_PART !== 0) return;
  setImmediate(() => {
    try {
      checker.readAhead();
    } catch {
      // Whoever needs it gets the error.
    }
  });
}
function giveMemoryBack(): boolean {
  collectGarbage();
  return false;
}
function warmUp(): boolean {
  longIdle?.postpone(LONG_IDLE_MS);
  try {
    if (checker.warmUp()) return true;
    save();
  } catch {
    // Whoever asks for it gets the error.
  }
  return false;
}
/** Looks at the ring as long as there is output; then sleeps until the writer wakes it. */
function poll(): void {
  isPolling = drain();
  if (!isPolling) {
    Atomics.store(words, Word.asleep, 1);
    isPolling = drain();
  }
  if (isPolling) setTimeout(poll, POLL_MS);
}

port.on('message', (envelope: Envelope) => {
  if (envelope === 'wake') {
    if (isPolling) drain();
    else poll();
    return;
  }
  stirred();
  drain(envelope.at);
  received = envelope.number;
  take(envelope.message);
  if (envelope.message.op === 'done') cellEnded();
  // Text that has been waiting for the message would wait for the next one.
  if (!isPolling) poll();
});

function take(message: ToFront): void {
  switch (message.op) {
    case 'exit':
      void end();
      break;
    case 'group':
      interrupter.group(message.pid, message.ended);
      break;
    case 'interrupted':
      interrupter.taken();
      break;
    case 'ready':
      for (const magic of message.magics) checker.addMagic(magic);
      // What has been asked before waits in the sockets.
      transport.listen(
        (channel, request, route) => {
          stirred(request.header.msg_type === 'is_complete_request' ? BEFORE_CELL_MS : IDLE_MS);
          protocol.receive(channel, request, route);
        },
        (subscription) => protocol.subscribed(subscription),
      );
      break;
    case 'magic':
      checker.addMagic(message.magic);
      break;
    case 'ask': {
      let reply: Pick<Extract<ToBack, { op: 'answer' }>, 'answer' | 'error'>;
      try {
        reply = { answer: answerTo(message.question, { checker, history: protocol.history }), error: undefined };
      } catch (error) {
        const { message: evalue, stack } = error as Error;
        reply = { answer: undefined, error: { ename: 'KernelError', evalue, traceback: [String(stack)] } };
      }
      toBack({ op: 'answer', id: message.id, ...reply });
      break;
    }
    case 'compile': {
      const { id, expression, assigned } = message;
      let code: Extract<ToBack, { op: 'compiled' }>['code'];
      try {
        code = checker.expression(expression, assigned);
      } catch (error) {
        const { message: text, stack } = error as Error;
        code = { ename: 'KernelError', evalue: text, traceback: [String(stack)] };
      }
      toBack({ op: 'compiled', id, code });
      break;
    }
    default:
      protocol.fromBack(message);
  }
}

async function openTransport(): Promise<Transport> {
  if (mode.kind === 'jupyter') {
    const { openSockets } = await import('./transport-zmq.js');
    return openSockets(mode.connectionFile, (isCongested) => setCongested(memory, isCongested));
  }
  const { runNotebook } = await import('../notebook/run.js');
  return runNotebook(mode, { typescriptVersion: ts.version, exit: (code) => toBack({ op: 'exit', code }) });
}

/** Ends the kernel; a main thread that hears no messages any more is killed. */
function stop(): void {
  // What has been answered is sent first.
  setTimeout(() => {
    toBack({ op: 'exit', code: 0 });
    const cell = protocol.runningCell;
    if (cell !== undefined) interrupter.interrupt(cell);
  }, CLOSE_MS);
  killAfterAWhile();
}

function killAfterAWhile(): void {
  setTimeout(() => {
    interrupter.killGroups();
    process.kill(process.pid, 'SIGKILL');
  }, STOP_MS);
}

/** The main thread ends and waits for this. */
async function end(): Promise<void> {
  drain();
  protocol.flush();
  interrupter.killGroups();
  await transport.close();
  setTimeout(() => {
    Atomics.store(words, Word.closed, 1);
    Atomics.notify(words, Word.closed);
  }, CLOSE_MS);
}

/** A kernel whose client is gone ends, also while the main thread is busy. */
function watchParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, PARENT_MS).unref();
}

// The main thread may be in an endless loop and would not hear that the worker has failed.
process.on('uncaughtException', (error) => {
  writeSync(2, `the kernel cannot go on: ${error.stack}\n`);
  toBack({ op: 'exit', code: FAILED });
  killAfterAWhile();
});

if (mode.kind === 'jupyter' && process.env.JPY_PARENT_PID !== undefined) watchParent();
checker.start();
