import { isAbsolute, relative, sep } from 'node:path';
import type { Storage } from '../storage/types.js';

/**
 * A storage in a few words: `ValuePickleFile at .cache/values`. Paths below the working directory are shown from there.
 *
 * @example
 * import { cache } from 'fleche';
 * import { describeStorage } from 'fleche/render';
 * console.log(describeStorage(cache().values)); // ValueMemory
 */
export function describeStorage(storage: Pick<Storage<unknown>, 'location' | 'capabilities'>): string {
  const name = storage.constructor.name;
  const { location } = storage;
  // The class name says it already.
  if (!storage.capabilities.retains || location === 'memory') return name;
  return `${name} at ${fromHere(location)}`;
}

function fromHere(location: string): string {
  if (!isAbsolute(location)) return location;
  const path = relative(process.cwd(), location);
  return path === '' ? '.' : path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path) ? location : path;
}
