/** Sending to subscribers, of whom one may have stopped to read. */
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { XPublisher } from 'zeromq';

/** Messages that a subscriber may leave unread before it is waited for; what its own side holds comes on top. */
const UNREAD_MESSAGES = 100;
/** How long a subscriber that does not read is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;
/** How often it is tried, in milliseconds. */
const RETRY_MS = 5;

/** Numbers of options that the binding names for a subscriber's own socket alone: https://libzmq.readthedocs.io. */
const ZMQ_SUBSCRIBE = 6;
const ZMQ_UNSUBSCRIBE = 7;

const NOTICE = `fleche: a client has not read the kernel's output for ${PATIENCE_MS / 1000} s; it misses what comes until it reads\n`;

/** The socket that publishes. It receives a frame from each subscriber, who gets nothing before it is admitted. */
export class Publisher extends XPublisher {
  /** @param options How long what has been sent is kept for slow subscribers when the socket is closed, in milliseconds. */
  constructor(options: { readonly linger: number }) {
    super({ ...options, noDrop: true, sendTimeout: 0, sendHighWaterMark: UNREAD_MESSAGES });
    this.manual = true;
  }

  /** Grants the subscription that was received last. */
  admit(subscription: Buffer): void {
    this.setStringOption(ZMQ_SUBSCRIBE, subscription);
  }

  /** Ends a subscription, as the frame that was received last asks. */
  release(subscription: Buffer): void {
    this.setStringOption(ZMQ_UNSUBSCRIBE, subscription);
  }

  /**
   * Sends to all subscribers. One that does not read is waited for, so that its cell waits in the end, as with a pipe;
   * after a while the others are served without it. ZeroMQ then counts it in again as soon as it reads.
   */
  async publish(frames: readonly Uint8Array[]): Promise<void> {
    for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await delay(RETRY_MS)) {
      try {
        return await this.send(frames as Buffer[]);
      } catch (error) {
        if (this.closed || (error as { code?: string }).code !== 'EAGAIN') throw error;
      }
    }
    writeSync(2, NOTICE);
    this.#setNoDrop(false);
    try {
      await this.send(frames as Buffer[]);
    } finally {
      this.#setNoDrop(true);
    }
  }

  /** ZeroMQ takes the option at once; its binding warns, as it does for all but some that it knows to. */
  #setNoDrop(noDrop: boolean): void {
    const { emitWarning } = process;
    process.emitWarning = () => {};
    try {
      this.noDrop = noDrop;
    } finally {
      process.emitWarning = emitWarning;
    }
  }
}
