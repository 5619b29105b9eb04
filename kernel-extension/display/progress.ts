/** Bars that show how far a loop is. */
import { escapeHtml } from 'fleche/render';
import type { Display, Progress, ProgressOptions, Representations } from './types.js';

/** How often a bar is drawn at most, in milliseconds. */
const DRAW_MS = 50;
const BAR_CHARACTERS = 20;
const DISPLAY = Symbol.for('Jupyter.display');

/** Makes `progress`, which shows its bars with `display`. */
export function createProgress(display: Display): Progress {
  return ((steps: Iterable<unknown> | AsyncIterable<unknown>, options?: ProgressOptions) =>
    Symbol.asyncIterator in steps
      ? asyncSteps(steps, new Bar(display, steps, options))
      : syncSteps(steps, new Bar(display, steps, options))) as Progress;
}

function* syncSteps<T>(steps: Iterable<T>, bar: Bar): Generator<T, void, undefined> {
  try {
    bar.begin();
    for (const step of steps) {
      yield step;
      bar.step();
    }
    bar.isComplete = true;
  } finally {
    bar.end();
  }
}

async function* asyncSteps<T>(steps: AsyncIterable<T>, bar: Bar): AsyncGenerator<T, void, undefined> {
  try {
    bar.begin();
    for await (const step of steps) {
      yield step;
      bar.step();
    }
    bar.isComplete = true;
  } finally {
    bar.end();
  }
}

class Bar {
  /** Whether the steps have come to their end. */
  isComplete = false;
  readonly #display: Display;
  readonly #label: string;
  readonly #total: number | undefined;
  #done = 0;
  #began = 0;
  #drawn = 0;
  #hasEnded = false;
  #handle: ReturnType<Display> | undefined;

  constructor(display: Display, steps: object, { label = '', total = countOf(steps) }: ProgressOptions = {}) {
    this.#display = display;
    this.#label = label;
    this.#total = total;
  }

  begin(): void {
    this.#began = this.#drawn = performance.now();
    this.#handle = this.#display(this.#picture());
  }

  step(): void {
    this.#done++;
    const now = performance.now();
    if (now - this.#drawn < DRAW_MS) return;
    this.#drawn = now;
    this.#handle?.update(this.#picture());
  }

  end(): void {
    this.#hasEnded = true;
    this.#handle?.update(this.#picture());
  }

  #picture(): object {
    const [done, total] = [this.#done, this.#total];
    const seconds = `${((performance.now() - this.#began) / 1000).toFixed(1)} s`;
    const count = total === undefined ? String(done) : `${done}/${total}`;
    const state = !this.#hasEnded ? `, ${seconds}` : this.isComplete ? ` in ${seconds}` : ` stopped after ${seconds}`;
    const max = total ?? (this.isComplete ? done : undefined);
    const value = max === undefined ? '' : ` value="${Math.min(done, max)}" max="${Math.max(max, 1)}"`;
    const filled = max === undefined ? 0 : Math.round((BAR_CHARACTERS * Math.min(done, max)) / Math.max(max, 1));
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_CHARACTERS - filled);
    const label = this.#label === '' ? '' : `${this.#label} `;
    const bundle: Representations = {
      'text/html': `<div>${escapeHtml(label)}<progress${value}></progress> ${escapeHtml(count + state)}</div>`,
      'text/plain': `${label}${bar} ${count}${state}`,
    };
    return { [DISPLAY]: () => bundle };
  }
}

function countOf(steps: object): number | undefined {
  const { length, size } = steps as { readonly length?: unknown; readonly size?: unknown };
  return [length, size].find((count): count is number => typeof count === 'number');
}
