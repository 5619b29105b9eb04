/**
 * A cell in pieces. What `%run` brings in must be known before the statements below it are checked, so a magic of that
 * kind ends a piece, which is checked and run on its own.
 */
import type { MagicLookup } from './description.js';
import { masked } from './parse.js';
import type { CellSource, MagicLine, ParsedCell, TypeScript } from './types.js';

/** The sources of the pieces, each at its place in the cell; or what is wrong. */
export type Pieces = { readonly sources: readonly string[] } | { readonly problem: string };

/** Divides a cell. */
export function piecesOf(ts: TypeScript, cell: ParsedCell, magics: MagicLookup): Pieces {
  const { source, lines, cellMagic } = cell;
  const isLeading = ({ kind, text }: MagicLine): boolean =>
    kind === 'line' && !/\?\s*$/.test(text) && magics.get(/^\w*/.exec(text)?.[0] ?? '')?.isLeading === true;
  const count = lines.findLastIndex(isLeading) + 1;
  if (count === 0) return { sources: [source] };
  const last = lines[count - 1] as MagicLine;
  const name = `%${/^\w*/.exec(last.text)?.[0]}`;
  if (cellMagic !== undefined) {
    return { problem: `${name} cannot stand in a cell that begins with %%${cellMagic.text.trim()}; give it its own` };
  }
  if (last.end > firstStatement(ts, cell.masked)) {
    return {
      problem: `${name} changes what the statements of its cell mean: write it above them, or in a cell before`,
    };
  }
  const sources: string[] = [];
  let from = 0;
  for (let at = 0; at < count; at++) {
    const line = lines[at] as MagicLine;
    if (!isLeading(line)) continue;
    sources.push(masked(source.slice(0, line.end), lines.slice(0, from)));
    from = at + 1;
  }
  sources.push(masked(source, lines.slice(0, count)));
  return { sources };
}

/** The offset of the first statement: before it stand only comments and magics. */
export function firstStatement(ts: TypeScript, text: string): number {
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  return file.statements[0]?.getStart(file) ?? text.length;
}

/** How deep files may run one another. */
const DEEPEST = 20;

/** How a piece ended, as far as it matters here. */
export interface PieceOutcome {
  readonly include: readonly CellSource[];
  /** Whether the cell ends with this piece because it failed. */
  readonly hasFailed: boolean;
}

/** Runs the pieces of a cell, and after each the cells that its magics include. */
export async function runPieces<T extends PieceOutcome>(
  cell: CellSource,
  divide: (cell: CellSource) => Pieces,
  run: (piece: CellSource) => Promise<T>,
  fail: (problem: string) => T,
  depth = 0,
): Promise<T> {
  const pieces = divide(cell);
  if ('problem' in pieces) return fail(pieces.problem);
  if (depth > DEEPEST) return fail(`${cell.name} runs itself, by way of the files that it runs`);
  let outcome: T | undefined;
  for (const source of pieces.sources) {
    outcome = await run({ name: cell.name, source });
    if (outcome.hasFailed) return outcome;
    for (const included of outcome.include) {
      const inner = await runPieces(included, divide, run, fail, depth + 1);
      if (inner.hasFailed) return inner;
    }
  }
  return outcome ?? fail('there is nothing to run');
}
