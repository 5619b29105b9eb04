/** The TypeScript module: stock 6.0.3 and the fork of tslab (5.0.4) both do. */
export type TypeScript = typeof import('typescript');

/** A place in a magic line that is replaced when it runs; offsets in its `text`, brackets included. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  /** The expression of `{expression}`, whose value comes here; `undefined`: a doubled bracket, which becomes one. */
  readonly expression: string | undefined;
}

/** A line of a cell that is for the kernel and not for TypeScript; with a backslash at its end it goes on in the next. */
export interface MagicLine {
  /** `line` for `%name …`, `shell` for `!command`, `capture` for `!!command`. */
  readonly kind: 'line' | 'shell' | 'capture';
  /** Offset of its first character in the cell. */
  readonly start: number;
  /** Offset after its last character, line end not included. */
  readonly end: number;
  /** What follows the `%`, `!` or `!!`: `fleche ls values`, `ls -l`. */
  readonly text: string;
  /** What in the text is replaced. */
  readonly replacements: readonly Replacement[];
}

/** A cell, divided into what is TypeScript and what is not. */
export interface ParsedCell {
  readonly source: string;
  /** What follows `%%` on the first line (`fleche use memoryCache`), if the cell starts with a cell magic. */
  readonly cellMagic: MagicLine | undefined;
  /** What stands below a cell magic that is no TypeScript: the script of `%%bash`. */
  readonly body: string | undefined;
  /** The line magics and shell lines, in their order. */
  readonly lines: readonly MagicLine[];
  /** Whether nothing but comments follows the last of `lines`. Then its value is the cell's. */
  readonly endsWithMagic: boolean;
  /**
   * The cell with every magic masked by a comment of the same length: each offset, line and column is that of the
   * source. For checking, completion and inspection.
   */
  readonly masked: string;
}

/** A MIME bundle: representations of one thing by MIME type. `text/plain` is always among them. */
export type MimeBundle = Readonly<Record<string, unknown>> & { readonly 'text/plain': string };

/** A name of the notebook. */
export interface NotebookName {
  readonly name: string;
  /** Its TypeScript type; `interface`, `class` and so on for what is a type itself. */
  readonly type: string;
  /** Whether it is a type and has no value. */
  readonly isType: boolean;
  readonly value: unknown;
}

/** A cell to run that stands elsewhere: in a file. */
export interface CellSource {
  /** As stack traces call it: `other.ipynb/cell_3.ts`. */
  readonly name: string;
  readonly source: string;
}

/** An option of the kernel, such as `strict`. */
export interface KernelOption {
  readonly name: string;
  readonly description: string;
  readonly values: readonly string[];
  readonly value: string;
}

/** Which inputs of the session are wanted. */
export interface InputRequest {
  /** Cells with these numbers, both included. */
  readonly range?: readonly [from: number, to: number];
  /** So many at most, the latest. */
  readonly limit?: number;
  /** Those that this pattern with `*` and `?` fits. */
  readonly pattern?: string;
}

/** How a command runs. */
export interface ShellOptions {
  /** The program that gets `-c` and the command. @default '/bin/sh' */
  readonly shell?: string;
  /** What the program gets before that. */
  readonly shellArguments?: readonly string[];
  /** What the command finds as `$1`, `$2` … */
  readonly parameters?: readonly string[];
  /** Takes what is written to standard output, which is not shown then. */
  capture?(text: string): void;
}

/** What the magics of the kernel need of it. One is written for our kernel, one for a stock tslab. */
export interface MagicHost {
  /** Streams text into the cell that runs. */
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** Shows something rich in the cell that runs. */
  display(bundle: MimeBundle): void;
  /** The value of a TypeScript expression over the notebook's names. Rejects as a cell with that expression would. */
  evaluate(expression: string): Promise<unknown>;
  /** Checks and compiles an expression, to be run once. Rejects if it has type errors. */
  compile(expression: string): Promise<() => Promise<unknown>>;
  /** Calls a function of the notebook so that an interrupt can stop it. */
  call<T>(step: () => T): T;
  /** Runs a shell command with streamed output and gives its exit code; an interrupt ends it and its children. */
  shell(command: string, options?: ShellOptions): Promise<number>;
  /** The names of the notebook, in the order in which they were declared first. */
  names(): Promise<readonly NotebookName[]>;
  /** Forgets all of them. */
  forget(): Promise<void>;
  /** The inputs of the session: number and source. */
  history(request: InputRequest): Promise<readonly (readonly [line: number, source: string])[]>;
  /** The options of the kernel. */
  options(): Promise<readonly KernelOption[]>;
  /** Changes one of them. */
  setOption(name: string, value: string): Promise<void>;
  /** Runs these cells next, before the statements of the cell at hand. */
  include(cells: readonly CellSource[]): void;
  /** Puts a text in the place of the cell's own. */
  replaceCell(text: string): void;
}
