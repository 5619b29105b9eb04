/**
 * Named values of every kind that users put into calls and get out of them. Digests, serializers, storages and renderers
 * are all tested with the same ones.
 */
import { builtins } from './builtins.js';
import { classes } from './classes.js';
import { closures } from './closures.js';
import { collections } from './collections.js';
import { containers } from './containers.js';
import { errors } from './errors.js';
import { functions } from './functions.js';
import { graphs } from './graphs.js';
import { impossible } from './impossible.js';
import { instances } from './instances.js';
import { memory } from './memory.js';
import type { NamedValue } from './named-value.js';
import { allSymbols, scalars, strings } from './primitives.js';
import { properties } from './properties.js';

export type { NamedValue } from './named-value.js';
export { ndArrays } from './nd-arrays.js';

/**
 * Every value of the corpus, except for arrays of n-d libraries: these are {@link ndArrays}.
 *
 * @example
 * import { digest } from 'fleche';
 * import { values } from 'fleche/testing';
 * for (const { name, make, needs } of values) if (needs === 'data') console.log(name, digest(make()));
 */
export const values: readonly NamedValue[] = [
  ...scalars,
  ...strings,
  ...allSymbols,
  ...builtins,
  ...collections,
  ...errors,
  ...memory,
  ...containers,
  ...properties,
  ...graphs,
  ...functions,
  ...closures,
  ...classes,
  ...instances,
  ...impossible,
];
