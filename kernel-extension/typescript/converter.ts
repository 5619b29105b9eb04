/** Checks cells and compiles them, and keeps what they declared for the cells after them. */
import type ts from 'typescript';
import type { ParsedCell } from '../magics/types.js';
import { RESERVED } from '../shared/check-names.js';
import type { CompiledCode, RunnableCell } from '../shared/messages.js';
import { type CellDiagnostic, cellDiagnostics, fileDiagnostics } from './diagnostics.js';
import { moduleImports } from './es-modules.js';
import { LocalFiles } from './local-files.js';
import { type CellText, checkedText, type KeptName, type KeptNames } from './names.js';
import { type CellScan, scanCell } from './scan.js';
import type { CellService } from './service.js';
import { type CellTransformation, cellTransformer } from './transform-cell.js';
import { loopTransformer } from './transform-loops.js';
import { numberTransformer } from './transform-numbers.js';
import { segmentTransformer } from './transform-segments.js';

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

interface Emitted {
  readonly body: string;
  readonly map: string | undefined;
  readonly declarations: string | undefined;
  readonly isGenerator: boolean;
  readonly used: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
}

/** Creates a converter on a language service. */
export function createConverter(service: CellService): Converter {
  const { typescript: t, cellFile } = service;
  const names = new Map<string, KeptName>();
  const localFiles = new LocalFiles(service);
  let count = 0;
  let pending: { readonly names: ReadonlyMap<string, KeptName> } | undefined;

  /** Loads a text as the cell at hand and checks it, with the local files that changed. */
  function check(cell: CellText): CellDiagnostic[] {
    const reserved = RESERVED.exec(cell.scan.source);
    if (reserved !== null) return [reservedName(cell.scan.source, reserved)];
    service.setFile(cellFile, cell.text);
    // Local files are not kept: one with an error must not stop the cells that do not import it.
    service.keep(cell.scan.specifiers.filter((specifier) => !/^[./]/.test(specifier)));
    // What these bring in may silently be less than it is without the types of Node.
    if (/\b(?:import|require|global|globalThis)\b/.test(cell.scan.source)) service.loadNodeTypes();
    let found = cellDiagnostics(service, cell);
    if (found.length > 0 && service.loadNodeTypes()) found = cellDiagnostics(service, cell);
    return [...found, ...localFiles.changed().flatMap(({ fileName }) => fileDiagnostics(service, fileName))];
  }

  function emit(cell: CellText, magics: CellTransformation['magics']): Emitted {
    const program = service.program();
    const file = program.getSourceFile(cellFile) as ts.SourceFile;
    const [used, imported] = [new Set<string>(), new Set<string>()];
    const state = { yields: false };
    const checker = program.getTypeChecker();
    const work: CellTransformation = { typescript: t, checker, cell, file, magics, used, imported };
    let body = '';
    let map: string | undefined;
    let declarations: string | undefined;
    const write = (name: string, text: string): void => {
      if (name.endsWith('.d.ts')) declarations = text;
      else if (name.endsWith('.map')) map = text;
      else body = text;
    };
    program.emit(file, write, undefined, false, {
      before: [
        cellTransformer(work),
        numberTransformer(t, checker, cellFile, cell),
        loopTransformer(t, checker, cellFile),
      ],
      after: [segmentTransformer(t, state, cell, moduleImports(work))],
    });
    body = body
      // It would forget what the names held before the cell has run.
      .replace(/^(?:exports\.\S+ = )+void 0;$/m, '')
      .replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
    return { body, map, declarations, isGenerator: state.yields, used, imported };
  }

  /** What the cell declares, under the number of the file that keeps its declarations. */
  function declaredNames(scan: CellScan, number: number): Map<string, KeptName> {
    const checker = service.program().getTypeChecker();
    const file = service.program().getSourceFile(cellFile) as ts.SourceFile;
    const module = checker.getSymbolAtLocation(file);
    const result = new Map<string, KeptName>();
    for (const symbol of module ? checker.getExportsOfModule(module) : []) {
      if (symbol.name === 'default') continue;
      const target = symbol.flags & t.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const isType = !(target.flags & t.SymbolFlags.Value) && target.escapedName !== 'unknown';
      result.set(symbol.name, { cell: number, kind: isType ? 'type' : (scan.declared.get(symbol.name) ?? 'const') });
    }
    return result;
  }

  function compiled(emitted: Emitted, name: string, source: string): CompiledCode {
    const { body, isGenerator, map, used, imported } = emitted;
    const boxes = { boxes: [...used], imports: [...imported] };
    return { name, source, body, isGenerator, ...boxes, map, sideOutputs: localFiles.compile() };
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
      const cell = checkedText(names, scan, service.links);
      const diagnostics = check(cell);
      if (diagnostics.length > 0) return { diagnostics };
      const leading = parsed.lines.filter(({ end }) => end <= scan.firstStatement).length;
      const inside = parsed.lines.map((line, number) => ({ line, number })).slice(leading);
      const emitted = emit(cell, inside);
      const code = compiled(emitted, name, parsed.source);
      const number = ++count;
      service.links.last = number;
      pending = { names: declaredNames(scan, number) };
      // Where TypeScript cannot write declarations, the text of the cell serves.
      const kept = service.keptFile(number);
      if (emitted.declarations === undefined) service.setFile(`${kept}.ts`, checkedText(names, scan).text);
      else service.setFile(`${kept}.d.ts`, emitted.declarations);
      if (scan.hasGlobals) service.keep([`./__cell_${number}`]);
      const { cellMagic, lines: magics, endsWithMagic, body: text } = parsed;
      return { runnable: { code, cellMagic, magics, leading, endsWithMagic, text } };
    },

    commit(assigned, finished) {
      const set = new Set(assigned);
      for (const [name, kept] of pending?.names ?? []) {
        if (kept.kind === 'type' || finished || set.has(name)) names.set(name, kept);
      }
      pending = undefined;
    },

    expression(source, assigned) {
      const cell = checkedText(visible(assigned), scanCell(t, `(${source}\n)`), service.links);
      const diagnostics = check(cell).map((d) => (d.line === 1 ? { ...d, column: Math.max(1, d.column - 1) } : d));
      if (diagnostics.length > 0) return { diagnostics };
      const [only, ...more] = t.createSourceFile('e.ts', `(${source}\n)`, t.ScriptTarget.Latest).statements;
      if (only === undefined || more.length > 0 || !t.isExpressionStatement(only)) {
        return {
          diagnostics: [
            { file: undefined, line: 1, column: 1, length: 1, message: 'Expression expected.', code: 1109 },
          ],
        };
      }
      return { code: compiled(emit(cell, []), 'expression.ts', source) };
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
