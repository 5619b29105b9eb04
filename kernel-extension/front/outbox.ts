/** Messages on their way to one socket: in order, one at a time, and counted. */

/** Above this much a socket is congested, and below half of it no more, in bytes. */
const CONGESTED_BYTES = 8 << 20;

/** Sends what is put into it. ZeroMQ refuses more than some hundred messages in one turn of the event loop. */
export class Outbox {
  readonly #send: (frames: readonly Uint8Array[]) => Promise<void>;
  readonly #congested: (isCongested: boolean) => void;
  #waiting: (readonly Uint8Array[] | (() => void))[] = [];
  #bytes = 0;
  #isCongested = false;
  #sending: Promise<void> | undefined;
  #isClosed = false;

  /**
   * @param send Resolves when the socket has taken the message.
   * @param congested Told when more waits than memory should hold, and when there is room again.
   */
  constructor(
    send: (frames: readonly Uint8Array[]) => Promise<void>,
    congested: (isCongested: boolean) => void = () => {},
  ) {
    this.#send = send;
    this.#congested = congested;
  }

  /** Puts a message in; after {@link close} it is dropped. */
  add(frames: readonly Uint8Array[]): void {
    if (this.#isClosed) return;
    this.#count(size(frames));
    this.#put(frames);
  }

  /** Calls `task` after what was put in before is sent, and before anything else is; resolves when it has. */
  async call(task: () => void): Promise<void> {
    if (this.#isClosed) return;
    await new Promise<void>((resolve) => this.#put(() => resolve(task())));
  }

  /** Resolves when all is sent, or after `ms`; takes nothing more. */
  async close(ms: number): Promise<void> {
    this.#isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#sending, late]);
    clearTimeout(timer);
    this.#waiting = [];
  }

  #put(item: readonly Uint8Array[] | (() => void)): void {
    this.#waiting.push(item);
    this.#sending ??= this.#work();
  }

  async #work(): Promise<void> {
    for (;;) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (batch.length === 0) break;
      for (const item of batch) {
        // Awaited, for this must not end before `#put` has kept its promise.
        if (typeof item === 'function') await item();
        else {
          // A client that has gone away is no error of ours.
          await this.#send(item).catch(() => {});
          this.#count(-size(item));
        }
      }
    }
    this.#sending = undefined;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const isCongested = this.#bytes > (this.#isCongested ? CONGESTED_BYTES / 2 : CONGESTED_BYTES);
    if (isCongested === this.#isCongested) return;
    this.#isCongested = isCongested;
    this.#congested(isCongested);
  }
}

function size(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, { length }) => sum + length, 0);
}
