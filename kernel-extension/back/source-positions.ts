/**
 * From compiled code back to what the user wrote. Compiled cells are called `cell_3.js` and compiled local files `lib.js`;
 * a position in `cell_3.ts` or `lib.ts` is one in the source, so that none is taken for the other.
 */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { isKernelFile, type StackFrame } from './stack-frames.js';

/** What is known about a piece of compiled code. */
export interface CompiledSource {
  /** The source's name: `cell_3.ts`, or the whole path of a local file. */
  readonly name: string;
  readonly source: string;
  /** The source map as TypeScript wrote it. */
  readonly map: string | undefined;
  /** How many lines stand before the user's first in what was compiled. */
  readonly linesBefore: number;
  /** How much stands before the user's first column in the first line. */
  readonly columnsBefore?: number;
}

interface Known {
  readonly of: CompiledSource;
  parsed: SourceMap | undefined;
}

/** How deep a stack is recorded: Node's 10 are used up by a library before they reach the cell that calls it. */
const STACK_DEPTH = 50;

/** The name that code compiled from `name` has in stack traces. */
export function compiledName(name: string): string {
  return name.replace(/\.[jt]sx?$/, '.js');
}

/** Knows the sources of compiled code. */
export class SourcePositions {
  readonly #sources = new Map<string, Known>();
  readonly #texts = new Map<string, string>();

  /** Keeps a source; its map is parsed when it is needed first. */
  remember(of: CompiledSource): void {
    this.#sources.set(compiledName(of.name), { of, parsed: undefined });
    this.#texts.set(of.name, of.source);
  }

  /** The source of a file of the user's as it was when it was compiled, or else as it is now. */
  text(file: string): string | undefined {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  }

  /** A position in the source; as it is if it is in one already. */
  original(place: NonNullable<StackFrame['place']>): NonNullable<StackFrame['place']> {
    const known = this.#sources.get(place.file);
    // A local JavaScript file has the name that its compiled code has: `stack` tells its positions already.
    return known === undefined || known.of.name === place.file ? place : this.#mapped(known, place);
  }

  #mapped(known: Known, place: NonNullable<StackFrame['place']>): NonNullable<StackFrame['place']> {
    const { of } = known;
    if (of.map === undefined) return { ...place, file: of.name };
    known.parsed ??= new SourceMap(JSON.parse(of.map));
    const entry = known.parsed.findEntry(place.line - 1, place.column - 1);
    if (!('originalLine' in entry)) return { ...place, file: of.name };
    const line = entry.originalLine + 1 - of.linesBefore;
    return { file: of.name, line, column: entry.originalColumn + 1 - (line === 1 ? (of.columnsBefore ?? 0) : 0) };
  }

  /** Makes `stack` of every error tell positions in sources, and leave out what the kernel has called. */
  install(): void {
    Error.stackTraceLimit = Math.max(STACK_DEPTH, Error.stackTraceLimit);
    Error.prepareStackTrace = (error, sites) => {
      const lines = sites.flatMap((site) => {
        const [text, file, line, column] = [
          String(site),
          site.getFileName(),
          site.getLineNumber(),
          site.getColumnNumber(),
        ];
        if (!file || line === null || column === null) return [text];
        if (isKernelFile(file)) return [];
        const known = this.#sources.get(file);
        if (known === undefined) return [text];
        const place = this.#mapped(known, { file, line, column });
        return [text.replace(`${file}:${line}:${column}`, () => `${place.file}:${place.line}:${place.column}`)];
      });
      return [headOf(error), ...lines.map((line) => `    at ${line}`)].join('\n');
    };
  }
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}
