/** Where a function's variables of outer scopes live: found once, read as often as somebody asks. */
import { type FixedNames, fixedNames } from './fixed-names.js';
import { freeVariables } from './free-variables.js';
import type { Callable, ParsedFunction } from './function-source.js';
import { languageGlobals, nodeGlobals } from './globals.js';
import { functionHost } from './host.js';
import { packageFileOf } from './package-files.js';
import { type FunctionInside, InspectorUnavailable, lookInto, scriptUrl } from './scopes.js';

/** What a variable holds, in a box; `undefined` when it has no value yet. */
export type Held = { readonly value: unknown } | undefined;

/** How a variable is read: without another look into V8 where that is possible. */
type Way =
  | { readonly kind: 'direct'; readonly read: () => unknown }
  | { readonly kind: 'scope'; readonly level: number; readonly isFixed: boolean };

/** The code around a function. */
export interface Surroundings {
  /** The URL or path of its script; empty when nobody asked, or it has none. */
  readonly url: string;
  /** Whether it is code of a package or of Node, which is known by name and version. */
  readonly isLibrary: boolean;
}

/** The variables of outer scopes that one function uses. */
export class OuterVariables {
  /** What of them cannot be seen, in words. */
  readonly unseen: string | undefined;
  readonly surroundings: Surroundings;
  /** Whether it uses variables of its package as a whole. They are not among the variables: name and version tell them. */
  readonly usesPackage: boolean = false;
  readonly #fn: Callable;
  readonly #fixed: FixedNames | undefined;
  readonly #fixedNow = new Set<string>();
  readonly #ways = new Map<string, Way>();

  /** Finds the variables. Which scope a name is in does not change, so this is done once per function. */
  constructor(fn: Callable, parsed: ParsedFunction) {
    this.#fn = fn;
    const { variables, unseen } = freeVariables(parsed);
    const names = [...variables.values()].filter(({ inCode }) => inCode).map(({ name }) => name);
    this.surroundings = { url: '', isLibrary: false };
    this.unseen = unseen;
    if (names.length === 0) return;
    let inside: FunctionInside;
    try {
      inside = lookInto(fn);
    } catch (error) {
      if (!(error instanceof InspectorUnavailable)) throw error;
      if (names.some((name) => !isGlobal(name))) this.unseen ??= `variables of outer scopes (${error.message})`;
      return;
    }
    const levels = new Map(names.map((name) => [name, inside.scopes.findIndex((scope) => Object.hasOwn(scope, name))]));
    const host = functionHost();
    const hosted = new Map(names.map((name) => [name, host?.reader?.(name, inside.scopes, fn)]));
    let fixed: FixedNames | undefined;
    const isCaptured = names.some((name) => levels.get(name) !== -1 || hosted.get(name) !== undefined);
    const isHosted = isCaptured && host?.compiled?.(inside.scopes) === true;
    if (isCaptured && !isHosted && inside.script !== undefined) {
      this.surroundings = surroundingsOf(inside.script);
      fixed = fixedNames(inside.script);
    }
    this.#fixed = fixed;
    const limit = this.surroundings.isLibrary ? moduleLevel(inside, fixed) : inside.scopes.length;
    for (const name of names) {
      const level = levels.get(name) as number;
      const read = hosted.get(name);
      if (read !== undefined) this.#ways.set(name, { kind: 'direct', read });
      // The host's own `require` is none of the user's code.
      else if (level >= limit) this.usesPackage = true;
      else if (isHosted && name === 'require') continue;
      else if (level >= 0) {
        // Variables at the top of a script belong to all scripts.
        const isFixed = inside.kinds[level] !== 'Script' && fixed?.isFixed(name) === true;
        this.#ways.set(name, { kind: 'scope', level, isFixed });
      } else if (!isGlobal(name)) this.#ways.set(name, { kind: 'direct', read: () => userGlobals[name] });
    }
  }

  /** The names of the variables. What every process has is not among them. */
  get names(): ReadonlySet<string> {
    return new Set(this.#ways.keys());
  }

  /** Whether a variable is imported: what it holds is in the hands of the module that exports it. */
  isImported(name: string): boolean {
    return this.#fixed?.isImported(name) === true;
  }

  /** Takes `value` for what a variable holds for ever. */
  fix(name: string, value: unknown): void {
    this.#ways.set(name, { kind: 'direct', read: () => value });
    this.#fixedNow.add(name);
  }

  /** Whether it is known for all variables what they hold for ever. */
  get areFixed(): boolean {
    return this.#fixedNow.size === this.#ways.size;
  }

  /** Reads a variable from now on through `read`: it is certain that this gives what the variable holds. */
  settle(name: string, read: () => unknown): void {
    this.#ways.set(name, { kind: 'direct', read });
  }

  /** Gives a reader for what the variables hold now. */
  look(): (name: string) => Held {
    let scopes: readonly object[] | undefined;
    return (name) => {
      const way = this.#ways.get(name);
      if (way === undefined) return undefined;
      try {
        if (way.kind === 'direct') return { value: way.read() };
        scopes ??= lookInto(this.#fn).scopes;
        const value = (scopes[way.level] as { readonly [name: string]: unknown })[name];
        // Some versions of V8 show `undefined` where there is no value yet.
        if (way.isFixed && value !== undefined) this.fix(name, value);
        return { value };
      } catch (error) {
        if (error instanceof InspectorUnavailable) throw error;
        // Its declaration has not been reached.
        return undefined;
      }
    };
  }
}

const userGlobals = globalThis as { readonly [name: string]: unknown };

function isGlobal(name: string): boolean {
  return languageGlobals.has(name) || nodeGlobals.has(name);
}

function surroundingsOf(script: string): Surroundings {
  const url = scriptUrl(script);
  const isFile = url.startsWith('file:') || url.startsWith('/') || /^[A-Za-z]:[\\/]/.test(url);
  const isInPackage = isFile && (/[\\/]node_modules[\\/]/.test(url) || packageFileOf(url) !== undefined);
  return { url, isLibrary: url.startsWith('node:') || isInPackage };
}

/** The first of the scopes that belong to the module as a whole, not to a function in it. */
function moduleLevel({ kinds, scopes }: FunctionInside, names: FixedNames | undefined): number {
  const module = kinds.indexOf('Module');
  if (module >= 0) return module;
  const script = kinds.indexOf('Script');
  let level = script >= 0 ? script : kinds.length;
  // A module of CommonJS is a function; its scope is not among them if nothing captures a variable of it.
  while (level > 0 && names?.isTop(Object.keys(scopes[level - 1] as object)) === true) level -= 1;
  return level;
}
