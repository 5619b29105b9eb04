/**
 * Interrupts, as the main thread takes them. The front writes the number of the cell that is to be stopped into the shared
 * memory; whoever finds it there first takes it and throws: the step of a cell, a prompt, or a loop of the cell's code.
 */
import { performance } from 'node:perf_hooks';
// Not the global one, which an interrupted cell may not use any more.
import { setImmediate } from 'node:timers';
import { Phase, type SharedMemory, Word } from '../shared/memory.js';

/** Thrown into a cell that the user has interrupted. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError';
  constructor() {
    super('interrupted');
    this.stack = 'InterruptError: interrupted';
  }
}

/** A call of an async function of a cell; `at` is the number of interrupts before it began, or before it was stopped. */
interface Call {
  at: number;
}

/** What loops of cells call; see `shared/check-names.ts`. */
export interface LoopCheck {
  (call?: Call | 1, isAdded?: 1): void;
  enter(): Call;
  turn(call: Call, isAdded?: 1): void;
}

/** How long code after an `await` may go on in `catch` and `finally` before another loop of the cell is stopped, in milliseconds. */
const CLEANUP_MS = 400;

/** Takes interrupts. */
export class Interrupts {
  /** Throws if the cell that the calling code belongs to is interrupted. */
  readonly check: LoopCheck;
  readonly #words: Int32Array;
  readonly #current: () => number;
  readonly #taken: (cell: number, byLoop: boolean) => void;
  /** The interrupts so far, and which of them was the latest of each cell that had one. */
  #count = 0;
  readonly #latest = new Map<number, number>();
  /** When a loop was stopped last. */
  #stoppedAt = 0;

  /**
   * @param current The cell that the calling code belongs to.
   * @param taken Told about each interrupt that is taken, and whether a loop of the cell's code has taken it.
   */
  constructor({ words }: SharedMemory, current: () => number, taken: (cell: number, byLoop: boolean) => void) {
    this.#words = words;
    this.#current = current;
    this.#taken = taken;
    // A plain read: `Atomics.load` costs eight times as much in a loop, and no engine moves the read out of it (tested).
    const check = (call?: Call | 1): void => {
      if (words[Word.interrupt] === 0) return;
      if (typeof call === 'object') this.#turn(call);
      else this.#loop();
    };
    this.check = Object.assign(check, {
      enter: (): Call => ({ at: this.#count }),
      turn: (call: Call): void => {
        if (words[Word.interrupt] !== 0 || call.at !== this.#count) this.#turn(call);
      },
    });
  }

  /** Takes an interrupt of this cell, if one is wanted; who gets `true` has to throw it. */
  take(cell: number): boolean {
    return this.#take(cell, false);
  }

  /** A signal has broken off a segment of the cell; maybe just when a loop in it was taking this interrupt. */
  brokenOff(cell: number): void {
    if (!this.take(cell) && cell > 0 && Atomics.load(this.#words, Word.interrupt) === -cell) this.#note(cell, false);
  }

  /** The number of interrupts so far. */
  get count(): number {
    return this.#count;
  }

  /** Whether the cell has been interrupted since there were `count` interrupts. */
  hasStopped(cell: number, count: number): boolean {
    return (this.#latest.get(cell) ?? 0) > count;
  }

  #take(cell: number, byLoop: boolean): boolean {
    const words = this.#words;
    // Until the event loop turns, what else the cell has started may keep everybody from running: it is negative so long.
    if (cell <= 0 || Atomics.compareExchange(words, Word.interrupt, cell, -cell) !== cell) return false;
    this.#note(cell, byLoop);
    return true;
  }

  #note(cell: number, byLoop: boolean): void {
    const words = this.#words;
    setImmediate(() => Atomics.compareExchange(words, Word.interrupt, -cell, 0));
    this.#latest.set(cell, ++this.#count);
    this.#stoppedAt = performance.now();
    this.#taken(cell, byLoop);
  }

  #loop(): void {
    const cell = this.#current();
    if (this.#take(cell, true) || this.#isLeftOver(cell) || this.#isInTheWay()) throw new InterruptError();
  }

  /** A loop in an async function. A call that was under way when its cell was interrupted ends, however late it comes here. */
  #turn(call: Call): void {
    const cell = this.#current();
    this.#take(cell, true);
    const isStopped = this.hasStopped(cell, call.at);
    // Once: `catch` and `finally` of the same call may loop.
    call.at = this.#count;
    if (isStopped || this.#isLeftOver(cell) || this.#isInTheWay()) throw new InterruptError();
  }

  /** Whether another piece of the cell goes on after the one that was stopped, and lets nobody else run. */
  #isLeftOver(cell: number): boolean {
    const words = this.#words;
    if (Atomics.load(words, Word.interrupt) !== -cell || Atomics.load(words, Word.phase) !== Phase.outside)
      return false;
    const now = performance.now();
    if (now - this.#stoppedAt < CLEANUP_MS) return false;
    this.#stoppedAt = now;
    return true;
  }

  /** Whether code of another cell keeps the interrupted one from being reached. */
  #isInTheWay(): boolean {
    return Atomics.compareExchange(this.#words, Word.anyone, 1, 0) === 1;
  }
}

/** What is awaited at the top level of a cell, until an interrupt. */
export class Interruptible {
  #reject: ((error: InterruptError) => void) | undefined;

  /** Whether something is awaited now. */
  get isWaiting(): boolean {
    return this.#reject !== undefined;
  }

  /** What is awaited now, by an identity of its own. */
  get awaited(): unknown {
    return this.#reject;
  }

  /** The outcome of `awaited`, or an InterruptError as soon as {@link stop} is called. */
  async race(awaited: unknown): Promise<unknown> {
    const stopped = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    try {
      return await Promise.race([awaited, stopped]);
    } finally {
      this.#reject = undefined;
    }
  }

  /** Interrupts what is awaited now. */
  stop(): void {
    this.#reject?.(new InterruptError());
  }
}
