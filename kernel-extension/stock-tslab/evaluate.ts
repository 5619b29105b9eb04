import vm from 'node:vm';
import type { TypeScript } from '../magics/types.js';

/** The variables of a notebook, as tslab's executor keeps them. */
export type Locals = Readonly<Record<string, unknown>>;

/** Compiles a TypeScript expression over the variables of a notebook; it may await. Its types are not checked. */
export function compileExpression(ts: TypeScript, expression: string, locals: Locals): () => Promise<unknown> {
  const { ModuleKind, ScriptTarget } = ts;
  const { outputText } = ts.transpileModule(`(\n${expression}\n)`, {
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext },
  });
  // Only the names that stand in the expression: some exports, such as `default`, can be no parameters.
  const words = new Set(expression.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
  const names = [...words].filter((name) => name !== 'default' && Object.hasOwn(locals, name));
  const code = `(async (${names.join(', ')}) => ${outputText.trim().replace(/;$/, '')})`;
  const evaluate = vm.runInThisContext(code, { filename: 'magic.ts' }) as (...values: unknown[]) => Promise<unknown>;
  return () => evaluate(...names.map((name) => locals[name]));
}
