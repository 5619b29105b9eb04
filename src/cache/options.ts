import type { IdentityOptions } from '../calls/profile.js';
import type { MetadataProvider } from '../metadata/provider.js';

/** How `fleche` caches a function. */
export interface FlecheOptions extends IdentityOptions {
  /** The name in key and record. Default: the function's own name, or that of the method. */
  readonly name?: string;
  /**
   * The module in key and record. Default: the file of the package that exports the function; else none, so that a
   * function may move between cells, notebooks and files and keep its results.
   */
  readonly module?: string;
  /**
   * A version in key and record: change it and everything runs again. Default: the version of the package that exports
   * the function; else none.
   */
  readonly version?: string | number;
  /** Whether the version is in key and record. Default: `true`. */
  readonly hashVersion?: boolean;
  /** Whether the module is in key and record. Default: `true`. */
  readonly hashModule?: boolean;
  /**
   * What of the code is part of the key. `'closure'` (default): the function's own code and what it captures; formatting
   * and comments do not count. `'source'`: its own text only. `false`: name, module and version alone, as in the Python
   * library.
   */
  readonly hashCode?: 'closure' | 'source' | false;
  /**
   * Parameters that neither key nor record know, one or several: a logger, a number of threads. A parameter that is taken
   * apart is named by its properties (`log` for `({ n, log })`), or as a whole by its pattern (`{n,log}`). `this` is a
   * name, too.
   */
  readonly ignore?: string | readonly string[];
  /** Parameters, or properties of those taken apart, that a call must give; without them it runs uncached. */
  readonly require?: string | readonly string[];
  /** What else the record of a call says of it, after what it says of all calls and what `meta` and `tags` add. */
  readonly meta?: MetadataProvider | readonly MetadataProvider[];
}
