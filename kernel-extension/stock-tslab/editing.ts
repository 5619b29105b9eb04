import { completeLine, inspectLine, type LineContext } from '../magics/complete.js';
import type { ParsedCell } from '../magics/types.js';
import type { Completions, QuickInfo } from './quick-info.js';

/** Completions in a cell; `complete` gives those of TypeScript. */
export function completeIn(
  cell: ParsedCell,
  position: number,
  context: LineContext,
  complete: (source: string, position: number) => Completions,
): Completions {
  const found = completeLine(cell, position, context);
  if (found === undefined) return complete(cell.masked, position);
  if ('typescript' in found) return complete(found.typescript, position);
  return { start: found.start, end: found.end, candidates: found.matches };
}

/** What is known about what stands at a place of a cell; `inspect` gives what TypeScript knows. */
export function inspectIn(
  cell: ParsedCell,
  position: number,
  context: LineContext,
  inspect: (source: string, position: number) => QuickInfo | null,
): QuickInfo | null {
  const found = inspectLine(cell, position, context);
  if (found === undefined) return inspect(cell.masked, position);
  if ('typescript' in found) return inspect(found.typescript, position);
  const text = found.help?.['text/plain'];
  return text === undefined ? null : { displayParts: [{ text }] };
}
