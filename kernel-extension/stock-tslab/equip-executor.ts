import { isFlecheError } from 'fleche';
import { builtInMagics } from '../magics/built-in.js';
import type { LineContext } from '../magics/complete.js';
import type { MagicLookup } from '../magics/description.js';
import { parseCell } from '../magics/parse.js';
import { firstStatement, piecesOf, runPieces } from '../magics/pieces.js';
import { addedMagics } from '../magics/registry.js';
import { runLineMagic, runWithCellMagic } from '../magics/run.js';
import type { CellSource, MagicLine, ParsedCell, TypeScript } from '../magics/types.js';
import { scanCell } from '../typescript/scan.js';
import { completeIn, inspectIn } from './editing.js';
import type { Locals } from './evaluate.js';
import { groups } from './groups.js';
import type { Completions, QuickInfo } from './quick-info.js';
import { TslabHost, type WriteDisplayData } from './tslab-host.js';

/** tslab's executor, as far as magics need it. */
export interface Executor {
  readonly locals: Locals;
  execute(source: string): Promise<boolean>;
  inspect(source: string, position: number): QuickInfo | null;
  complete(source: string, position: number): Completions;
  interrupt(): void;
  reset(): void;
}

/** What is known about an executor that understands magics. */
export interface Equipment {
  /** Divides a cell over the variables of the executor's notebook. */
  divide(source: string): ParsedCell;
  /** The text that the cell that ran last wants in its place, once. */
  takeNextInput(): string | undefined;
}

/** Where the compiled cell finds the magics that stand between its statements. */
const runnerKey = 'fleche.tslab.runLine';

/**
 * Makes an executor understand magics: those before the first statement run before the cell, so that the cell stays
 * synchronous; those between statements become calls in their place, on their own lines.
 *
 * @param show What shows rich output in the cell that runs now.
 */
export function equipExecutor(ts: TypeScript, executor: Executor, show: () => WriteDisplayData | null): Equipment {
  const original = { ...executor };
  const { locals } = executor;
  const inputs: string[] = [];
  let interrupted = false;
  let nextInput: string | undefined;
  const typeOf = (name: string): string => {
    const text = (original.inspect(name, name.length)?.displayParts ?? []).map((part) => part.text).join('');
    return /^[^:(]*(?::\s*|(?=\())(.*)$/s.exec(text.replace(/^\(alias\) /, ''))?.[1] ?? typeof locals[name];
  };
  const magics = (): MagicLookup =>
    new Map([...builtInMagics, ...addedMagics().map((each) => [each.name, each] as const)]);
  const isVariable = (name: string): boolean => Object.hasOwn(locals, name);
  const divide = (source: string): ParsedCell => parseCell(ts, source, { isVariable, magics: magics() });
  const newHost = (): TslabHost =>
    new TslabHost({ ts, locals, groups, inputs, show, typeOf, reset: () => original.reset() });

  const runLine = async (line: MagicLine, host: TslabHost): Promise<unknown> => {
    const value = await runLineMagic(line, host);
    if (interrupted) throw new Error('interrupted');
    return value;
  };
  const runBody = async (cell: ParsedCell, host: TslabHost): Promise<boolean> => {
    const first = firstStatement(ts, cell.masked);
    const leading = cell.lines.filter(({ end }) => end <= first);
    let last: unknown;
    for (const line of leading) last = await runLine(line, host);
    const between = cell.lines.slice(leading.length);
    (globalThis as Record<symbol, unknown>)[Symbol.for(runnerKey)] = async (number: number) => {
      last = await runLine(between[number] as MagicLine, host);
    };
    const isDone = await original.execute(withCalls(cell.masked, between));
    if (isDone && cell.endsWithMagic && last !== undefined) console.log(last);
    return isDone;
  };
  const runPiece = async ({ name, source: written }: CellSource): Promise<PieceOutcome> => {
    const source = name === '' ? written : withoutExports(ts, divide(written));
    const cell = divide(source);
    if (cell.cellMagic === undefined && cell.lines.length === 0) return outcomeOf(await original.execute(source));
    const host = newHost();
    let isDone = true;
    try {
      if (cell.cellMagic === undefined) isDone = await runBody(cell, host);
      else {
        const value = await runWithCellMagic(cell.cellMagic, cell.body, host, async () => {
          isDone = await runBody(cell, host);
        });
        if (isDone && value !== undefined) console.log(value);
      }
    } catch (error) {
      // tslab reports the errors of a cell itself and returns false; only a magic's own error comes here.
      console.error(isFlecheError(error) ? `${error.name}: ${error.message}` : error);
      return outcomeOf(false);
    }
    nextInput ??= host.nextInput;
    return outcomeOf(isDone, host.included);
  };

  executor.execute = async (source) => {
    interrupted = false;
    nextInput = undefined;
    const cell = { name: '', source };
    const { hasFailed } = await runPieces(
      cell,
      (each) => piecesOf(ts, divide(each.source), magics()),
      async (piece) => {
        const outcome = await runPiece(piece);
        if (outcome.hasFailed && piece.name !== '') console.error(`in ${piece.name}`);
        return outcome;
      },
      (problem) => {
        console.error(`MagicError: ${problem}`);
        return outcomeOf(false);
      },
    );
    inputs.push(source);
    return !hasFailed;
  };
  const context = (): LineContext => ({ typescript: ts, magics: magics(), isVariable, options: () => [] });
  executor.inspect = (source, position) =>
    inspectIn(divide(source), position, context(), (text, at) => original.inspect(text, at));
  executor.complete = (source, position) =>
    completeIn(divide(source), position, context(), (text, at) => original.complete(text, at));
  executor.interrupt = () => {
    interrupted = true;
    groups.interrupt();
    original.interrupt();
  };
  return {
    divide,
    takeNextInput: () => {
      const text = nextInput;
      nextInput = undefined;
      return text;
    },
  };
}

interface PieceOutcome {
  readonly include: readonly CellSource[];
  readonly hasFailed: boolean;
}

function outcomeOf(isDone: boolean, include: readonly CellSource[] = []): PieceOutcome {
  return { include, hasFailed: !isDone };
}

/** A cell of a file as tslab takes it, which refuses `export` before what every cell exports anyway. */
function withoutExports(ts: TypeScript, { source, masked, body, cellMagic, lines }: ParsedCell): string {
  if (body !== undefined) return source;
  let text = scanCell(ts, masked).source;
  for (const { start, end } of [...(cellMagic === undefined ? [] : [cellMagic]), ...lines]) {
    text = text.slice(0, start) + source.slice(start, end) + text.slice(end);
  }
  return text;
}

/** The masked cell with calls in the place of magics; every statement keeps its line and column. */
function withCalls(masked: string, lines: readonly MagicLine[]): string {
  let text = '';
  let at = 0;
  for (const [number, { start, end }] of lines.entries()) {
    text += `${masked.slice(at, start)}await globalThis[Symbol.for("${runnerKey}")](${number});`;
    // A line that went on in others leaves their line breaks.
    text += masked.slice(start, end).replace(/[^\r\n\u2028\u2029]/g, '');
    at = end;
  }
  return text + masked.slice(at);
}
