/** What the kernel knows of a type error. */

/** One error in a cell or in a local file that it imports. */
export interface CellDiagnostic {
  /** Path of the local file, relative to the notebook; `undefined`: the cell itself. */
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** In UTF-16 units. */
  readonly length: number;
  readonly message: string;
  readonly code: number;
  /** What else the error is about, and what to do about it. */
  readonly related?: readonly RelatedPlace[];
  readonly advice?: readonly string[];
  /** The text of the local file. */
  readonly text?: string;
}

/** Another place that an error speaks of. */
export interface RelatedPlace {
  /** `undefined`: the cell itself; a text in brackets: the declarations of an earlier cell, which have no lines to show. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly text?: string;
}
