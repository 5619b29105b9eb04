import { type Digest, isDigest } from '../digest/index.js';
import { AmbiguousDigestError, ConfigurationError, UnknownDigestError } from '../errors.js';
import type { Storage } from '../storage/types.js';

/** Shorter beginnings of digests are too often ambiguous to be worth their keystrokes. */
const shortest = 4;

type AnyStorage = Pick<Storage<never>, 'list' | 'startingWith'>;
type Text = string | { readonly digest: string };

/**
 * The full digest that starts with `text`; a full one is returned as it is, stored or not.
 *
 * @throws ConfigurationError, UnknownDigestError, AmbiguousDigestError
 */
export function expandDigest(storages: readonly AnyStorage[], text: Text, what: 'value' | 'call' | 'entry'): Digest {
  const prefix = textOf(text);
  if (isDigest(prefix)) return prefix;
  const matches = startingWith(storages, prefix);
  if (matches.length === 1) return matches[0] as Digest;
  if (matches.length === 0) throw new UnknownDigestError({ digest: prefix, what });
  throw new AmbiguousDigestError({ prefix, matches, needed: neededLength(matches) });
}

/** The shortest beginning of `text` that no other entry has. */
export function shrinkDigest(storages: readonly AnyStorage[], text: Text): string {
  const full = textOf(text);
  const others = startingWith(storages, full.slice(0, shortest)).filter((other) => other !== full);
  const common = others.map((other) => commonLength(full, other));
  return full.slice(0, Math.max(shortest, ...common.map((length) => length + 1)));
}

function textOf(text: Text): string {
  const digits = typeof text === 'string' ? text : text.digest;
  if (!/^[0-9a-f]{4,64}$/.test(digits)) {
    throw new ConfigurationError(
      `a digest is 64 hexadecimal characters or the first ${shortest} or more of them, not ${JSON.stringify(digits)}`,
    );
  }
  return digits;
}

function startingWith(storages: readonly AnyStorage[], prefix: string): readonly Digest[] {
  const found = new Set<Digest>();
  for (const storage of storages) {
    for (const key of storage.startingWith?.(prefix) ?? storage.list()) if (key.startsWith(prefix)) found.add(key);
  }
  return [...found].sort();
}

/** How many characters tell all of `sorted` apart. */
function neededLength(sorted: readonly string[]): number {
  let needed = shortest;
  for (let i = 1; i < sorted.length; i += 1) {
    needed = Math.max(needed, commonLength(sorted[i - 1] as string, sorted[i] as string) + 1);
  }
  return needed;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
