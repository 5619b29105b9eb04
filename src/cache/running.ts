import type { Digest } from '../digest/index.js';
import { shared } from '../internal/state.js';
import type { Cache } from './cache.js';

/** A call whose body runs now. */
export class Run {
  /** Its result, once the body has given a promise: others with the same key may wait for it. */
  result: Promise<unknown> | undefined;
  /** The runs that it waits for: those that its body started, and those that it joined. */
  readonly #waitsFor = new Set<Run>();
  readonly #outer: Run | undefined;

  /** @param outer the run whose body starts this one. */
  constructor(outer: Run | undefined) {
    this.#outer = outer;
    if (outer !== undefined) outer.#waitsFor.add(this);
  }

  /** Notes that the body is done, and its promise, too. */
  end(): void {
    if (this.#outer !== undefined) this.#outer.#waitsFor.delete(this);
  }

  /** Whether this one ends only after `other`, so that `other` would wait for ever if it waited for this one. */
  waitsFor(other: Run): boolean {
    const seen = new Set<Run>();
    const next: Run[] = [this];
    for (let run = next.pop(); run !== undefined; run = next.pop()) {
      if (run === other) return true;
      if (seen.has(run)) continue;
      seen.add(run);
      next.push(...run.#waitsFor);
    }
    return false;
  }

  /** Notes that this one waits for `other` as long as `result` is open. */
  join(other: Run, result: Promise<unknown>): void {
    this.#waitsFor.add(other);
    const ended = (): void => void this.#waitsFor.delete(other);
    result.then(ended, ended);
  }
}

/** The asynchronous calls of a cache whose bodies run now, by key: a second call with the same key waits for the first. */
export function running(cache: Cache): Map<Digest, Run> {
  const byCache = shared('running', () => new WeakMap<Cache, Map<Digest, Run>>());
  let calls = byCache.get(cache);
  if (calls === undefined) {
    calls = new Map();
    byCache.set(cache, calls);
  }
  return calls;
}
