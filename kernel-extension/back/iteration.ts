/** `for await` at the top level of a cell, which is compiled to a loop that yields each step. */

/** One such loop over one iterable; the compiled loop calls it. */
export class AwaitedIteration {
  /** What the loop variable gets. */
  value: unknown;
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  readonly #isAsync: boolean;
  /** Whether the loop has to close the iterator when it is left now. */
  #isOpen = false;

  constructor(iterable: AsyncIterable<unknown> | Iterable<unknown>) {
    const asyncMethod = (iterable as AsyncIterable<unknown>)[Symbol.asyncIterator];
    this.#isAsync = asyncMethod !== undefined && asyncMethod !== null;
    this.#iterator = this.#isAsync
      ? asyncMethod.call(iterable)
      : (iterable as Iterable<unknown>)[Symbol.iterator].call(iterable);
  }

  /** Asks for the next step; an iterator that fails here is not closed. */
  next(): unknown {
    this.#isOpen = false;
    const result = this.#iterator.next();
    if (this.#isAsync) return result;
    // Of a sync iterator the values are awaited.
    const { done, value } = result as IteratorResult<unknown>;
    return Promise.resolve(value).then((awaited) => ({ done, value: awaited }));
  }

  /** Takes the outcome of a step; false: the loop is over. */
  take(result: unknown): boolean {
    if (typeof result !== 'object' || result === null)
      throw new TypeError(`Iterator result ${String(result)} is not an object`);
    const { done, value } = result as IteratorResult<unknown>;
    this.#isOpen = done !== true;
    this.value = value;
    return this.#isOpen;
  }

  /** The loop was left by an error, which matters more than one of closing. */
  async abandon(): Promise<void> {
    try {
      await this.close();
    } catch {
      // the error that ended the loop goes on
    }
  }

  /** The loop was left. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#iterator.return?.();
  }
}
