import type { IdentityOptions } from '../calls/profile.js';

/** How `fleche` caches a function. */
export interface FlecheOptions extends IdentityOptions {
  /** The name in key and record. Default: the function's own name. */
  readonly name?: string;
  /** The module in key and record. Default: none, so that a function may move between notebooks and keep its results. */
  readonly module?: string;
  /** A version in key and record: change it and everything runs again. Default: none. */
  readonly version?: string | number;
  /**
   * What of the code is part of the key. `'source'` (default): the function's own text; formatting and comments do not
   * count. `false`: name, module and version alone, as in the Python library.
   */
  readonly hashCode?: 'source' | false;
  /** Parameters that neither key nor record know: a logger, a number of threads. */
  readonly ignore?: readonly string[];
  /** Parameters that a call must give; without them it runs uncached. */
  readonly require?: readonly string[];
}
