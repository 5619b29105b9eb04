/** Starts the front of the kernel first of all, so that both threads load at the same time. */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { MessageChannel, type MessagePort, SHARE_ENV, Worker } from 'node:worker_threads';
import { type SharedMemory, sharedMemory } from '../shared/memory.js';
import type { FrontMode, FrontOptions } from '../shared/messages.js';

/** What the checker may use. With 2 GiB or more, V8 would let its garbage grow to three times of what lives before it collects. */
const FRONT_MIB = 2000;
/** What is new in its heap. V8's 48 would make neither the start nor cells faster, and holds 16 more for ever. */
const FRONT_YOUNG_MIB = 24;

/** A front that is starting. */
export interface Front {
  readonly memory: SharedMemory;
  readonly port: MessagePort;
}

/** Starts the front in a thread of its own; if it fails, the process ends. */
export function launchFront(mode: FrontMode, cwd: string): Front {
  const memory = sharedMemory();
  const { port1: port, port2 } = new MessageChannel();
  const front = new Worker(new URL('../front/front.js', import.meta.url), {
    workerData: { memory: memory.buffer, port: port2, cwd, mode } satisfies FrontOptions,
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: FRONT_MIB, maxYoungGenerationSizeMb: FRONT_YOUNG_MIB },
    // Variables that cells set are offered on shell lines.
    env: SHARE_ENV,
    // What the front writes for itself, warnings of its libraries for instance, is no output of a cell.
    stdout: true,
    stderr: true,
  });
  for (const stream of [front.stdout, front.stderr]) stream.on('data', (bytes: Buffer) => writeSync(2, bytes));
  front.once('error', (error) => {
    (process as unknown as { _rawDebug(text: string): void })._rawDebug(`the kernel cannot go on: ${inspect(error)}`);
    process.exit(70);
  });
  return { memory, port };
}
