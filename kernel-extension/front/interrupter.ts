/** Interrupts a cell that runs on the main thread, from the front. */
import { Phase, Prompt, type SharedMemory, Word } from '../shared/memory.js';
import type { ToBack } from '../shared/messages.js';
import { breakOff } from './break-off.js';
import { stopYoungestChild } from './descendants.js';

/** Time that is left to a cell to stop by itself before a signal is sent, and between looks, in milliseconds. */
const LOOK_MS = 20;
/** Time after which code of other cells is stopped as well, if it keeps the main thread busy, in milliseconds. */
const ANYONE_MS = 500;
/** Time after which the user is told that an interrupt does not help, in milliseconds. */
const TELL_MS = 1000;
/** Time that child processes have to end after SIGINT, in milliseconds. */
const SHELL_MS = 500;

const BUSY = 'Still busy in code that cannot be stopped gently; interrupt again to break it off.\n';

/** An interrupt that nobody has taken yet. */
interface Wanted {
  readonly cell: number;
  readonly since: number;
  /** Whether loops of any cell have been told to stop, and the user that this did not help. */
  anyone: boolean;
  told: boolean;
  /** Whether it was asked for again, and the code is being broken off. */
  isBreakingOff: boolean;
  /** When the child that the main thread waits for has been told to end, and the processes that it then had. */
  childTold: number;
  childTree: readonly number[];
}

/** Stops cells, and ends the process groups of their shell commands. */
export class Interrupter {
  readonly #words: Int32Array;
  readonly #toBack: (message: ToBack) => void;
  readonly #tell: (cell: number, text: string) => void;
  readonly #groups = new Set<number>();
  #wanted: Wanted | undefined;

  /** @param tell Shows the user a text, on the standard error of a cell. */
  constructor({ words }: SharedMemory, toBack: (message: ToBack) => void, tell: (cell: number, text: string) => void) {
    this.#words = words;
    this.#toBack = toBack;
    this.#tell = tell;
  }

  /** A process group of the running cell has been started, or has ended. */
  group(pid: number, ended: boolean): void {
    if (ended) this.#groups.delete(pid);
    else {
      this.#groups.add(pid);
      // It was started before the cell took the interrupt that is under way.
      if (this.#wanted) endGroups([pid]);
    }
  }

  /** Interrupts a cell: what it awaits, its prompt, its shell commands, and the code that it is in. */
  interrupt(cell: number): void {
    const wanted = this.#wanted;
    if (wanted?.cell === cell && Atomics.load(this.#words, Word.interrupt) === cell) {
      if (performance.now() - wanted.since >= ANYONE_MS && !wanted.isBreakingOff) {
        wanted.isBreakingOff = true;
        breakOff(this.#words, () => this.#isWanted(wanted));
      }
      return;
    }
    const begun = {
      cell,
      since: performance.now(),
      anyone: false,
      told: false,
      isBreakingOff: false,
      childTold: 0,
      childTree: [],
    };
    this.#wanted = begun;
    Atomics.store(this.#words, Word.interrupt, cell);
    this.#wake(cell);
    // Not before: the cell must not take the end of its command for an end like any other.
    endGroups([...this.#groups]);
    setTimeout(() => this.#look(begun), LOOK_MS);
  }

  /** The main thread has taken an interrupt. */
  taken(): void {
    this.#wanted = undefined;
  }

  /** The cell has ended: an interrupt that came too late must not hit the next one. */
  ended(cell: number): void {
    this.#wanted = undefined;
    Atomics.compareExchange(this.#words, Word.interrupt, cell, 0);
    Atomics.store(this.#words, Word.anyone, 0);
    // Where code is terminated, nobody takes this back.
    Atomics.store(this.#words, Word.waitsForChild, 0);
  }

  /** Kills what is left of shell commands. */
  killGroups(): void {
    for (const pid of this.#groups) signal(-pid, 'SIGKILL');
  }

  /** What awaits, a message wakes; what waits for the user, memory does. */
  #wake(cell: number): void {
    if (Atomics.compareExchange(this.#words, Word.prompt, Prompt.waiting, Prompt.interrupted) === Prompt.waiting) {
      Atomics.notify(this.#words, Word.prompt);
    }
    this.#toBack({ op: 'interrupt', cell });
  }

  #isWanted(wanted: Wanted): boolean {
    if (this.#wanted !== wanted || Atomics.load(this.#words, Word.interrupt) !== wanted.cell) return false;
    this.#toBack({ op: 'interrupt', cell: wanted.cell });
    return true;
  }

  /** Sends a signal as soon as the cell is inside a segment, unless it has been stopped otherwise. */
  #look(wanted: Wanted): void {
    const words = this.#words;
    const { cell, since } = wanted;
    if (this.#wanted !== wanted || Atomics.load(words, Word.interrupt) !== cell) return;
    const waited = performance.now() - since;
    const waitsSince = Atomics.load(words, Word.waitsForChild);
    // The call that waits takes the interrupt when the child has ended, and throws it where the cell can clean up.
    if (waitsSince !== 0) this.#endChild(wanted, waitsSince);
    else if (Atomics.compareExchange(words, Word.phase, Phase.inside, Phase.signalled) === Phase.inside) {
      process.kill(process.pid, 'SIGINT');
    } else if (waited > ANYONE_MS && !wanted.anyone) {
      wanted.anyone = true;
      Atomics.store(words, Word.anyone, 1);
    } else if (waited > TELL_MS && !wanted.told) {
      wanted.told = true;
      this.#tell(cell, BUSY);
    }
    setTimeout(() => this.#look(wanted), LOOK_MS);
  }

  /** Ends the child that the main thread waits for. What ignores SIGINT, or has lost its parent by it, is killed later. */
  #endChild(wanted: Wanted, waitsSince: number): void {
    const now = performance.now();
    if (now - wanted.childTold < SHELL_MS) return;
    for (const pid of wanted.childTree) signal(pid, 'SIGKILL');
    wanted.childTree = stopYoungestChild(waitsSince, signal);
    for (const name of ['SIGINT', 'SIGCONT'] as const) for (const pid of wanted.childTree) signal(pid, name);
    // It may not have been started yet.
    if (wanted.childTree.length > 0) wanted.childTold = now;
  }
}

/** Ends process groups: whole ones, also if the shell itself has ended. */
function endGroups(groups: readonly number[]): void {
  for (const pid of groups) signal(-pid, 'SIGINT');
  setTimeout(() => {
    for (const pid of groups) signal(-pid, 'SIGKILL');
  }, SHELL_MS);
}

/** Signals a process, or a group if negative. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}
