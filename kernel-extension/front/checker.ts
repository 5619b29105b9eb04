/** TypeScript in the front: what cells are, what they say and what could stand in them. */
import { completeLine, inspectLine, type LineContext } from '../magics/complete.js';
import type { BuiltInDescription } from '../magics/description.js';
import { hintOf } from '../magics/hints.js';
import { parseCell } from '../magics/parse.js';
import { type Pieces, piecesOf } from '../magics/pieces.js';
import type { MimeBundle, ParsedCell } from '../magics/types.js';
import type { CompiledCode, ErrorReport, RunnableCell, TypedName } from '../shared/messages.js';
import type { CellDiagnostic } from '../typescript/cell-diagnostic.js';
import { type Converter, createConverter } from '../typescript/converter.js';
import { describeNames } from '../typescript/describe-names.js';
import { type Completeness, type Completion, complete, completeness } from '../typescript/editing.js';
import { inspect } from '../typescript/inspecting.js';
import type { TypeScript } from '../typescript/load-typescript.js';
import { type CellService, createCellService } from '../typescript/program/service.js';
import { typeErrors } from '../typescript/type-errors.js';
import { type ChangeableOption, Options } from './options.js';

/** Answers everything about the TypeScript of cells. The service starts with the first question, or with `start`. */
export class Checker {
  readonly #typescript: TypeScript;
  readonly #cwd: string;
  readonly #afterCell: () => void;
  readonly #magics = new Map<string, BuiltInDescription>();
  /** How many steps of what comes after parsing have been done since a cell has run. */
  #warmSteps = 0;
  readonly #options = new Options(() => this.start().service);
  #parts: { readonly service: CellService; readonly converter: Converter } | undefined;

  /** @param afterCell Called when a cell has been compiled. */
  constructor(typescript: TypeScript, cwd: string, afterCell: () => void) {
    this.#typescript = typescript;
    this.#cwd = cwd;
    this.#afterCell = afterCell;
  }

  /** Starts the service, which takes a while. */
  start(): { readonly service: CellService; readonly converter: Converter } {
    if (this.#parts === undefined) {
      const service = createCellService(this.#typescript, this.#cwd);
      this.#parts = { service, converter: createConverter(service) };
    }
    return this.#parts;
  }

  /** Starts the service with all that an editor asks about. */
  #startForEditor(): { readonly service: CellService; readonly converter: Converter } {
    const parts = this.start();
    parts.service.loadNodeTypes();
    return parts;
  }

  /** Does a part of reading the types of Node, if that is left to do. */
  readAhead(): void {
    const { service } = this.start();
    if (!service.parseAhead()) service.loadNodeTypes();
  }

  /** Does a part of what somebody would wait for later; false: there is no more to do until a cell has run. */
  warmUp(): boolean {
    if (this.start().service.parseAhead()) return true;
    const { service, converter } = this.#startForEditor();
    const steps = [
      () => service.program(),
      () => complete(service, converter.names, '', 0),
      () => complete(service, converter.names, '"".', 3),
      // What the next cell is added to.
      () => service.program() && service.grown('export{};', () => true),
    ];
    steps[this.#warmSteps++]?.();
    return this.#warmSteps < steps.length;
  }

  /** Divides a cell into TypeScript and magics. */
  parse(source: string): ParsedCell {
    return parseCell(this.#typescript, source, this.#lineContext());
  }

  #lineContext(): LineContext {
    return {
      typescript: this.#typescript,
      magics: this.#magics,
      isVariable: (name) => this.#parts?.converter.names.has(name) ?? false,
      options: () => this.options(),
    };
  }

  /** Makes a magic known. */
  addMagic(magic: BuiltInDescription): void {
    this.#magics.set(magic.name, magic);
  }

  /** The pieces that a cell is checked and run in. */
  pieces(source: string): Pieces {
    return piecesOf(this.#typescript, this.parse(source), this.#magics);
  }

  /** The names of the notebook with their types. */
  describeNames(assigned: readonly string[]): TypedName[] {
    const { service, converter } = this.#startForEditor();
    return describeNames(service, converter.visible(assigned));
  }

  /** Forgets all names. */
  forget(): void {
    this.start().converter.forget();
  }

  /** The options of the kernel. */
  options(): readonly ChangeableOption[] {
    return this.#options.list();
  }

  /** Checks and compiles a cell. */
  convert(source: string, name: string): RunnableCell | ErrorReport {
    const { converter } = this.start();
    const result = converter.convert(this.parse(source), name);
    this.#afterCell();
    return 'runnable' in result
      ? result.runnable
      : withHint(typeErrors(result.diagnostics, name, source), source, result.diagnostics);
  }

  /** Keeps what a cell declared. */
  commit(assigned: readonly string[], finished: boolean): void {
    this.start().converter.commit(assigned, finished);
    this.#warmSteps = 0;
  }

  /** Checks and compiles an expression. */
  expression(source: string, assigned: readonly string[]): CompiledCode | ErrorReport {
    const result = this.start().converter.expression(source, assigned);
    return 'code' in result ? result.code : typeErrors(result.diagnostics, 'expression.ts', source);
  }

  /** Completions at a UTF-16 offset. */
  complete(source: string, position: number): Completion {
    const parsed = this.parse(source);
    const found = completeLine(parsed, position, this.#lineContext());
    if (found !== undefined && !('typescript' in found)) return found;
    const { service, converter } = this.#startForEditor();
    return complete(service, converter.names, found?.typescript ?? parsed.masked, position);
  }

  /** What is known about what stands at a UTF-16 offset. */
  inspect(source: string, position: number): MimeBundle | undefined {
    const parsed = this.parse(source);
    const found = inspectLine(parsed, position, this.#lineContext());
    if (found !== undefined && 'help' in found) return found.help;
    const { service, converter } = this.#startForEditor();
    return inspect(service, converter.names, found?.typescript ?? parsed.masked, position);
  }

  /** Whether a cell could be run as it is. */
  completeness(source: string): Completeness {
    const { masked, lines } = this.parse(source);
    // A magic that wants to go on has nothing to go on with.
    if (/(?<!\\)(?:\\\\)*\\$/.test(lines.at(-1)?.text ?? '')) return { status: 'incomplete', indent: '' };
    return completeness(this.start().service, masked);
  }
}

/** Adds what somebody may have meant who wrote the line that has the first error. */
function withHint(report: ErrorReport, source: string, [first]: readonly CellDiagnostic[]): ErrorReport {
  const line = first?.file === undefined ? source.split(/\r\n|[\r\n]/)[(first?.line ?? 0) - 1] : undefined;
  const hint = line === undefined ? undefined : hintOf(line);
  return hint === undefined ? report : { ...report, traceback: [...report.traceback, hint] };
}
