/** What the two threads of the kernel tell each other. */
import type { BuiltInDescription } from '../magics/description.js';
import type { CellSource, InputRequest, KernelOption, MagicLine, MimeBundle } from '../magics/types.js';

/** TypeScript, compiled: the body of a function that the main thread wraps and runs. */
export interface CompiledCode {
  /** File name in stack traces: `cell_3.ts`. */
  readonly name: string;
  /** The text as the user wrote it. */
  readonly source: string;
  readonly body: string;
  /** The body is that of a generator, which yields what is awaited at the top level and gets the outcome back. */
  readonly isGenerator: boolean;
  /** Names of earlier cells that the body reads or assigns, as `__b_NAME.v`. */
  readonly boxes: readonly string[];
  /** Names that the body imports and uses, likewise, in boxes of its own. */
  readonly imports: readonly string[];
  /** Source map of the body; the source has one line before the user's first. */
  readonly map: string | undefined;
  /** Local files that are new or have changed since the main thread got them, compiled. */
  readonly sideOutputs: readonly CompiledFile[];
}

/** A local file, compiled. */
export interface CompiledFile {
  /** Where the code would lie: `lib.js` beside `lib.ts`. */
  readonly path: string;
  readonly data: string;
  /** What it was compiled from, `name` with its whole path. */
  readonly of: { readonly name: string; readonly source: string; readonly map: string | undefined };
}

/** A cell that is ready to run. */
export interface RunnableCell {
  readonly code: CompiledCode;
  readonly cellMagic: MagicLine | undefined;
  readonly magics: readonly MagicLine[];
  /** How many of `magics` stand before the first statement: they run before the body. */
  readonly leading: number;
  /** Whether nothing follows the last of `magics`. Then its value is the cell's. */
  readonly endsWithMagic: boolean;
  /** The text below a cell magic that takes one. */
  readonly text: string | undefined;
}

/** An error as the Jupyter protocol shows it. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** How a cell ended. */
export interface CellOutcome {
  /** Whether it ran to its end. */
  readonly finished: boolean;
  /** Names that it declared and had assigned when it ended. */
  readonly assigned: readonly string[];
  readonly error?: ErrorReport;
  /** The value of its last expression. */
  readonly data?: MimeBundle;
  readonly wishes?: CellWishes;
}

/** What the magics of a cell want of the front once it has ended. */
export interface CellWishes {
  /** Cells to run next. */
  readonly include: readonly CellSource[];
  /** A text for the place of the cell's own. */
  readonly nextInput: string | undefined;
}

/** A name that the notebook has declared, as TypeScript knows it. */
export interface TypedName {
  readonly name: string;
  readonly type: string;
  readonly isType: boolean;
}

/** What magics ask the front, and what it answers. */
export interface Questions {
  names: { readonly asked: { readonly assigned: readonly string[] }; readonly answer: readonly TypedName[] };
  forget: { readonly asked: object; readonly answer: undefined };
  history: { readonly asked: InputRequest; readonly answer: readonly (readonly [number, string])[] };
  options: { readonly asked: object; readonly answer: readonly KernelOption[] };
  setOption: { readonly asked: { readonly name: string; readonly value: string }; readonly answer: undefined };
}

/** A question, of any kind. */
export type Question = { [K in keyof Questions]: { readonly kind: K } & Questions[K]['asked'] }[keyof Questions];

/** From the front (worker) to the back (main thread). */
export type ToBack =
  | { readonly op: 'run'; readonly cell: number; readonly runnable: RunnableCell; readonly allowStdin: boolean }
  | { readonly op: 'evaluate'; readonly id: number; readonly cell: number; readonly code: CompiledCode }
  | { readonly op: 'compiled'; readonly id: number; readonly code: CompiledCode | ErrorReport }
  | { readonly op: 'answer'; readonly id: number; readonly answer: unknown; readonly error: ErrorReport | undefined }
  | { readonly op: 'interrupt'; readonly cell: number }
  | { readonly op: 'exit'; readonly code: number };

/** From the back to the front; each is sent with the ring's position, up to which output comes first, and with a number. */
export type ToFront =
  | { readonly op: 'done'; readonly cell: number; readonly outcome: CellOutcome }
  | { readonly op: 'evaluated'; readonly id: number; readonly result: MimeBundle | ErrorReport }
  | {
      /** Compile an expression over the notebook's names and those the running cell has assigned so far. */
      readonly op: 'compile';
      readonly id: number;
      readonly expression: string;
      readonly assigned: readonly string[];
    }
  | {
      readonly op: 'display';
      readonly cell: number;
      readonly data: Readonly<Record<string, unknown>>;
      readonly displayId: string | undefined;
      readonly isUpdate: boolean;
    }
  /** What the cell has shown is cleared; `wait`: when it shows something else. */
  | { readonly op: 'clear'; readonly cell: number; readonly wait: boolean }
  | { readonly op: 'input'; readonly cell: number; readonly prompt: string }
  | { readonly op: 'group'; readonly pid: number; readonly ended: boolean }
  | { readonly op: 'ask'; readonly id: number; readonly question: Question }
  /** The back can run cells, with these magics. */
  | { readonly op: 'ready'; readonly magics: readonly BuiltInDescription[] }
  /** A package has added a magic. */
  | { readonly op: 'magic'; readonly magic: BuiltInDescription }
  /** An interrupt has been taken. */
  | { readonly op: 'interrupted' }
  | { readonly op: 'exit' };

/** How a {@link ToFront} travels; `wake` only asks to read the ring. */
export type Envelope = { readonly at: number; readonly number: number; readonly message: ToFront } | 'wake';

/** Whether `value` is an error and not what was asked for. */
export function isErrorReport(value: object): value is ErrorReport {
  return 'ename' in value && 'traceback' in value;
}

/** What the front is started with. */
export interface FrontOptions {
  readonly memory: SharedArrayBuffer;
  readonly port: import('node:worker_threads').MessagePort;
  /** The notebook's folder. */
  readonly cwd: string;
  readonly mode: FrontMode;
}

/** Whom the front speaks with. */
export type FrontMode =
  | { readonly kind: 'jupyter'; readonly connectionFile: string }
  | {
      readonly kind: 'notebook';
      readonly file: string;
      /** Where the executed notebook is written; `undefined`: nowhere. */
      readonly output: string | undefined;
      readonly allowErrors: boolean;
    };
