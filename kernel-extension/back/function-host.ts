/**
 * Tells fleche what functions of cells were before they were compiled. The only traces in a function are the boxes:
 * `__b_x.v` was `x`, and `(0, __b_f.v)` was the `f` of a call. So a function has one text in whichever cell it stands.
 */
import type { FunctionHost } from 'fleche';
import type { Box } from './boxes.js';

const BOXED = /\(0, __b_([\p{ID_Continue}$]+)\.v\)|\b__b_([\p{ID_Continue}$]+)\.v\b/gu;

/** Registers this kernel as the one that knows its functions. */
export function registerFunctionHost(): void {
  const host: FunctionHost = {
    source(fn) {
      const text = Function.prototype.toString.call(fn);
      if (!text.includes('__b_')) return undefined;
      return text.replace(BOXED, (_, called?: string, read?: string) => called ?? (read as string));
    },
    variable(name, scope) {
      const box = scope(`__b_${name}`)?.value as Box | undefined;
      return box === undefined ? scope(name) : { value: box.v };
    },
  };
  (globalThis as Record<symbol, unknown>)[Symbol.for('fleche.functionHost')] = host;
}
