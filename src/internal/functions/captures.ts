import { types } from 'node:util';
import { type FreeVariable, freeVariables } from './free-variables.js';
import type { Callable, ParsedFunction } from './function-source.js';
import { languageGlobals, nodeGlobals } from './globals.js';
import { functionHost } from './host.js';
import type { Held } from './outer-variables.js';
import { referenceTo } from './references.js';
import { type FunctionInside, InspectorUnavailable, lookInto } from './scopes.js';

/** A variable of an outer scope that a function uses, as it is now. */
export interface Capture {
  readonly value: unknown;
  /** Whether the function itself assigns the variable, so that its value is also an output. */
  readonly assigned: boolean;
  /** What the host keeps the variable in, the same for all functions that use it; `undefined`: V8 keeps it. */
  readonly box: object | undefined;
}

/** What a function captures. */
export interface Captures {
  readonly captures: ReadonlyMap<string, Capture>;
  /** Why some of it could not be seen. */
  readonly unseen: string | undefined;
  /** V8's number of the script of the function, if it captures something or the look was thorough. */
  readonly script: string | undefined;
}

const nothing: Captures = { captures: new Map(), unseen: undefined, script: undefined };

/**
 * Functions that use only names of globals and were found to mean the globals by them, at the first look or at the
 * thorough one. Which scope a name is in does not change.
 */
const selfContained = { quick: new WeakSet<Callable>(), thorough: new WeakSet<Callable>() };

/**
 * The captured variables of `fn`. A function that uses nothing but its own variables and the globals of the language is
 * never looked into, unless `thorough`: then a variable of an outer scope with the name of such a global is found too.
 *
 * A variable that has no value yet is `unseen` on Node 22 and newer. Node 20 shows it as one that holds `undefined`;
 * `firstWithoutValue` tells.
 */
export function capturesOf(fn: Callable, parsed: ParsedFunction, thorough = false): Captures {
  const { variables, unseen } = freeVariables(parsed);
  const wanted = [...variables.values()].filter(
    (variable) => variable.inCode && (thorough || !languageGlobals.has(variable.name)),
  );
  const known = selfContained[thorough ? 'thorough' : 'quick'];
  const isDone = wanted.length === 0 || known.has(fn);
  const view = new View(fn);
  if (isDone && !thorough) return unseen === undefined ? nothing : { ...nothing, unseen };
  if (isDone) return { ...nothing, unseen, script: view.script };
  const captures = new Map<string, Capture>();
  let failure = unseen;
  for (const variable of wanted) {
    try {
      const found = view.find(variable.name);
      if (found) {
        const { value, box } = found;
        captures.set(variable.name, { value: narrowed(value, variable), assigned: variable.assigned, box });
      }
    } catch (error) {
      if (error instanceof InspectorUnavailable && isGlobal(variable.name)) continue;
      failure ??=
        error instanceof InspectorUnavailable ? error.message : `the variable ${variable.name}, which has no value yet`;
    }
  }
  if (captures.size === 0 && wanted.every(({ name }) => isGlobal(name))) known.add(fn);
  return { captures, unseen: failure, script: thorough || captures.size > 0 ? view.script : undefined };
}

/** Looks up variables of one function; into V8 only when somebody asks. */
class View {
  readonly #fn: Callable;
  #inside: FunctionInside | undefined;

  constructor(fn: Callable) {
    this.#fn = fn;
  }

  get script(): string | undefined {
    try {
      return this.#look().script;
    } catch (error) {
      if (error instanceof InspectorUnavailable) return undefined;
      throw error;
    }
  }

  find(name: string): { readonly value: unknown; readonly box: object | undefined } | undefined {
    let box: object | undefined;
    const inScopes = (compiledName: string): Held => {
      const held = this.#inScopes(compiledName);
      if (compiledName !== name && typeof held?.value === 'object' && held.value !== null) box = held.value;
      return held;
    };
    const found = functionHost()?.variable(name, inScopes, this.#fn) ?? this.#inScopes(name) ?? ownGlobal(name);
    return found && { value: found.value, box };
  }

  #inScopes(name: string): { readonly value: unknown } | undefined {
    for (const scope of this.#look().scopes) {
      // A variable that has no value yet throws here.
      if (Object.hasOwn(scope, name)) return { value: (scope as { readonly [name: string]: unknown })[name] };
    }
    return undefined;
  }

  #look(): FunctionInside {
    this.#inside ??= lookInto(this.#fn);
    return this.#inside;
  }
}

function isGlobal(name: string): boolean {
  return languageGlobals.has(name) || nodeGlobals.has(name);
}

/** A global that the user made. */
function ownGlobal(name: string): { readonly value: unknown } | undefined {
  if (isGlobal(name) || !Object.hasOwn(globalThis, name)) return undefined;
  return { value: (globalThis as { readonly [name: string]: unknown })[name] };
}

/** Of the exports of a module that has no name elsewhere, only the members that the function reads. */
export function narrowed(value: unknown, variable: Pick<FreeVariable, 'name' | 'whole' | 'members'>): unknown {
  if (variable.whole || typeof value !== 'object' || value === null || types.isProxy(value)) return value;
  const isModule =
    types.isModuleNamespaceObject(value) ||
    variable.name === 'exports' ||
    Object.getOwnPropertyDescriptor(value, '__esModule')?.value === true ||
    Object.getOwnPropertyDescriptor(value, Symbol.toStringTag)?.value === 'Module';
  if (!isModule || referenceTo(value) !== undefined) return value;
  const module = value as { readonly [name: string]: unknown };
  return Object.fromEntries([...variable.members].sort().map((member) => [member, module[member]]));
}
