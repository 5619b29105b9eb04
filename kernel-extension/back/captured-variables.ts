/**
 * Where the variables live that functions of cells capture: in the boxes of earlier cells' names and of imports, and in the
 * cell itself, which hands its own names over as accessors. Both can be read at any later time.
 */
import type { FunctionHost } from 'fleche';
import { OWN_NAMES } from '../shared/own-names.js';
import type { Box } from './boxes.js';

const compiledText = Function.prototype.toString;

/** The part of the host that is about variables. */
export const capturedVariables: Required<Pick<FunctionHost, 'variable' | 'reader' | 'compiled'>> = {
  variable(name, scope, fn) {
    const box = readsBox(fn, name) ? (scope(`__b_${name}`)?.value as Box | undefined) : undefined;
    return box === undefined ? scope(name) : { value: box.v };
  },

  reader(name, scopes, fn) {
    if (readsBox(fn, name)) {
      const holder = scopes.find((scope) => Object.hasOwn(scope, `__b_${name}`)) as { [box: string]: Box } | undefined;
      const box = holder?.[`__b_${name}`];
      return box && (() => box.v);
    }
    const scope = scopes.find((each) => Object.hasOwn(each, name)) as { readonly [OWN_NAMES]?: object } | undefined;
    if (scope === undefined || !Object.hasOwn(scope, OWN_NAMES)) return undefined;
    const own = scope[OWN_NAMES] as { readonly [name: string]: unknown };
    return Object.hasOwn(own, name) ? () => own[name] : undefined;
  },

  compiled: (scopes) =>
    scopes.some((scope) => Object.keys(scope).some((name) => name === OWN_NAMES || name.startsWith('__b_'))),
};

/** Whether the function means a box by a name, and not a variable of a function around it. */
function readsBox(fn: object, name: string): boolean {
  return compiledText.call(fn).includes(`__b_${name}.v`);
}
