/** Interrupts a cell that runs on the main thread, from the front. */
import { Phase, Prompt, type SharedMemory, Word } from '../shared/memory.js';
import type { ToBack } from '../shared/messages.js';

/** Time that is left to a cell to stop by itself before a signal is sent, and between looks, in milliseconds. */
const LOOK_MS = 20;
/** Time that shell commands have to end after SIGINT, in milliseconds. */
const SHELL_MS = 500;

/** Stops cells, and ends the process groups of their shell commands. */
export class Interrupter {
  readonly #words: Int32Array;
  readonly #toBack: (message: ToBack) => void;
  readonly #groups = new Set<number>();
  #active = 0;

  constructor({ words }: SharedMemory, toBack: (message: ToBack) => void) {
    this.#words = words;
    this.#toBack = toBack;
  }

  /** A process group of the running cell has been started, or has ended. */
  group(pid: number, ended: boolean): void {
    if (ended) this.#groups.delete(pid);
    else this.#groups.add(pid);
  }

  /** Interrupts a cell: what it awaits, its prompt, its shell commands, and the code that it is in. */
  interrupt(cell: number): void {
    this.#active = cell;
    Atomics.store(this.#words, Word.interrupt, cell);
    if (Atomics.compareExchange(this.#words, Word.prompt, Prompt.waiting, Prompt.interrupted) === Prompt.waiting) {
      Atomics.notify(this.#words, Word.prompt);
    }
    this.#toBack({ op: 'interrupt', cell });
    const groups = [...this.#groups];
    for (const pid of groups) signalGroup(pid, 'SIGINT');
    // The whole group, also if the shell itself has ended.
    setTimeout(() => {
      for (const pid of groups) signalGroup(pid, 'SIGKILL');
    }, SHELL_MS);
    setTimeout(() => this.#look(cell), LOOK_MS);
  }

  /** Sends a signal as soon as the cell is inside a segment, unless it has been stopped otherwise. */
  #look(cell: number): void {
    const words = this.#words;
    if (this.#active !== cell || Atomics.load(words, Word.interrupt) !== cell) return;
    if (Atomics.compareExchange(words, Word.phase, Phase.inside, Phase.signalled) === Phase.inside) {
      process.kill(process.pid, 'SIGINT');
    } else setTimeout(() => this.#look(cell), LOOK_MS);
  }

  /** The cell has ended: an interrupt that came too late must not hit the next one. */
  ended(cell: number): void {
    this.#active = 0;
    Atomics.compareExchange(this.#words, Word.interrupt, cell, 0);
  }

  /** Kills what is left of shell commands. */
  killGroups(): void {
    for (const pid of this.#groups) signalGroup(pid, 'SIGKILL');
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // gone already
  }
}
