/** From a checked cell to JavaScript, and to what later cells have to know of it. */
import type ts from 'typescript';
import { moduleImports } from './es-modules.js';
import type { CellText, KeptName } from './names.js';
import type { CellService } from './program/service.js';
import type { CellScan } from './scan.js';
import { type CellTransformation, cellTransformer } from './transform/cell.js';
import { loopTransformer } from './transform/loops.js';
import { numberTransformer } from './transform/numbers.js';
import { segmentTransformer } from './transform/segments.js';

/** What TypeScript makes of a cell. */
export interface EmittedCell {
  readonly body: string;
  readonly map: string | undefined;
  /** `undefined`: TypeScript cannot write them. */
  readonly declarations: string | undefined;
  readonly isGenerator: boolean;
  /** The names of earlier cells, and of imports, that the code uses. */
  readonly used: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
}

/** Compiles a cell that `program` has checked, with the magics that run within it. */
export function emitCell(
  { typescript: t, cellFile }: CellService,
  program: ts.Program,
  cell: CellText,
  magics: CellTransformation['magics'],
): EmittedCell {
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
export function declaredNames(
  { typescript: t, cellFile }: CellService,
  program: ts.Program,
  scan: CellScan,
  number: number,
): Map<string, KeptName> {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(cellFile) as ts.SourceFile;
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
