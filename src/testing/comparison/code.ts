import { describeFunction } from '../../internal/functions/describe-function.js';
import type { Callable } from '../../internal/functions/function-source.js';
import { step } from '../../internal/value-path.js';
import type { Part } from './comparison.js';

/** What decides what a function does beside its text, and beside its class when it is a method; `undefined` where it cannot be read in full. */
export function outsideOf(fn: Callable, isMethod: boolean): readonly Part[] | undefined {
  const description = describeFunction(fn, true);
  switch (description.kind) {
    case 'bound': {
      const { target, boundThis, boundArguments } = description;
      const given = boundArguments.map((each, at): Part => [` → bound argument${step(at)}`, each]);
      return [[' → target', target], [' → this', boundThis], ...given];
    }
    case 'function':
    case 'class': {
      if (description.unseen !== undefined && !isMethod) return undefined;
      return [...description.captures].map(([name, { value }]): Part => [` → captured ${name}`, value]);
    }
    default:
      return undefined;
  }
}
