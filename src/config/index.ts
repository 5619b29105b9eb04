/**
 * Caches from plain data and from words: the one place that knows all storages by name.
 *
 * @packageDocumentation
 */
export { cacheFrom } from './cache-from.js';
export {
  besideEachOther,
  type CacheSpec,
  type CallsSpec,
  type PickleKind,
  parseStorage,
  sqlWithValues,
  storageForms,
  type ValuesSpec,
} from './spec.js';
