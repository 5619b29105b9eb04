import type { Digest } from '../digest/types.js';

const shortest = 8;

/** The beginning of each digest that no other of `sorted` shares, of 8 characters or more. `sorted` is in order. */
export function shortDigests(sorted: readonly Digest[]): ReadonlyMap<Digest, string> {
  return new Map(
    sorted.map((digest, i) => {
      const needed = Math.max(shared(digest, sorted[i - 1]), shared(digest, sorted[i + 1])) + 1;
      return [digest, digest.slice(0, Math.max(shortest, needed))];
    }),
  );
}

function shared(a: string, b: string | undefined): number {
  if (b === undefined) return 0;
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
