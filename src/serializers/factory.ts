/** Evaluates the text of a function again, with values for the variables that it captured. */
import { constants, Script } from 'node:vm';
import { baseName, restoringName, setterName, staticSetterName } from './class-text.js';
import type { MadeScope } from './shared-scopes.js';

/** What is needed to evaluate a function. */
export interface Evaluable {
  /** The text to evaluate. */
  readonly text: string;
  readonly form: 'expression' | 'object member';
  readonly strict: boolean;
  /** Its name, for stack traces. */
  readonly name: string;
  /** Variables whose values are there when the function is made. */
  readonly given: readonly string[];
  /** Variables whose values come later, since they refer back to the function. Calls are slower through these. */
  readonly late: readonly string[];
  /** Variables that hold the function itself. */
  readonly own: readonly string[];
}

/** What an evaluation gives. */
export interface Evaluated {
  readonly value: (...args: never[]) => unknown;
  /** Gives the late variables their values, by name. */
  readonly settle: (values: { readonly [name: string]: unknown }) => void;
  /** Whether an instance of the class is being restored, and what its constructor then gives to the base class. */
  readonly restoring: { now: boolean; args: readonly unknown[] };
  readonly setPrivate: ((object: object, values: object) => void) | undefined;
  readonly setPrivateStatic: ((values: object) => void) | undefined;
}

/** Compiles without running: throws SyntaxError if the text cannot be evaluated on its own. */
export function compile(evaluable: Evaluable): Script {
  return new Script(factoryText(evaluable), {
    filename: `fleche:${evaluable.name || 'anonymous'}`,
    // `import()` in the text goes where that of a notebook's cell goes: from the working directory.
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

function factoryText(evaluable: Evaluable): string {
  const { given, late, own, text, form, strict } = evaluable;
  const settle = late.map((name) => `${name} = $fleche_values[${JSON.stringify(name)}];`).join(' ');
  // The newline ends a comment at the end of the text.
  const expression =
    form === 'expression'
      ? `(${text}\n)`
      : `((members) => { const { value, get, set } = Object.getOwnPropertyDescriptor(members, Reflect.ownKeys(members)[0]); return value ?? get ?? set; })({${text}\n})`;
  return [
    `(function (${[baseName, restoringName, ...given].join(', ')}) {`,
    strict ? '"use strict";' : '',
    late.length > 0 ? `let ${late.join(', ')};` : '',
    `const $fleche_value = ${expression};`,
    ...own.map((name) => `const ${name} = $fleche_value;`),
    `return { value: $fleche_value, settle($fleche_values) { ${settle} } };`,
    '})',
  ].join(' ');
}

/** Makes the function, `scope` around it if it shares variables. Of the user's code only the evaluation of its text runs, which runs none of its bodies. */
export function evaluate(
  evaluable: Evaluable,
  base: unknown,
  values: readonly unknown[],
  scope: MadeScope | undefined,
): Evaluated {
  const restoring: Evaluated['restoring'] = { now: false, args: [] };
  const factory = (
    scope === undefined ? compile(evaluable).runInThisContext() : scope.evaluate(factoryText(evaluable))
  ) as (...args: unknown[]) => Pick<Evaluated, 'value' | 'settle'>;
  const { value, settle } = factory(base, restoring, ...values);
  const [setPrivate, setPrivateStatic] = [taken(value, setterName), taken(value, staticSetterName)] as unknown as [
    Evaluated['setPrivate'],
    Evaluated['setPrivateStatic'],
  ];
  if (typeof value.name === 'string' && value.name !== evaluable.name) {
    Object.defineProperty(value, 'name', { value: evaluable.name, configurable: true });
  }
  return { value, settle, restoring, setPrivate, setPrivateStatic: setPrivateStatic?.bind(value) };
}

/** Takes a method of ours off the class again. */
function taken(Class: object, name: string): unknown {
  const method: unknown = Object.getOwnPropertyDescriptor(Class, name)?.value;
  Reflect.deleteProperty(Class, name);
  return method;
}
