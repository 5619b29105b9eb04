/** Runs TypeScript as a compiler makes it: decorators look different from each. */
import { runInThisContext } from 'node:vm';
import tslabTypeScript from '@tslab/typescript-for-tslab';
import ts from 'typescript';
import * as library from '../../src/index.js';

/** The compilers whose decorators users have: ours in both modes, and that of a stock tslab. */
export const compilers: readonly { readonly name: string; compile(text: string): string }[] = [
  { name: 'standard decorators', compile: (text) => output(ts as unknown as typeof tslabTypeScript, text, false) },
  { name: 'legacy decorators', compile: (text) => output(ts as unknown as typeof tslabTypeScript, text, true) },
  { name: 'legacy decorators of TypeScript 5.0', compile: (text) => output(tslabTypeScript, text, true) },
  { name: 'standard decorators of TypeScript 5.0', compile: (text) => output(tslabTypeScript, text, false) },
];

function output(compiler: typeof tslabTypeScript, text: string, experimentalDecorators: boolean): string {
  const { ES2022 } = compiler.ScriptTarget;
  const compilerOptions = { target: ES2022, module: compiler.ModuleKind.CommonJS, experimentalDecorators };
  return compiler.transpileModule(text, { compilerOptions }).outputText;
}

/** Evaluates a compiled module that imports nothing but `fleche`, and gives its exports. */
export function run<T>(code: string): T {
  const exports = {};
  const body = runInThisContext(`(function (exports, require) {${code}\n})`) as (...args: unknown[]) => void;
  body(exports, () => library);
  return exports as T;
}
