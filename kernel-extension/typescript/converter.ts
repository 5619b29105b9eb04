/** Checks cells and compiles them, and keeps what they declared for the cells after them. */
import type ts from 'typescript';
import type { ParsedCell } from '../magics/types.js';
import { RESERVED } from '../shared/check-names.js';
import type { CompiledCode, CompiledFile, RunnableCell } from '../shared/messages.js';
import type { CellDiagnostic } from './cell-diagnostic.js';
import { cellDiagnostics, fileDiagnostics } from './diagnostics.js';
import { declaredNames, type EmittedCell, emitCell } from './emit-cell.js';
import { LocalFiles } from './local-files.js';
import { type CellText, checkedText, type KeptName, type KeptNames } from './names.js';
import { linkTo } from './program/links.js';
import type { CellService } from './program/service.js';
import { type CellScan, scanCell } from './scan.js';
import type { CellTransformation } from './transform/cell.js';

type CellMagics = CellTransformation['magics'];

/** What became of a cell: something to run, or type errors. */
export type Conversion = { readonly runnable: RunnableCell } | { readonly diagnostics: readonly CellDiagnostic[] };

/** What became of an expression. */
export type CompiledExpression = { readonly code: CompiledCode } | { readonly diagnostics: readonly CellDiagnostic[] };

/** Checks and compiles. One cell at a time: `convert`, then `commit` when it has run. */
export interface Converter {
  /** The names of earlier cells. */
  readonly names: KeptNames;
  /** Checks and compiles a cell. `name` is its file name in stack traces. */
  convert(parsed: ParsedCell, name: string): Conversion;
  /** After the run: types stay; values stay if they were assigned, or if the cell came to its end. */
  commit(assigned: readonly string[], finished: boolean): void;
  /** Checks and compiles an expression; `assigned`: names of the running cell that it may use, too. */
  expression(source: string, assigned: readonly string[]): CompiledExpression;
  /** The names of earlier cells, and those that the running cell has assigned. */
  visible(assigned: readonly string[]): KeptNames;
  /** Forgets all names. */
  forget(): void;
}

/** A cell that can run: its code, and what it declares. */
interface Compiled {
  readonly emitted: EmittedCell;
  readonly declared: ReadonlyMap<string, KeptName>;
}

/** Creates a converter on a language service. */
export function createConverter(service: CellService): Converter {
  const { typescript: t, cellFile } = service;
  const names = new Map<string, KeptName>();
  const localFiles = new LocalFiles(service);
  let count = 0;
  let pending: { readonly names: ReadonlyMap<string, KeptName> } | undefined;

  /** Checks and compiles a cell among these names, or gives its errors. */
  function compile(earlier: KeptNames, scan: CellScan, magics: CellMagics): Compiled | readonly CellDiagnostic[] {
    const reserved = RESERVED.exec(scan.source);
    if (reserved !== null) return [reservedName(scan.source, reserved)];
    // Local files are not kept: one with an error must not stop the cells that do not import it.
    service.keep(scan.specifiers.filter((specifier) => !/^[./]/.test(specifier)));
    // What these bring in may silently be less than it is without the types of Node.
    if (/\b(?:import|require|global|globalThis)\b/.test(scan.source)) service.loadNodeTypes();
    const alone = checkedText(earlier, scan);
    return (
      service.grown(alone.text, (program) =>
        cellDiagnostics(service, alone, program).length > 0 ? undefined : compiled(program, alone, magics),
      ) ?? compileAnew(checkedText(earlier, scan, service.links), magics)
    );
  }

  /** The same in a program of its own, with the local files that changed. */
  function compileAnew(cell: CellText, magics: CellMagics): Compiled | readonly CellDiagnostic[] {
    service.setFile(cellFile, cell.text);
    let found = cellDiagnostics(service, cell, service.program());
    if (found.length > 0 && service.loadNodeTypes()) found = cellDiagnostics(service, cell, service.program());
    const changed = localFiles.changed();
    const inFiles = changed.flatMap(({ fileName }) => fileDiagnostics(service, fileName));
    if (inFiles.length === 0) localFiles.compile(changed);
    const all = [...found, ...inFiles];
    return all.length > 0 ? all : compiled(service.program(), cell, magics);
  }

  function compiled(program: ts.Program, cell: CellText, magics: CellMagics): Compiled {
    const emitted = emitCell(service, program, cell, magics);
    return { emitted, declared: declaredNames(service, program, cell.scan, count + 1) };
  }

  function code(
    { emitted }: Compiled,
    name: string,
    source: string,
    sideOutputs: readonly CompiledFile[] = [],
  ): CompiledCode {
    const { body, isGenerator, map, used, imported } = emitted;
    return { name, source, body, isGenerator, boxes: [...used], imports: [...imported], map, sideOutputs };
  }

  function visible(assigned: readonly string[]): KeptNames {
    const all = new Map(names);
    for (const [name, kept] of pending?.names ?? []) {
      if (kept.kind === 'type' || assigned.includes(name)) all.set(name, kept);
    }
    return all;
  }

  return {
    names,
    visible,

    forget() {
      names.clear();
      service.forgetKept();
    },

    convert(parsed, name) {
      pending = undefined;
      const scan = scanCell(t, parsed.masked);
      const leading = parsed.lines.filter(({ end }) => end <= scan.firstStatement).length;
      const inside = parsed.lines.map((line, number) => ({ line, number })).slice(leading);
      const result = compile(names, scan, inside);
      if (!('emitted' in result)) return { diagnostics: result };
      const number = ++count;
      service.links.last = number;
      pending = { names: result.declared };
      const { declarations } = result.emitted;
      // Where TypeScript cannot write declarations, the text of the cell serves.
      const kept = service.keptFile(number);
      if (declarations === undefined) service.setFile(`${kept}.ts`, checkedText(names, scan).text);
      else service.setFile(`${kept}.d.ts`, declarations);
      if (scan.augments) service.keep([linkTo(number)]);
      const { cellMagic, lines: magics, endsWithMagic, body: text } = parsed;
      const runnable = { cellMagic, magics, leading, endsWithMagic, text };
      return { runnable: { code: code(result, name, parsed.source, localFiles.send()), ...runnable } };
    },

    commit(assigned, finished) {
      localFiles.arrived();
      const set = new Set(assigned);
      for (const [name, kept] of pending?.names ?? []) {
        if (kept.kind === 'type' || finished || set.has(name)) names.set(name, kept);
      }
      pending = undefined;
    },

    expression(source, assigned) {
      const result = compile(visible(assigned), scanCell(t, `(${source}\n)`), []);
      if (!('emitted' in result)) {
        return { diagnostics: result.map((d) => (d.line === 1 ? { ...d, column: Math.max(1, d.column - 1) } : d)) };
      }
      const [only, ...more] = t.createSourceFile('e.ts', `(${source}\n)`, t.ScriptTarget.Latest).statements;
      if (only === undefined || more.length > 0 || !t.isExpressionStatement(only)) {
        return {
          diagnostics: [
            { file: undefined, line: 1, column: 1, length: 1, message: 'Expression expected.', code: 1109 },
          ],
        };
      }
      return { code: code(result, 'expression.ts', source) };
    },
  };
}

/** The kernel takes what it added to a function out again by its name, wherever that stands. */
function reservedName(source: string, { 0: name, index }: RegExpExecArray): CellDiagnostic {
  const lines = source.slice(0, index).split('\n');
  const column = (lines.at(-1) as string).length + 1;
  const message = `'${name}' is reserved for the kernel, in texts and comments as well.`;
  return { file: undefined, line: lines.length, column, length: name.length, message, code: 0 };
}
