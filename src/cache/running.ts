import { shared } from '../internal/state.js';
import type { Cache } from './cache.js';

/** The asynchronous calls of a cache whose bodies run now, by key: a second call with the same key waits for the first. */
export function running(cache: Cache): Map<string, Promise<unknown>> {
  const byCache = shared('running', () => new WeakMap<Cache, Map<string, Promise<unknown>>>());
  let calls = byCache.get(cache);
  if (calls === undefined) {
    calls = new Map();
    byCache.set(cache, calls);
  }
  return calls;
}
