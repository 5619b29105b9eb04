/** Programs in the background of a shell ignore interrupts. */
const killAfterMs = 500;

/** The process groups of commands that run. */
export class Groups {
  readonly #running = new Set<number>();

  /** A process group has been started, or has ended. */
  group(pid: number, ended: boolean): void {
    if (ended) this.#running.delete(pid);
    else this.#running.add(pid);
  }

  /** Ends the commands that run, and what they started; what does not heed the interrupt is killed. */
  interrupt(): void {
    for (const pid of this.#running) {
      signalGroup(pid, 'SIGINT');
      setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfterMs).unref();
    }
  }
}

/** Those of this process. */
export const groups: Groups = new Groups();

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
