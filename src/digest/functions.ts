import { IndigestibleError } from '../errors.js';
import type { Digest } from './types.js';

/** The digest of a function: of its code and of what it captures. */
export function digestFunction(_fn: object, path: string): Digest {
  throw new IndigestibleError({ path, what: 'a function' });
}
