import { CodeDigests } from './code-digests.js';
import type { Digest } from './types.js';

/**
 * The id of the digest scheme that this version computes. Digests of different schemes are not comparable; the id is
 * kept with each call record.
 *
 * @example
 * import { digestScheme } from 'fleche';
 * console.log(digestScheme); // fleche-1
 */
export const digestScheme = 'fleche-1';

/**
 * The digest of a value's content: the SHA-256 of its canonical form, 64 hexadecimal characters.
 *
 * Equal values have equal digests, whatever the order of their properties, of the members of their Sets and Maps, whoever
 * shares what with whom, in any process. Different values have different digests: `1`, `1n`, `'1'` and `true`, `0` and
 * `-0`, a hole and `undefined`, `[[1], [2]]` and `[[1, 2]]`.
 *
 * What does not count: who shares what, the memory around a view, whether something is frozen or read-only. Getters count
 * as their code and are not called. An instance counts by its class, the class's code and its fields, private ones too; or
 * by what its method `[Symbol.for('fleche.digest')]()` returns, or what `registerClass` was told.
 *
 * @param path where the value stands, for the error.
 * @throws IndigestibleError for what has no content that could be compared: promises, generators, weak collections,
 * proxies, shared memory, unregistered symbols, functions whose captured variables are such.
 * @example
 * import { digest } from 'fleche';
 * console.log(digest({ a: 1, b: [2, 3] }) === digest({ b: [2, 3], a: 1 })); // true
 */
export function digest(value: unknown, path = ''): Digest {
  switch (typeof value) {
    case 'number':
      // A Map takes 0 and -0 for the same key.
      return value === 0 ? compute(value, path) : remembered(value);
    case 'string':
      return value.length <= 64 ? remembered(value) : compute(value, path);
    default:
      return compute(value, path);
  }
}

/** Digests of small primitives: the arguments of most calls. Bounded, and emptied when full. */
const small = new Map<number | string, Digest>();
const smallLimit = 4096;

function remembered(value: number | string): Digest {
  let found = small.get(value);
  if (found === undefined) {
    found = compute(value, '');
    if (small.size >= smallLimit) small.clear();
    small.set(value, found);
  }
  return found;
}

/** What is not at work. Digesting a value may run code of its class, which may digest something. */
let idle: CodeDigests | undefined = new CodeDigests();

function compute(value: unknown, path: string): Digest {
  const codes = idle ?? new CodeDigests();
  idle = undefined;
  try {
    return codes.walker.digest(value, path);
  } finally {
    codes.clear();
    idle = codes;
  }
}
