/** What cells find to show things with, as their types say it. */

/** A place in the outputs of a cell that can be shown anew. */
export interface DisplayHandle {
  /** The id of the place, for `display.update`. */
  readonly id: string;
  /** Shows another value in the same place, wherever it is shown. */
  update(value: unknown): void;
}

/** Shows values in the cell that runs, as rich as they can be. */
export interface Display {
  /** Shows a value now. Give it an id to find the place again. */
  (value: unknown, options?: { readonly id?: string }): DisplayHandle;
  /** Shows another value in the place with this id. */
  update(id: string, value: unknown): void;
}

/** Text in a language that a notebook shows in a form of its own: HTML, Markdown, SVG or LaTeX. */
export interface RichText {
  readonly source: string;
  toString(): string;
}

/** A tag of a template. */
export type RichTag = (strings: TemplateStringsArray, ...values: readonly unknown[]) => RichText;

/** How progress is shown. */
export interface ProgressOptions {
  /** What stands before the bar. */
  readonly label?: string;
  /** How many steps there are; `length` or `size` of the iterable if it has one. */
  readonly total?: number;
}

/** Wraps an iterable so that a bar shows how far a loop over it is, at most 20 times a second. */
export interface Progress {
  <T>(steps: Iterable<T>, options?: ProgressOptions): Generator<T, void, undefined>;
  <T>(steps: AsyncIterable<T>, options?: ProgressOptions): AsyncGenerator<T, void, undefined>;
}

/** Clears what the running cell has shown; with `wait` not before it shows something else, which does not flicker. */
export type ClearOutput = (options?: { readonly wait?: boolean }) => void;

/** What one value is shown as, by MIME type; the text is added where it is missing. */
export interface Representations {
  readonly [type: string]: unknown;
  readonly 'text/plain'?: string;
}
