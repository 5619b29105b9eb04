/** Tells fleche what functions of cells were before they were compiled. */
import type { FunctionHost } from 'fleche';
import type { Box } from './boxes.js';
import { hideTraces, ownText } from './function-text.js';

/** Registers this kernel as the one that knows its functions. */
export function registerFunctionHost(): void {
  hideTraces();
  const host: FunctionHost = {
    source: (fn) => ownText(fn),
    variable(name, scope) {
      const box = scope(`__b_${name}`)?.value as Box | undefined;
      return box === undefined ? scope(name) : { value: box.v };
    },
  };
  (globalThis as Record<symbol, unknown>)[Symbol.for('fleche.functionHost')] = host;
}
