/** Errors as the user is shown them: what went wrong, where in the user's own code, and by which calls. */
import path from 'node:path';
import { inspect, types } from 'node:util';
import { isFlecheError } from 'fleche';
import { wantsColors } from '../display/plain-text.js';
import { labelOf } from '../shared/cell-label.js';
import { codeFrame } from '../shared/code-frame.js';
import type { ErrorReport } from '../shared/messages.js';
import { missingModule } from '../shared/missing-module.js';
import { colored, type Paint, plain } from '../shared/paint.js';
import type { SourcePositions } from './source-positions.js';
import { foldedFrames, framesOf, ownerOf, type StackFrame } from './stack-frames.js';

/** An expression that TypeScript or the running code refuses, with the report that the user is to see. */
export class ReportedError extends Error {
  readonly report: ErrorReport;
  constructor(report: ErrorReport) {
    super(report.evalue);
    this.name = report.ename;
    this.stack = report.traceback.join('\n');
    this.report = report;
  }
}

/** A place in a cell: an offset in its text. */
export interface CellPlace {
  readonly name: string;
  readonly offset: number;
}

/** Of so many errors in an AggregateError nobody reads more. */
const SHOWN_ERRORS = 10;
/** What is shown by other means. */
const SHOWN_APART = ['name', 'message', 'stack', 'cause', 'errors'];
/** What Node.js adds to errors of the system and of imports, and says in their messages as well. */
const SAID_ALREADY = ['code', 'errno', 'syscall', 'path', 'dest', 'address', 'port', 'requireStack', 'url'];
const PROPERTY_LINES = 20;

/** Writes reports. */
export class Tracebacks {
  readonly #positions: SourcePositions;
  readonly #cwd: string;

  constructor(positions: SourcePositions, cwd: string) {
    this.#positions = positions;
    this.#cwd = cwd;
  }

  /**
   * An error as the protocol has it.
   *
   * @param awaited Where the cell awaited what failed: shown if the error itself has been nowhere in the user's code.
   */
  report(error: unknown, awaited?: CellPlace): ErrorReport {
    if (error instanceof ReportedError) return error.report;
    const paint = wantsColors() ? colored : plain;
    if (!isError(error)) {
      const text = typeof error === 'string' ? error : inspected(error);
      const shown = typeof error === 'string' ? error : inspected(error, wantsColors());
      return { ename: 'Error', evalue: text, traceback: [`${paint.error('Uncaught')} ${shown}`] };
    }
    const { ename, evalue } = headOf(error);
    if (ename === 'InterruptError') return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
    return { ename, evalue, traceback: this.#lines(error, paint, awaited, new Set()) };
  }

  #lines(error: Error, paint: Paint, awaited: CellPlace | undefined, seen: Set<Error>): string[] {
    seen.add(error);
    const { ename, evalue, before } = headOf(error);
    const lines = [...before, ...`${paint.error(ename)}${evalue === '' ? '' : `: ${evalue}`}`.split('\n')];
    lines.push(...this.#advice(error, evalue), ...this.#where(error, paint, awaited), ...properties(error));
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    if (Array.isArray(errors)) {
      const all = errors as unknown[];
      all.slice(0, SHOWN_ERRORS).forEach((inner, index) => {
        lines.push(
          '',
          paint.aside(`Error ${index + 1} of ${all.length}:`),
          ...indented(this.#inner(inner, paint, seen)),
        );
      });
      if (all.length > SHOWN_ERRORS) lines.push('', paint.aside(`… and ${all.length - SHOWN_ERRORS} more errors`));
    }
    if (cause !== undefined) lines.push('', paint.aside('Caused by:'), ...indented(this.#inner(cause, paint, seen)));
    return lines;
  }

  #inner(error: unknown, paint: Paint, seen: Set<Error>): string[] {
    if (!isError(error)) return inspected(error, paint === colored).split('\n');
    if (!seen.has(error)) return this.#lines(error, paint, undefined, seen);
    const { ename, evalue } = headOf(error);
    return [`${paint.error(ename)}: ${evalue}`, paint.aside('(shown above)')];
  }

  /** The place in the user's code with its lines, and the calls that led there. */
  #where(error: Error, paint: Paint, awaited: CellPlace | undefined): string[] {
    const frames = framesOf(String(error.stack ?? '')).map((frame) =>
      frame.place === undefined ? frame : { ...frame, place: this.#positions.original(frame.place) },
    );
    const first = frames.find((frame) => ownerOf(frame) === 'user')?.place ?? this.#placeOf(awaited);
    const calls = foldedFrames(frames, (frame) => this.#call(frame));
    const result: string[] = [];
    if (first !== undefined) {
      const { file, line, column } = first;
      const text = this.#positions.text(file);
      result.push('', `${paint.place(labelOf(file, this.#cwd))}, line ${line}, column ${column}`);
      if (text !== undefined) result.push(...codeFrame(text, first, { mark: '^', context: 2, paint }));
    }
    const isTold =
      first !== undefined && calls.length === 1 && calls[0] === `at ${this.#call({ call: '', place: first })}`;
    if (calls.length > 0 && !isTold)
      result.push('', ...calls.map((call) => `    ${call.startsWith('…') ? paint.aside(call) : call}`));
    return result;
  }

  #placeOf(awaited: CellPlace | undefined): StackFrame['place'] {
    const text = awaited && this.#positions.text(awaited.name);
    if (awaited === undefined || text === undefined) return undefined;
    const lines = text.slice(0, awaited.offset).split(/\r\n|[\r\n]/);
    return { file: awaited.name, line: lines.length, column: (lines.at(-1) as string).length + 1 };
  }

  #call({ call, place }: StackFrame): string {
    if (place === undefined) return call;
    const { file, line, column } = place;
    const label = labelOf(file, this.#cwd);
    const where = label === file || path.isAbsolute(file) ? `${label}:${line}:${column}` : `${label}, line ${line}`;
    if (call === '' || call === 'async') return `${call} ${where}`.trim();
    return `${call} (${where})`;
  }

  #advice(error: Error, message: string): readonly string[] {
    const { code } = error as { code?: unknown };
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_MODULE_NOT_FOUND') return [];
    const wanted = /Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
    return (wanted !== undefined && missingModule(wanted, this.#cwd)?.advice) || [];
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** Name and message, and what the engine wrote before them: of a file that cannot be parsed, the line. */
function headOf(error: Error): { ename: string; evalue: string; before: string[] } {
  const { name, message, constructor: made } = error;
  const isPlain = name === 'Error' && typeof made === 'function' && made !== Error && made.name !== '';
  const ename = isPlain ? made.name : String(name || 'Error');
  // Where `require` was called from is shown by the calls.
  const evalue = String(message ?? '').replace(/\nRequire stack:(?:\n- .*)+$/, '');
  const head = String(error.stack ?? '').split(/\n\s+at /, 1)[0] as string;
  const lines = head.split('\n');
  const at = lines.findIndex((line) => line.startsWith(`${name}`));
  return { ename, evalue, before: at > 0 && error instanceof SyntaxError ? lines.slice(0, at) : [] };
}

/** What somebody has added to an error, as Node's inspector shows it. */
function properties(error: Error): string[] {
  // Their messages are made of their properties.
  if (isFlecheError(error)) return [];
  const isOfNode = 'syscall' in error || 'requireStack' in error;
  const hidden = new Set([...SHOWN_APART, ...(isOfNode ? SAID_ALREADY : [])]);
  const own: PropertyDescriptorMap = {};
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(error))) {
    if (property.enumerable && !hidden.has(name)) own[name] = property;
  }
  if (Object.keys(own).length === 0) return [];
  const lines = inspected(Object.defineProperties({}, own), wantsColors()).split('\n');
  return ['', ...lines.slice(0, PROPERTY_LINES), ...(lines.length > PROPERTY_LINES ? ['…'] : [])];
}

function inspected(value: unknown, colors = false): string {
  try {
    return inspect(value, { colors });
  } catch {
    return '(a value whose own methods fail when it is shown)';
  }
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
