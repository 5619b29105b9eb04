/**
 * What functions of cells were before they were compiled. The traces in a function are the boxes, `__b_x.v` for `x` and
 * `(0, __b_f.v)` for the `f` of a call, the checks of its loops, and what stands for `import(…)` and `import.meta`. So a function has one text in whichever cell it stands.
 */
import { withoutChecks } from '../shared/check-names.js';
import { DYNAMIC_IMPORT, IMPORT_META } from '../shared/own-names.js';

const BOXED = /\(0, __b_([\p{ID_Continue}$]+)\.v\)|(?<![\p{ID_Continue}$])__b_([\p{ID_Continue}$]+)\.v\b/gu;
const IMPORTS = new RegExp(`\\b${DYNAMIC_IMPORT}(?=\\()`, 'g');
const METAS = new RegExp(`\\b${IMPORT_META}\\b`, 'g');

const compiledText = Function.prototype.toString;

/** The text of a function without the traces; `undefined` if it has none. */
export function ownText(fn: object): string | undefined {
  const text = compiledText.call(fn);
  if (!text.includes('__b_') && !text.includes('__fleche_')) return undefined;
  return withoutChecks(text)
    .replace(BOXED, (_, called?: string, read?: string) => called ?? (read as string))
    .replace(IMPORTS, 'import')
    .replace(METAS, 'import.meta');
}

/** Makes `toString` give that text, to whoever prints a function or sends it elsewhere to be evaluated. */
export function hideTraces(): void {
  const { toString: shown } = {
    toString(this: object): string {
      return this === shown ? compiledText.call(compiledText) : (ownText(this) ?? compiledText.call(this));
    },
  };
  Object.defineProperty(Function.prototype, 'toString', { value: shown, writable: true, configurable: true });
}
