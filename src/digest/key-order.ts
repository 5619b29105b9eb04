/** The order of texts by their UTF-16 units: the same in every locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Keys as they came and sorted, of the last objects seen: the rows of a table all have the same. */
const seen: { readonly given: readonly string[]; readonly sorted: readonly string[] }[] = [];
const places = 16;

/** The keys in their canonical order. */
export function sortedKeys(keys: readonly string[]): readonly string[] {
  const { length } = keys;
  if (length < 2) return keys;
  const place = length & (places - 1);
  const last = seen[place];
  if (last !== undefined && isSame(last.given, keys)) return last.sorted;
  const sorted = [...keys].sort();
  // The longest are not remembered, so that nothing large is held.
  if (length <= 64) seen[place] = { given: keys, sorted };
  return sorted;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** Texts first, then symbols, each by their texts; `Symbol.for(…)` before a symbol of the language that is called alike. */
export function compareKeys(a: string | symbol, b: string | symbol): number {
  if (typeof a === 'string' || typeof b === 'string') {
    if (typeof a === typeof b) return compare(a as string, b as string);
    return typeof a === 'string' ? -1 : 1;
  }
  return (
    compare(String(a), String(b)) || Number(Symbol.keyFor(a) === undefined) - Number(Symbol.keyFor(b) === undefined)
  );
}
