import { hash } from 'node:crypto';
import type { Digest } from './types.js';

/** The digest of a text in a domain of its own. */
export function hashText(domain: string, text: string): Digest {
  return hash('sha256', `${domain}\0${text}`) as Digest;
}

const numbers: Digest[] = [];

/** What stands for the function that is met as the n-th one. */
export function numbered(n: number): Digest {
  let found = numbers[n];
  if (found === undefined) {
    found = hashText('function', String(n));
    numbers[n] = found;
  }
  return found;
}
