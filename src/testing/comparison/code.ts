import { capturesOf } from '../../internal/functions/captures.js';
import { describeNative } from '../../internal/functions/describe-function.js';
import { type Callable, parsedFunction } from '../../internal/functions/function-source.js';
import { step } from '../../internal/value-path.js';
import type { Part } from './comparison.js';

/** What decides what a function does beside its text, and beside its class when it is a method; `undefined` where it cannot be read in full. */
export function outsideOf(fn: Callable, isMethod: boolean): readonly Part[] | undefined {
  const parsed = parsedFunction(fn);
  if (parsed === undefined) return boundParts(fn);
  if (parsed.node === undefined) return undefined;
  const { captures, unseen } = capturesOf(fn, parsed);
  if (unseen !== undefined && !isMethod) return undefined;
  return [...captures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { value }]): Part => [` → captured ${name}`, value]);
}

function boundParts(fn: Callable): readonly Part[] | undefined {
  const description = describeNative(fn);
  if (description.kind === 'native') return undefined;
  const { target, boundThis, boundArguments } = description;
  const given = boundArguments.map((each, at): Part => [` → bound argument${step(at)}`, each]);
  return [[' → target', target], [' → this', boundThis], ...given];
}
