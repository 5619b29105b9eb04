/** Errors as the user is shown them: with lines and columns of the cells as written, and without the kernel's frames. */
import { SourceMap } from 'node:module';
import path from 'node:path';
import { inspect, types } from 'node:util';
import { packageRoot } from '../shared/installation.js';
import type { ErrorReport } from '../shared/messages.js';

/** Frames of the kernel, of fleche and of the packages that they lend or use tell the user nothing. */
const hiddenFolders = ['dist', 'node_modules'].map((name) => path.join(packageRoot, name) + path.sep);
const HIDDEN =
  /\((?:node:internal|node:vm|node:async_hooks|fleche:)|at (?:async )?(?:node:|fleche:)|\b(?:next|throw) \(<anonymous>\)$|[/\\]tslab[/\\]dist[/\\]|\bevalmachine\.<anonymous>/;
/** Of cells, expressions and files that `%run` runs; what is none of them has no map. */
const POSITION = /([^\s()]+\.[cm]?tsx?):(\d+):(\d+)/g;

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

/** Maps positions of compiled cells back to their sources. */
export class Tracebacks {
  readonly #maps = new Map<string, string | SourceMap>();

  /** Keeps the source map of a cell; it is parsed when it is needed first. */
  remember(name: string, map: string | undefined): void {
    if (map !== undefined) this.#maps.set(name, map);
  }

  /** An error as the protocol has it. */
  report(error: unknown): ErrorReport {
    if (error instanceof ReportedError) return error.report;
    if (!isError(error)) {
      const text = typeof error === 'string' ? error : inspect(error);
      return { ename: 'Error', evalue: text, traceback: [`Uncaught ${text}`] };
    }
    const message = String(error.message);
    const ename = String(error.name || 'Error');
    if (ename === 'InterruptError') return { ename, evalue: message, traceback: [`${ename}: ${message}`] };
    return { ename, evalue: message, traceback: this.#lines(error, new Set()) };
  }

  #lines(error: Error, seen: Set<Error>): string[] {
    seen.add(error);
    const lines = this.#stack(error);
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    for (const inner of Array.isArray(errors) ? (errors as unknown[]) : []) {
      if (isError(inner) && !seen.has(inner)) lines.push(...indented(this.#lines(inner, seen)));
    }
    if (isError(cause)) {
      if (!seen.has(cause)) lines.push('Caused by:', ...indented(this.#lines(cause, seen)));
    } else if (cause !== undefined) lines.push(`Caused by: ${inspect(cause)}`);
    return lines;
  }

  #stack(error: Error): string[] {
    const head = `${error.name}: ${error.message}`;
    const stack = typeof error.stack === 'string' && error.stack !== '' ? error.stack : head;
    const lines = stack.split('\n');
    const first = lines.findIndex((line) => /^\s+at /.test(line));
    if (first < 0) return lines;
    const frames = lines
      .slice(first)
      .filter((line) => !HIDDEN.test(line) && !hiddenFolders.some((folder) => line.includes(folder)));
    return [...lines.slice(0, first), ...frames.map((line) => this.#original(line))];
  }

  #original(frame: string): string {
    return frame.replace(POSITION, (position, name: string, line: string, column: string) => {
      const map = this.#map(name);
      const entry = map?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalLine' in entry)) return position;
      // The source has one line before the user's first, so its lines from 0 are the user's from 1.
      return `${name}:${entry.originalLine}:${entry.originalColumn + 1}`;
    });
  }

  #map(name: string): SourceMap | undefined {
    const map = this.#maps.get(name);
    if (typeof map !== 'string') return map;
    const parsed = new SourceMap(JSON.parse(map));
    this.#maps.set(name, parsed);
    return parsed;
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
