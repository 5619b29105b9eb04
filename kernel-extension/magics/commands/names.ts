import { type Cache, cache } from 'fleche';

const names = new WeakMap<Cache, string>();

/** Remembers how the user chose a cache. */
export function rememberName(chosen: Cache, name: string): void {
  names.set(chosen, name);
}

/** How people call a cache: as it was chosen last, or by the name that `cache('memory')` knows. */
export function nameOf(given: Cache): string {
  const name = names.get(given) ?? (['memory', 'void', 'default'] as const).find((each) => named(each) === given);
  if (name === undefined) return 'a cache of the notebook';
  return given.retains ? name : `${name}, calls run uncached`;
}

function named(name: 'memory' | 'void' | 'default'): Cache {
  return cache(name, () => cache());
}
