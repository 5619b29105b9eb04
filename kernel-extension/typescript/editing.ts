/** Completion and completeness: what an editor asks about a cell that is being written. */
import type ts from 'typescript';
import { editedText, IMPORTED_VARIABLE, type KeptNames } from './names.js';
import type { CellService } from './program/service.js';
import { scanCell } from './scan.js';
import { JOINED_UNDICI } from './types/node-types.js';

/** Offsets are UTF-16 units of the cell. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly matches: readonly string[];
}

/** Completions at `position` of a cell whose magics are masked. */
export function complete(service: CellService, names: KeptNames, source: string, position: number): Completion {
  const cell = editedText(names, scanCell(service.typescript, source), service.links);
  service.setFile(service.cellFile, cell.text);
  const info = service.languageService.getCompletionsAtPosition(service.cellFile, position + cell.start, {});
  const before = /[\p{ID_Continue}$\u200c\u200d]*$/u.exec(source.slice(0, position))?.[0].length ?? 0;
  const after = /^[\p{ID_Continue}$]*/u.exec(source.slice(position))?.[0].length ?? 0;
  let [start, end] = [position - before, position + after];
  const span = info?.optionalReplacementSpan ?? info?.entries[0]?.replacementSpan;
  if (span !== undefined && isText(source, span.start - cell.start, position)) {
    start = span.start - cell.start;
    end = start + span.length;
  }
  const typed = source.slice(start, position);
  const rank = ({ name }: ts.CompletionEntry): number => {
    if (name.startsWith(typed)) return 0;
    if (name.toLowerCase().startsWith(typed.toLowerCase())) return 1;
    return name.toLowerCase().includes(typed.toLowerCase()) ? 2 : 3;
  };
  const isOffered = (entry: ts.CompletionEntry): boolean =>
    rank(entry) < 3 &&
    entry.name !== 'node_modules' &&
    !entry.name.startsWith(IMPORTED_VARIABLE) &&
    !entry.name.startsWith(JOINED_UNDICI);
  const entries = [...(info?.entries ?? []), ...earlierNames(names, info)]
    .filter(isOffered)
    .sort((a, b) => rank(a) - rank(b) || order(a.sortText, b.sortText) || order(a.name, b.name));
  return { start, end, matches: entries.map(({ name }) => name) };
}

/** The names of earlier cells that the cell does not mention yet: they are in no file of the program. */
function earlierNames(names: KeptNames, info: ts.CompletionInfo | undefined): ts.CompletionEntry[] {
  const known = new Set(info?.entries.map(({ name }) => name));
  // Where global names may stand, for which TypeScript has no sign of its own in types and after `new`.
  if (info?.isMemberCompletion || !known.has('Array')) return [];
  const isType = known.has('keyof');
  return [...names]
    .filter(([name, { kind }]) => !known.has(name) && (isType || kind !== 'type'))
    .map(([name]) => ({ name, sortText: '11', kind: 'const' as ts.ScriptElementKind, kindModifiers: '' }));
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether what is replaced stands in a text: module names and paths hold more than identifiers do. */
function isText(source: string, start: number, position: number): boolean {
  return /["']/.test(source[start] ?? '') || /[./:@-]/.test(source.slice(start, position));
}

/** Answer to an `is_complete_request`. */
export type Completeness =
  | { readonly status: 'complete' | 'invalid' }
  | { readonly status: 'incomplete'; readonly indent: string };

const UNTERMINATED_TEMPLATE = 1160;
const UNTERMINATED_COMMENT = 1010;

/** Whether a cell, its magics masked, could be run as it is, needs more lines or can never be right. */
export function completeness({ typescript }: CellService, source: string): Completeness {
  const file = typescript.createSourceFile('cell.ts', source, typescript.ScriptTarget.Latest);
  const errors = (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
  const end = source.trimEnd().length;
  const isOpen = errors.some(
    ({ code, start }) => code === UNTERMINATED_TEMPLATE || code === UNTERMINATED_COMMENT || start >= end,
  );
  if (isOpen) return { status: 'incomplete', indent: indentAfter(source) };
  return { status: errors.length > 0 ? 'invalid' : 'complete' };
}

/** The indent of the next line: that of the last one, and two blanks more after an opening bracket. */
function indentAfter(source: string): string {
  const line = source.trimEnd().split('\n').at(-1) ?? '';
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  return /[{([]$/.test(line) ? `${indent}  ` : indent;
}
