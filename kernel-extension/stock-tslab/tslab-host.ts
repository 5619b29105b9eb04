import { ConfigurationError } from 'fleche';
import { runMagicShell } from '../back/magic-shell.js';
import type {
  CellSource,
  InputRequest,
  KernelOption,
  MagicHost,
  MimeBundle,
  NotebookName,
  ShellOptions,
  TypeScript,
} from '../magics/types.js';
import { compileExpression, type Locals } from './evaluate.js';
import type { Groups } from './groups.js';
import { selectInputs } from './inputs.js';

/** What shows rich output in the running cell of tslab: its `lastWriteDisplayData`. */
export type WriteDisplayData = (content: object, isUpdate: boolean) => void;

/** What of tslab's kernel the host uses. */
export interface TslabParts {
  readonly ts: TypeScript;
  readonly locals: Locals;
  readonly groups: Groups;
  /** The cells that have run since the magics are known. */
  readonly inputs: readonly string[];
  show(): WriteDisplayData | null;
  /** The type that tslab knows of a name. */
  typeOf(name: string): string;
  /** Forgets all names. */
  reset(): void;
}

/** Names of tslab's own: the default export of a cell, and the value of the last one. */
const OWN_NAMES = new Set(['default', 'tsLastExpr']);

/** A stock tslab kernel as the magics of a cell see it. */
export class TslabHost implements MagicHost {
  /** Filled: cells to run next. */
  readonly included: CellSource[] = [];
  /** Set: a text for the place of the cell's own. */
  nextInput: string | undefined;
  readonly #parts: TslabParts;

  constructor(parts: TslabParts) {
    this.#parts = parts;
  }

  /** tslab redirects the streams of the process to the cell that ran last. */
  write(stream: 'stdout' | 'stderr', text: string): void {
    // An empty text would be an empty output.
    if (text !== '') process[stream].write(text);
  }

  display(bundle: MimeBundle): void {
    this.#parts.show()?.({ data: bundle, metadata: {}, transient: {} }, false);
  }

  async compile(expression: string): Promise<() => Promise<unknown>> {
    return compileExpression(this.#parts.ts, expression, this.#parts.locals);
  }

  async evaluate(expression: string): Promise<unknown> {
    return (await this.compile(expression))();
  }

  /** tslab gives no way to interrupt what runs here. */
  call<T>(step: () => T): T {
    return step();
  }

  shell(command: string, options: ShellOptions = {}): Promise<number> {
    return runMagicShell(command, options, {
      write: (stream, text) => this.write(stream, text),
      group: (pid, ended) => this.#parts.groups.group(pid, ended),
    });
  }

  /** Types that are no values are unknown to tslab's executor, and so are not among them. */
  async names(): Promise<readonly NotebookName[]> {
    const { locals, typeOf } = this.#parts;
    return Object.keys(locals)
      .filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !OWN_NAMES.has(name))
      .map((name) => ({ name, type: typeOf(name), isType: false, value: locals[name] }));
  }

  async forget(): Promise<void> {
    this.#parts.reset();
  }

  async history(request: InputRequest): Promise<readonly (readonly [number, string])[]> {
    return selectInputs(this.#parts.inputs, request);
  }

  async options(): Promise<readonly KernelOption[]> {
    throw new ConfigurationError(
      'a stock tslab kernel has no options; the kernel of fleche has: npx fleche jupyter install',
    );
  }

  async setOption(): Promise<void> {
    await this.options();
  }

  include(cells: readonly CellSource[]): void {
    this.included.push(...cells);
  }

  replaceCell(text: string): void {
    this.nextInput = text;
  }
}
