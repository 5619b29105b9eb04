/**
 * Running user code so that an interrupt can stop it. Code runs in segments, each under vm's watch for SIGINT. A SIGINT that
 * comes at any other moment would end the process, so it is sent only after a handshake: the front turns the shared word
 * from `inside` to `signalled`, and the segment then stays until the signal lands.
 */
import { performance } from 'node:perf_hooks';
import vm from 'node:vm';
import { Phase, type SharedMemory, Word } from '../shared/memory.js';
import { InterruptError, type Interrupts } from './interrupts.js';

/** How long a signal may take from one thread of the process to another, in milliseconds. */
const SIGNAL_MS = 1000;
const STEP = Symbol.for('fleche.kernel.step');

/** Runs user code in segments. */
export class Segments {
  readonly #words: Int32Array;
  readonly #interrupts: Interrupts;
  readonly #script = new vm.Script(`globalThis[Symbol.for('${STEP.description}')]()`, { filename: 'fleche:segment' });

  constructor({ words }: SharedMemory, interrupts: Interrupts) {
    this.#words = words;
    this.#interrupts = interrupts;
  }

  /** Runs `step` as a segment of a cell. @throws InterruptError if it was interrupted. */
  run<T>(cell: number, step: () => T): T {
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
      if (Atomics.compareExchange(words, Word.phase, Phase.inside, Phase.outside) !== Phase.inside) awaitSignal();
    };
    try {
      this.#script.runInThisContext({ breakOnSigint: true });
    } catch (error) {
      Atomics.store(words, Word.phase, Phase.outside);
      if ((error as { code?: string }).code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
      // If the interrupt was meant for another cell, which this one kept from running, that one will find it.
      this.#interrupts.brokenOff(cell);
      throw new InterruptError();
    }
    if (Atomics.exchange(words, Word.phase, Phase.outside) !== Phase.outside) {
      // The signal has stopped a vm script of the step's own.
      this.#interrupts.brokenOff(cell);
      throw new InterruptError();
    }
    const { value, error } = outcome as { value?: T; error?: unknown };
    if ('error' in (outcome as object)) throw error;
    return value as T;
  }
}

/** Waits for the signal that is under way, which ends this; a script that the step has run may have got it instead. */
function awaitSignal(): void {
  for (const begun = performance.now(); performance.now() - begun < SIGNAL_MS; );
}
