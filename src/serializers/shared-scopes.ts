/** Variables that several functions share: they come back in a scope that holds one variable for all of them. */
import { constants, Script } from 'node:vm';
import type { CodeDescription } from '../internal/functions/describe-function.js';
import { freeVariables } from '../internal/functions/free-variables.js';
import type { Callable } from '../internal/functions/function-source.js';
import type { Describer, Kind, Payload } from './payload.js';

/** A variable and the functions that use it. */
export interface SharedVariable {
  readonly name: string;
  readonly value: unknown;
  readonly users: ReadonlySet<Callable>;
}

/** A scope: variables, and what lies around them. */
export interface SharedScope {
  readonly variables: readonly SharedVariable[];
  readonly outer: SharedScope | undefined;
  /** Whether all code in it is strict. */
  readonly strict: boolean;
}

/** Two variables of one name that functions use so that no scopes can be made which hold both. */
export class NoScopes extends Error {
  override readonly name = 'NoScopes';
  readonly variable: string;

  constructor(variable: string) {
    super(variable);
    this.variable = variable;
  }
}

/**
 * The innermost scope of each function.
 *
 * @throws NoScopes
 */
export function scopesFor(
  variables: readonly SharedVariable[],
  described: (fn: Callable) => CodeDescription,
): ReadonlyMap<Callable, SharedScope> {
  const scopes = new Map<Callable, SharedScope>();
  nest(variables, undefined, described, scopes);
  for (const [fn, scope] of scopes) checkNames(fn, scope, described(fn));
  return scopes;
}

function nest(
  variables: readonly SharedVariable[],
  outer: SharedScope | undefined,
  described: (fn: Callable) => CodeDescription,
  scopes: Map<Callable, SharedScope>,
): void {
  for (const connected of connectedBy(variables)) {
    // A name that two variables have belongs into scopes further inside.
    const counts = new Map<string, number>();
    for (const { name } of connected) counts.set(name, (counts.get(name) ?? 0) + 1);
    const here = connected.filter(({ name }) => counts.get(name) === 1);
    const [first] = connected;
    if (here.length === 0 && first) throw new NoScopes(first.name);
    const users = new Set(connected.flatMap((each) => [...each.users]));
    const strict = outer?.strict ?? [...users].every((fn) => isStrict(fn, described(fn)));
    const scope = { variables: here, outer, strict };
    for (const fn of users) scopes.set(fn, scope);
    nest(
      connected.filter((each) => !here.includes(each)),
      scope,
      described,
      scopes,
    );
  }
}

/** Parts variables into such as functions use together. */
function connectedBy(variables: readonly SharedVariable[]): readonly (readonly SharedVariable[])[] {
  const byUser = new Map<Callable, SharedVariable[]>();
  for (const variable of variables) {
    for (const fn of variable.users) byUser.set(fn, [...(byUser.get(fn) ?? []), variable]);
  }
  const left = new Set(variables);
  const parts: SharedVariable[][] = [];
  for (const variable of left) {
    left.delete(variable);
    const part = [variable];
    for (const { users } of part) {
      for (const fn of users) {
        for (const next of byUser.get(fn) ?? []) if (left.delete(next)) part.push(next);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** Only a plain sloppy function shows that it is one: by its own `caller`. */
export function isStrict(fn: Callable, { parsed }: CodeDescription): boolean {
  return parsed?.strict === true && !Object.hasOwn(fn, 'caller');
}

/** What a function captures alone is given to it; any other name must not mean a variable of its scope. */
function checkNames(fn: Callable, scope: SharedScope, { parsed, captures }: CodeDescription): void {
  if (parsed === undefined) return;
  for (const { name, users } of variablesOf(scope)) {
    if (!users.has(fn) && !captures.has(name) && freeVariables(parsed).variables.has(name)) throw new NoScopes(name);
  }
}

/** The variables that functions in a scope see. */
export function variablesOf(scope: SharedScope | undefined): readonly SharedVariable[] {
  return scope === undefined ? [] : [...scope.variables, ...variablesOf(scope.outer)];
}

/** A scope that was made. */
export interface MadeScope {
  /** Evaluates a text in it. */
  evaluate(text: string): unknown;
  settle(values: { readonly [name: string]: unknown }): void;
}

interface ScopeCode {
  readonly names: readonly string[];
  readonly strict: boolean;
}

/** The payload of a scope. */
export function describeScope({ variables, outer, strict }: SharedScope, describer: Describer): Payload {
  const code: ScopeCode = { names: variables.map(({ name }) => name), strict };
  const values = variables.map(({ value }) => value);
  const steps = (index: PropertyKey): string => ` → captured ${code.names[Number(index)]}`;
  return { kind: 'scope', code, ...(outer && { outer }), whole: true, values: describer.spelled(values, steps) };
}

/** The text of a function that makes a scope. */
function scopeText({ names, strict }: ScopeCode): string {
  const settle = names.map((name) => `${name} = $fleche_values[${JSON.stringify(name)}];`).join(' ');
  return [
    `(function () { ${strict ? '"use strict";' : ''} let ${names.join(', ')};`,
    'return { evaluate($fleche_text) { return eval($fleche_text); },',
    `settle($fleche_values) { ${settle} } }; })`,
  ].join(' ');
}

/** `import()` in the text goes where that of a notebook's cell goes: from the working directory. */
const options = {
  filename: 'fleche:scope',
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
};

/** How scopes come back: made before the functions in them, which may be among the values of its variables. */
export const scopeKinds: { readonly [kind: string]: Kind } = {
  scope: {
    rung: 'cloudpickle',
    make: ({ code, outer }) => {
      const text = scopeText(code as ScopeCode);
      const make =
        outer === undefined ? new Script(text, options).runInThisContext() : (outer as MadeScope).evaluate(text);
      return (make as () => MadeScope)();
    },
    fill: (scope: MadeScope, { code, values }: Payload) => {
      const { names } = code as ScopeCode;
      scope.settle(Object.fromEntries(names.map((name, index) => [name, (values as readonly unknown[])[index]])));
    },
  },
};
