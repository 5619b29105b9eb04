import { isFlecheError } from 'fleche';
import { parseCell, type TypeScript } from '../magics/parse.js';
import { runLineMagic, runWithCellMagic } from '../magics/run.js';
import type { MagicLine, ParsedCell } from '../magics/types.js';
import type { Locals } from './evaluate.js';
import { TslabHost, type WriteDisplayData } from './tslab-host.js';

/** tslab's executor, as far as magics need it. */
export interface Executor {
  readonly locals: Locals;
  execute(source: string): Promise<boolean>;
  inspect(source: string, position: number): unknown;
  complete(source: string, position: number): Completions;
  interrupt(): void;
}

interface Completions {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

/** Where the compiled cell finds the magics that stand between its statements. */
const runnerKey = 'fleche.tslab.runLine';

/** Divides a cell over the variables of the executor's notebook. */
export type Divide = (source: string) => ParsedCell;

/**
 * Makes an executor understand magics: those before the first statement run before the cell, so that the cell stays
 * synchronous; those between statements become calls in their place, on their own lines.
 *
 * @param show What shows rich output in the cell that runs now.
 */
export function equipExecutor(ts: TypeScript, executor: Executor, show: () => WriteDisplayData | null): Divide {
  const original = { ...executor };
  const host = new TslabHost(ts, executor.locals, show);
  const divide: Divide = (source) => parseCell(ts, source, (name) => Object.hasOwn(executor.locals, name));
  let interrupted = false;

  const runBody = async (cell: ParsedCell): Promise<boolean> => {
    const first = firstStatement(ts, cell.masked);
    const leading = cell.lines.filter(({ end }) => end <= first);
    for (const line of leading) {
      await runLineMagic(line, host);
      if (interrupted) throw new Error('interrupted');
    }
    const between = cell.lines.slice(leading.length);
    (globalThis as Record<symbol, unknown>)[Symbol.for(runnerKey)] = (number: number) =>
      runLineMagic(between[number] as MagicLine, host);
    return original.execute(withCalls(cell.masked, between));
  };
  executor.execute = async (source) => {
    const cell = divide(source);
    if (cell.cellMagic === undefined && cell.lines.length === 0) return original.execute(source);
    interrupted = false;
    try {
      return cell.cellMagic === undefined
        ? await runBody(cell)
        : await runWithCellMagic(cell.cellMagic, host, () => runBody(cell));
    } catch (error) {
      // tslab reports the errors of a cell itself and returns false; only a magic's own error comes here.
      console.error(isFlecheError(error) ? `${error.name}: ${error.message}` : error);
      return false;
    }
  };
  executor.inspect = (source, position) => {
    const cell = divide(source);
    return isOnMagic(cell, position) ? null : original.inspect(cell.masked, position);
  };
  executor.complete = (source, position) => {
    const cell = divide(source);
    if (isOnMagic(cell, position)) return { start: position, end: position, candidates: [] };
    return original.complete(cell.masked, position);
  };
  executor.interrupt = () => {
    interrupted = true;
    host.interrupt();
    original.interrupt();
  };
  return divide;
}

function isOnMagic({ cellMagic, lines }: ParsedCell, position: number): boolean {
  return [...(cellMagic === undefined ? [] : [cellMagic]), ...lines].some(
    ({ start, end }) => start <= position && position <= end,
  );
}

/** The offset of the first statement: before it stand only comments and magics. */
function firstStatement(ts: TypeScript, masked: string): number {
  const file = ts.createSourceFile('cell.ts', masked, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  return file.statements[0]?.getStart(file) ?? masked.length;
}

/** The masked cell with calls in the place of magics; every statement keeps its line and column. */
function withCalls(masked: string, lines: readonly MagicLine[]): string {
  let text = '';
  let at = 0;
  for (const [number, { start, end }] of lines.entries()) {
    text += `${masked.slice(at, start)}await globalThis[Symbol.for("${runnerKey}")](${number});`;
    at = end;
  }
  return text + masked.slice(at);
}
