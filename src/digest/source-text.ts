import { canonicalSource } from '../internal/functions/canonical-source.js';
import { type Callable, functionText } from '../internal/functions/function-source.js';

/** The function's own text, without formatting and comments; `undefined` when it has none. */
export function sourceText(fn: Callable): string | undefined {
  return canonicalSource(fn) ?? functionText(fn);
}
