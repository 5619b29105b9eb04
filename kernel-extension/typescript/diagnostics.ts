/** The type errors of a cell, at the user's own positions. */
import path from 'node:path';
import type ts from 'typescript';
import { type MissingModule, missingModule } from '../shared/missing-module.js';
import type { CellDiagnostic, RelatedPlace } from './cell-diagnostic.js';
import { missingDefaults } from './es-modules.js';
import type { CellText } from './names.js';
import type { CellService } from './program/service.js';
import { originOf } from './types/joined-texts.js';

/** What TypeScript says about `await` at the top level of a CommonJS module: cells allow it. */
const AWAIT_AT_TOP = new Set([1309, 1375, 1378, 1431, 1432, 2852, 2853, 2854]);
/** About import attributes and a second argument of `import()`, which tell `require` nothing that it does not know. */
const WITH_REQUIRE = new Set([2823, 1324]);
/** About `import.meta`, which cells have as well. */
const IMPORT_META = 1343;
const LOCAL_FILE =
  'Local files are compiled to CommonJS: they have no `import.meta`, and no `await` at their top level.';
const CANNOT_ASSIGN_IMPORT = 2632;
const MISSING_MODULE = new Set([2307, 2792, 2882]);

/** The errors of the cell at hand. */
export function cellDiagnostics(service: CellService, cell: CellText, program: ts.Program): CellDiagnostic[] {
  const found = diagnosticsOf(service, program, service.cellFile, cell);
  const file = program.getSourceFile(service.cellFile);
  if (file === undefined) return found;
  const parts = { typescript: service.typescript, checker: program.getTypeChecker(), file, cell };
  return [...found, ...missingDefaults(parts)];
}

/** The errors of a local file. */
export function fileDiagnostics(service: CellService, file: string): CellDiagnostic[] {
  return diagnosticsOf(service, service.program(), file, undefined);
}

function diagnosticsOf(
  service: CellService,
  program: ts.Program,
  file: string,
  cell: CellText | undefined,
): CellDiagnostic[] {
  const { typescript: t } = service;
  const source = program.getSourceFile(file);
  const syntactic = program.getSyntacticDiagnostics(source);
  // The language service would add errors of declaration files ("exported anonymous class may not be private"), which
  // need not stop a cell.
  const found: readonly ts.Diagnostic[] = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(source);
  const result: CellDiagnostic[] = [];
  for (const diagnostic of found) {
    const { category, code, file: where, start, length = 0, messageText } = diagnostic;
    if (category !== t.DiagnosticCategory.Error || WITH_REQUIRE.has(code)) continue;
    const isOfModule = AWAIT_AT_TOP.has(code) || code === IMPORT_META;
    if (isOfModule && cell !== undefined) continue;
    if (where === undefined || start === undefined || (cell !== undefined && start < cell.start)) continue;
    const offset = cell === undefined ? start : Math.min(start, cell.end);
    const { line, character } = t.getLineAndCharacterOfPosition(where, offset);
    const message = t.flattenDiagnosticMessageText(messageText, '\n');
    const missing = MISSING_MODULE.has(code) ? missingImport(service, where, start) : undefined;
    result.push({
      file: cell === undefined ? path.relative(service.cwd, file) : undefined,
      line: cell === undefined ? line + 1 : line,
      column: character + 1,
      length,
      message: isOfModule
        ? LOCAL_FILE
        : (missing?.message ?? (code === CANNOT_ASSIGN_IMPORT ? message.replace('an import', 'a constant') : message)),
      code,
      related: (diagnostic.relatedInformation ?? []).flatMap((each) => relatedPlace(service, each, cell)),
      ...(missing && { advice: missing.advice }),
      ...(cell === undefined && { text: where.text }),
    });
  }
  return result;
}

/** What is missing where TypeScript has found no module. */
function missingImport({ cwd, cellFile }: CellService, file: ts.SourceFile, start: number): MissingModule | undefined {
  const literal = file.text.slice(start).match(/^(["'])(.*?)\1/)?.[2];
  return literal === undefined
    ? undefined
    : missingModule(literal, file.fileName === cellFile ? cwd : path.dirname(file.fileName));
}

function relatedPlace(
  { typescript: t, cwd, cellFile }: CellService,
  { file, start, length = 0, messageText }: ts.DiagnosticRelatedInformation,
  cell: CellText | undefined,
): RelatedPlace[] {
  const message = t.flattenDiagnosticMessageText(messageText, '\n');
  if (file === undefined || start === undefined) return [];
  const { line, character } = t.getLineAndCharacterOfPosition(file, start);
  if (file.fileName === cellFile) {
    // What stands around the cell is the kernel's.
    if (cell === undefined || start < cell.start || start > cell.end) return [];
    return [{ file: undefined, line, column: character + 1, length, message }];
  }
  const origin = originOf(file.text, start);
  const name = path.relative(cwd, origin?.file ?? file.fileName);
  if (/^__(?:globals|keep)__\.ts$/.test(name)) return [];
  if (/^__\w+\.(?:d\.)?ts$/.test(name)) return [{ file: '(an earlier cell)', line: 0, column: 0, length: 0, message }];
  const place = { line: line + 1 - (origin?.linesBefore ?? 0), column: character + 1, length };
  const text = (origin && t.sys.readFile(origin.file)) ?? file.text;
  return [{ file: name, ...place, message, text }];
}
