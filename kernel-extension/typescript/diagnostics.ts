/** The type errors of a cell, at the user's own positions. */
import path from 'node:path';
import type ts from 'typescript';
import type { CellText } from './names.js';
import type { CellService } from './service.js';

/** One error in a cell or in a local file that it imports. */
export interface CellDiagnostic {
  /** Path of the local file, relative to the notebook; `undefined`: the cell itself. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  readonly code: number;
}

/** What TypeScript says about `await` at the top level of a CommonJS module: cells allow it. */
const AWAIT_AT_TOP = new Set([1309, 1375, 1378, 1431, 1432, 2852, 2853, 2854]);
/** About `with { type: 'json' }`, which tells `require` nothing that it does not know. */
const ATTRIBUTES_WITH_REQUIRE = 2823;
const CANNOT_ASSIGN_IMPORT = 2632;

/** The errors of the cell at hand. */
export function cellDiagnostics(service: CellService, cell: CellText): CellDiagnostic[] {
  return diagnosticsOf(service, service.cellFile, cell);
}

/** The errors of a local file. */
export function fileDiagnostics(service: CellService, file: string): CellDiagnostic[] {
  return diagnosticsOf(service, file, undefined);
}

function diagnosticsOf(service: CellService, file: string, cell: CellText | undefined): CellDiagnostic[] {
  const { typescript: t } = service;
  const program = service.program();
  const source = program.getSourceFile(file);
  const syntactic = program.getSyntacticDiagnostics(source);
  // The language service would add errors of declaration files ("exported anonymous class may not be private"), which
  // need not stop a cell.
  const found: readonly ts.Diagnostic[] = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(source);
  const result: CellDiagnostic[] = [];
  for (const { category, code, file: where, start, messageText } of found) {
    if (category !== t.DiagnosticCategory.Error || AWAIT_AT_TOP.has(code) || code === ATTRIBUTES_WITH_REQUIRE) continue;
    if (where === undefined || start === undefined || (cell !== undefined && start < cell.start)) continue;
    const offset = cell === undefined ? start : Math.min(start, cell.end);
    const { line, character } = t.getLineAndCharacterOfPosition(where, offset);
    const message = t.flattenDiagnosticMessageText(messageText, '\n');
    result.push({
      file: cell === undefined ? path.relative(service.cwd, file) : undefined,
      line: cell === undefined ? line + 1 : line,
      column: character + 1,
      message: code === CANNOT_ASSIGN_IMPORT ? message.replace('an import', 'a constant') : message,
      code,
    });
  }
  return result;
}
