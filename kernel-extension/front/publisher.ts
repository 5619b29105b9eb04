/** Sending to subscribers, of whom one may have stopped to read. */
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { XPublisher } from 'zeromq';

/** Messages that a subscriber may leave unread before it is waited for; what its own side holds comes on top. */
export const UNREAD_MESSAGES = 100;
/** How long a subscriber that does not read is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;
/** How often it is tried, in milliseconds. */
const RETRY_MS = 5;

const NOTICE = `fleche: a client has not read the kernel's output for ${PATIENCE_MS / 1000} s; it misses what comes until it reads\n`;

/**
 * Sends to all subscribers. One that does not read is waited for, so that its cell waits in the end, as with a pipe; after
 * a while the others are served without it. ZeroMQ then counts it in again as soon as it reads.
 *
 * @param socket With `noDrop`, `sendTimeout: 0` and {@link UNREAD_MESSAGES} as its high-water mark.
 */
export function patiently(socket: XPublisher): (frames: readonly Uint8Array[]) => Promise<void> {
  return async (frames) => {
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await delay(RETRY_MS)) {
      try {
        return await socket.send(frames as Buffer[]);
      } catch (error) {
        if (socket.closed || (error as { code?: string }).code !== 'EAGAIN') throw error;
      }
    }
    writeSync(2, NOTICE);
    setNoDrop(socket, false);
    try {
      await socket.send(frames as Buffer[]);
    } finally {
      setNoDrop(socket, true);
    }
  };
}

/** ZeroMQ takes the option at once; its binding warns, as it does for all but some that it knows to. */
function setNoDrop(socket: XPublisher, noDrop: boolean): void {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    socket.noDrop = noDrop;
  } finally {
    process.emitWarning = emitWarning;
  }
}
