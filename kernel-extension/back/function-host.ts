/** Tells fleche what functions of cells were before they were compiled. */
import type { FunctionHost } from 'fleche';
import { capturedVariables } from './captured-variables.js';
import { hideTraces, ownText } from './function-text.js';

/** Registers this kernel as the one that knows its functions. */
export function registerFunctionHost(): void {
  hideTraces();
  const host: FunctionHost = {
    source: (fn) => ownText(fn),
    ...capturedVariables,
  };
  (globalThis as Record<symbol, unknown>)[Symbol.for('fleche.functionHost')] = host;
}
