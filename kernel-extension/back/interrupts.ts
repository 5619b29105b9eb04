/**
 * Running user code so that an interrupt can stop it. Code runs in segments, each under vm's watch for SIGINT. A SIGINT that
 * comes at any other moment would end the process, so it is sent only after a handshake: the front turns the shared word
 * from `inside` to `signalled`, and the segment then stays until the signal lands.
 */
import vm from 'node:vm';
import { Phase, type SharedMemory, Word } from '../shared/memory.js';

/** Thrown into a cell that the user has interrupted. */
export class InterruptError extends Error {
  override readonly name = 'InterruptError';
  constructor() {
    super('interrupted');
    this.stack = 'InterruptError: interrupted';
  }
}

const STEP = Symbol.for('fleche.kernel.step');

/** Runs user code in segments. */
export class Segments {
  readonly #words: Int32Array;
  readonly #script = new vm.Script(`globalThis[Symbol.for('${STEP.description}')]()`, { filename: 'fleche:segment' });

  constructor({ words }: SharedMemory) {
    this.#words = words;
  }

  /** Runs `step` as a segment. @throws InterruptError if it was interrupted. */
  run<T>(step: () => T): T {
    const words = this.#words;
    // What `step` throws is carried out as a value: while a SIGINT is on its way the segment must not be left.
    let outcome: { value: T } | { error: unknown } | undefined;
    (globalThis as Record<symbol, unknown>)[STEP] = () => {
      Atomics.store(words, Word.phase, Phase.inside);
      try {
        outcome = { value: step() };
      } catch (error) {
        outcome = { error };
      }
      if (Atomics.compareExchange(words, Word.phase, Phase.inside, Phase.outside) !== Phase.inside) for (;;);
    };
    try {
      this.#script.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      Atomics.store(words, Word.phase, Phase.outside);
      if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      Atomics.store(words, Word.interrupt, 0);
      throw new InterruptError();
    }
    const { value, error } = outcome as { value?: T; error?: unknown };
    if ('error' in (outcome as object)) throw error;
    return value as T;
  }

  /** Whether an interrupt of this cell is wanted; whoever asks has to throw it. */
  take(cell: number): boolean {
    return Atomics.compareExchange(this.#words, Word.interrupt, cell, 0) === cell;
  }
}

/** What is awaited at the top level of a cell, until an interrupt. */
export class Interruptible {
  #reject: ((error: InterruptError) => void) | undefined;

  /** Whether something is awaited now. */
  get isWaiting(): boolean {
    return this.#reject !== undefined;
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
