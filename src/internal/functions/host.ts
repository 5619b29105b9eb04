/**
 * A host that compiles the user's code (our kernel, which turns a cell into a script) knows better than V8 what a
 * function's text was and where its free variables live. It says so through this interface on
 * `globalThis[Symbol.for('fleche.functionHost')]`; without a host, text and scopes are taken as V8 shows them.
 */
export interface FunctionHost {
  /** The text of `fn` with the compiler's traces removed, the same in whichever cell `fn` stands; `undefined`: as it is. */
  source(fn: (...args: never[]) => unknown): string | undefined;

  /**
   * The value of the free variable `name` of the text that {@link source} gave. `scope` looks a name of the COMPILED text
   * up in the own scopes of `fn`. `undefined`: not found.
   */
  variable(
    name: string,
    scope: (compiledName: string) => { readonly value: unknown } | undefined,
    fn: (...args: never[]) => unknown,
  ): { readonly value: unknown } | undefined;

  /**
   * What reads the free variable `name` of `fn` now and at any later time; `scopes`: the variables that `fn` sees, from the
   * innermost scope outwards. `undefined`: the scopes have to be looked at each time.
   */
  reader?(name: string, scopes: readonly object[], fn: (...args: never[]) => unknown): (() => unknown) | undefined;

  /** The value of the notebook's variable `name` as it is now; `undefined`: there is none. */
  current?(name: string): { readonly value: unknown } | undefined;

  /** Whether a function with these scopes stands in code that the host compiled. */
  compiled?(scopes: readonly object[]): boolean;
}

/** The host of this process, if there is one. */
export function functionHost(): FunctionHost | undefined {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for('fleche.functionHost')] as FunctionHost | undefined;
}
