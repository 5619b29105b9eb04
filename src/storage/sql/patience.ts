const firstWaitMs = 0.05;
const longestWaitMs = 5;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Waits between attempts, longer each time and never as long as others do, until a time is up. */
export class Patience {
  readonly #until: number;
  #waitMs = firstWaitMs;

  constructor(timeoutMs: number) {
    this.#until = performance.now() + timeoutMs;
  }

  /** Blocks the thread for a moment; `false`, at once, when the time is up. */
  wait(): boolean {
    const left = this.#until - performance.now();
    if (left <= 0) return false;
    Atomics.wait(sleeper, 0, 0, Math.min(left, this.#waitMs * (0.5 + Math.random())));
    this.#waitMs = Math.min(this.#waitMs * 1.5, longestWaitMs);
    return true;
  }
}
