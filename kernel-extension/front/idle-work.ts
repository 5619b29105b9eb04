/** Work for the time in which nobody asks for anything. */
export class IdleWork {
  readonly #part: () => boolean;
  #begins = 0;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;

  /** @param part Does a part of the work, short enough to let others wait for it; false: there is no more for now. */
  constructor(part: () => boolean) {
    this.#part = part;
  }

  /** Stops the work; it goes on in `ms` milliseconds, or later if that was asked for before. */
  postpone(ms: number): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
    const now = performance.now();
    this.#begins = Math.max(this.#begins, now + ms);
    this.#timer = setTimeout(() => this.#work(), this.#begins - now);
  }

  #work(): void {
    // In turns of their own: what comes in meanwhile stops the work.
    if (this.#part()) this.#next = setImmediate(() => this.#work());
  }
}
