import { hostname, userInfo } from 'node:os';
import type { MetadataProvider } from './provider.js';

/**
 * Where a call ran. Its fields are `hostname`, `username`, `cwd` and `node_version`, after the `environment` metadata of
 * the Python library.
 *
 * @example
 * import { cache, environment, fleche } from 'fleche';
 * cache('memory');
 * const add = fleche({ meta: environment }, (a: number, b: number) => a + b);
 * add(2, 3);
 * console.log(cache().load(add.fleche.digest(2, 3)).metadata.environment?.node_version === process.version); // true
 */
export const environment: MetadataProvider = {
  namespace: 'environment',
  start: () => ({
    hostname: hostname(),
    username: username(),
    cwd: process.cwd(),
    node_version: process.version,
  }),
};

/** `null` for a user whom the machine does not know by name, as in some containers. */
function username(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
