/** Output of cells: each text goes to the cell that wrote it, also when that cell has ended long ago. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { RingWriter } from '../shared/ring.js';

/** Which cell the running code belongs to. */
export class CellContext {
  readonly #cells = new AsyncLocalStorage<number>();
  #latest = 0;

  /** Runs code as part of a cell. */
  run<T>(cell: number, code: () => T): T {
    this.#latest = cell;
    return this.#cells.run(cell, code);
  }

  /** Whether the running code belongs to a cell. */
  get isInCell(): boolean {
    return this.#cells.getStore() !== undefined;
  }

  /** The cell that the running code belongs to; the latest one, if nothing tells. */
  current(): number {
    return this.#cells.getStore() ?? this.#latest;
  }
}

/** Sends everything that is written to stdout and stderr into the ring. */
export function captureOutput(ring: RingWriter, context: CellContext): void {
  const written = new WriteCallbacks();
  for (const [stream, isError] of [
    [process.stdout, false],
    [process.stderr, true],
  ] as const) {
    stream.write = ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === 'string' && isEncoding(encoding) ? Buffer.from(chunk, encoding) : chunk;
      ring.write(context.current(), isError, text);
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') written.add(done as WriteCallback);
      return true;
    }) as typeof stream.write;
    // A terminal would get colours that a notebook file does not: the outputs of a cell depend on the cell alone.
    Object.defineProperty(stream, 'isTTY', { value: false, configurable: true });
  }
}

type WriteCallback = (error: null) => void;

/** Calls back what was written, in the next turn; as in Node, one callback that comes again and again is counted. */
class WriteCallbacks {
  #waiting: { readonly callback: WriteCallback; count: number }[] = [];

  add(callback: WriteCallback): void {
    const latest = this.#waiting.at(-1);
    if (latest?.callback === callback) latest.count++;
    else if (this.#waiting.push({ callback, count: 1 }) === 1) process.nextTick(() => this.#call());
  }

  #call(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { callback, count } of waiting) for (let n = 0; n < count; n++) callback(null);
  }
}

function isEncoding(value: unknown): value is BufferEncoding {
  return typeof value === 'string' && Buffer.isEncoding(value);
}
