import { AsyncLocalStorage } from 'node:async_hooks';
import { ConfigurationError } from '../errors.js';
import { shared } from '../internal/state.js';
import type { MetadataProvider } from '../metadata/provider.js';
import { type Cache, isCache } from './cache.js';
import type { Run } from './running.js';

/** What a stretch of code runs with: the process, or what `cache(c, fn)` and the body of a cached call run in. */
export interface Scope {
  readonly cache: Cache;
  /** Whether cached calls run again and replace what is stored. */
  readonly refresh: boolean;
  /** The asynchronous call whose body this is, if any. */
  readonly run: Run | undefined;
  /** What measures calls besides what their own functions say. */
  readonly metadata?: readonly MetadataProvider[];
}

/** A scope as it is kept: a switch changes its cache or metadata, and the process has no cache before the first call. */
export type OpenScope = Omit<Scope, 'cache' | 'metadata'> & {
  cache: Cache | undefined;
  metadata?: readonly MetadataProvider[];
};

/** The active cache, shared by all copies of the package in the process. */
interface Active {
  readonly scopes: AsyncLocalStorage<OpenScope>;
  readonly process: OpenScope;
  readonly named: Map<string, Cache>;
}

const active: Active = shared('active', () => ({
  scopes: new AsyncLocalStorage<OpenScope>(),
  process: { cache: undefined, refresh: false, run: undefined },
  named: new Map<string, Cache>(),
}));

/** Makes the caches that have a name; the package's entry point provides them, since this room knows no backend. */
const makers: Map<string, () => Cache> = new Map();

/** Lets {@link cache} know the caches `makers` by their names; each is made once in a process. */
export function provideNamedCaches(named: Readonly<Record<'memory' | 'void', () => Cache>>): void {
  for (const [name, make] of Object.entries(named)) makers.set(name, make);
}

/** A cache, or one of the names `memory` (lives as long as the process), `void` (keeps nothing) and `default`. */
export type CacheOrName = Cache | 'memory' | 'void' | 'default';

/** A switch of the active cache. Ignore it and the switch stays; with `using` it ends with the block. */
export interface CacheSwitch {
  /** The cache that was switched to. */
  readonly cache: Cache;
  /** Makes the cache active again that was so before the switch. */
  [Symbol.dispose](): void;
}

/**
 * The active cache, to which cached functions look.
 *
 * `cache()` gives it. `cache(c)` switches to `c`: for good, or with `using` until the end of the block. `cache(c, fn)`
 * runs `fn` with `c`, also across its awaits and in all that it starts, and gives what `fn` gives; everybody else keeps
 * the cache they had. A switch inside `fn` ends with it.
 *
 * @throws ConfigurationError if `c` is neither a cache nor a known name.
 * @example
 * import { cache, fleche } from 'fleche';
 * const square = fleche((x: number) => x * x);
 * console.log(cache('memory', () => square(4))); // 16
 */
export function cache(): Cache;
export function cache(switchTo: CacheOrName): CacheSwitch;
export function cache<T>(use: CacheOrName, body: () => T): T;
export function cache<T>(given?: CacheOrName, body?: () => T): Cache | CacheSwitch | T {
  if (given === undefined) return activeCache();
  const chosen = resolve(given);
  const scope = openScope();
  if (body !== undefined) return runInScope({ ...scope, cache: chosen, refresh: false }, body);
  const before = scope.cache;
  scope.cache = chosen;
  return {
    cache: chosen,
    [Symbol.dispose]: () => {
      scope.cache = before;
    },
  };
}

/** The cache that a call made here and now uses. */
export function activeCache(): Cache {
  return activeScope().cache;
}

/** What a call made here and now runs with. */
export function activeScope(): Scope {
  const scope = openScope();
  scope.cache ??= resolve('default');
  return scope as Scope;
}

/** Runs `body` with `scope`, also across its awaits. */
export function runInScope<T>(scope: Scope, body: () => T): T {
  return active.scopes.run({ ...scope }, body);
}

/** The scope itself that a call made here and now runs with. */
export function openScope(): OpenScope {
  return active.scopes.getStore() ?? active.process;
}

function resolve(given: CacheOrName): Cache {
  if (isCache(given)) return given;
  if (given === 'default') return resolve('memory');
  const known = active.named.get(given);
  if (known !== undefined) return known;
  const make = makers.get(given);
  if (make === undefined) {
    const names = [...makers.keys(), 'default'].map((name) => `'${name}'`).join(', ');
    throw new ConfigurationError(`cache(…) takes a Cache or one of the names ${names}, not ${describe(given)}`);
  }
  const made = make();
  active.named.set(given, made);
  return made;
}

function describe(given: unknown): string {
  return typeof given === 'string' ? `'${given}'` : given === null ? 'null' : typeof given;
}
