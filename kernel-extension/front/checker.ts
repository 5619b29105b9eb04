/** TypeScript in the front: what cells are, what they say and what could stand in them. */
import { parseCell } from '../magics/parse.js';
import type { ParsedCell } from '../magics/types.js';
import type { CompiledCode, ErrorReport, RunnableCell } from '../shared/messages.js';
import { type Converter, createConverter } from '../typescript/converter.js';
import type { CellDiagnostic } from '../typescript/diagnostics.js';
import { type Completeness, type Completion, complete, completeness, inspect } from '../typescript/editing.js';
import type { TypeScript } from '../typescript/load-typescript.js';
import { type CellService, createCellService } from '../typescript/service.js';

/** Answers everything about the TypeScript of cells. The service starts with the first question, or with `start`. */
export class Checker {
  readonly #typescript: TypeScript;
  readonly #cwd: string;
  readonly #afterFirst: () => void;
  #parts: { readonly service: CellService; readonly converter: Converter } | undefined;

  /** @param afterFirst Called once, after the first cell has been compiled. */
  constructor(typescript: TypeScript, cwd: string, afterFirst: () => void) {
    this.#typescript = typescript;
    this.#cwd = cwd;
    this.#afterFirst = afterFirst;
  }

  /** Starts the service, which takes about a second. */
  start(): { readonly service: CellService; readonly converter: Converter } {
    if (this.#parts === undefined) {
      const service = createCellService(this.#typescript, this.#cwd);
      this.#parts = { service, converter: createConverter(service) };
    }
    return this.#parts;
  }

  /** Divides a cell into TypeScript and magics. */
  parse(source: string): ParsedCell {
    return parseCell(this.#typescript, source, (name) => this.#parts?.converter.names.has(name) ?? false);
  }

  /** Checks and compiles a cell. */
  convert(source: string, name: string): RunnableCell | ErrorReport {
    const { converter } = this.start();
    const result = converter.convert(this.parse(source), name);
    this.#afterFirst();
    return 'runnable' in result ? result.runnable : typeErrors(result.diagnostics, name);
  }

  /** Keeps what a cell declared. */
  commit(assigned: readonly string[], finished: boolean): void {
    this.start().converter.commit(assigned, finished);
  }

  /** Checks and compiles an expression. */
  expression(source: string, assigned: readonly string[]): CompiledCode | ErrorReport {
    const result = this.start().converter.expression(source, assigned);
    return 'code' in result ? result.code : typeErrors(result.diagnostics, 'expression.ts');
  }

  /** Completions at a UTF-16 offset; none on a magic line. */
  complete(source: string, position: number): Completion {
    const parsed = this.parse(source);
    if (isInMagic(parsed, position)) return { start: position, end: position, matches: [] };
    const { service, converter } = this.start();
    return complete(service, converter.names, parsed.masked, position);
  }

  /** What is known about what stands at a UTF-16 offset. */
  inspect(source: string, position: number): string | undefined {
    const parsed = this.parse(source);
    if (isInMagic(parsed, position)) return undefined;
    const { service, converter } = this.start();
    return inspect(service, converter.names, parsed.masked, position);
  }

  /** Whether a cell could be run as it is. */
  completeness(source: string): Completeness {
    return completeness(this.start().service, this.parse(source).masked);
  }
}

function isInMagic({ cellMagic, lines }: ParsedCell, position: number): boolean {
  return [...(cellMagic ? [cellMagic] : []), ...lines].some(({ start, end }) => start <= position && position <= end);
}

/** `cell_3.ts:2:5 - Type 'string' is not assignable to type 'number'.` */
function typeErrors(diagnostics: readonly CellDiagnostic[], name: string): ErrorReport {
  const lines = diagnostics.map(({ file, line, column, message }) => `${file ?? name}:${line}:${column} - ${message}`);
  return { ename: 'TypeScriptError', evalue: lines[0] as string, traceback: lines };
}
