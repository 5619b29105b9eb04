/** A line of a cell that is for the kernel and not for TypeScript. */
export interface MagicLine {
  /** `line` for `%name …`, `shell` for `!command`. */
  readonly kind: 'line' | 'shell';
  /** Offset of its first character in the cell. */
  readonly start: number;
  /** Offset after its last character, line end not included. */
  readonly end: number;
  /** What follows the `%` or `!`: `fleche ls values`, `ls -l`. */
  readonly text: string;
}

/** A cell, divided into what is TypeScript and what is not. */
export interface ParsedCell {
  readonly source: string;
  /** What follows `%%` on the first line (`fleche use memoryCache`), if the cell starts with a cell magic. */
  readonly cellMagic: MagicLine | undefined;
  /** The line magics and shell lines, in their order. */
  readonly lines: readonly MagicLine[];
  /**
   * The cell with every magic masked by a comment of the same length: each offset, line and column is that of the
   * source. For checking, completion and inspection.
   */
  readonly masked: string;
}

/** A MIME bundle: representations of one thing by MIME type. `text/plain` is always among them. */
export type MimeBundle = Readonly<Record<string, unknown>> & { readonly 'text/plain': string };

/** What a magic needs of the kernel it runs in. One is written for our kernel, one for a stock tslab. */
export interface MagicHost {
  /** Streams text into the cell that runs. */
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** Shows something rich in the cell that runs. */
  display(bundle: MimeBundle): void;
  /** The value of a TypeScript expression over the notebook's names. Rejects as a cell with that expression would. */
  evaluate(expression: string): Promise<unknown>;
  /** Runs a shell command with streamed output and gives its exit code; an interrupt ends it and its children. */
  shell(command: string): Promise<number>;
}
