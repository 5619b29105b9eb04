/** Which program cells are added to, and for how long. */
import type ts from 'typescript';
import { augments, type GrowingHost, GrowingProgram } from './growing-program.js';

/** After this many cells the checker starts anew: it keeps all that it has found out about each. */
const CELLS = 64;

/** What has to be known of the service. */
export interface GrowthHost extends GrowingHost {
  /** Whether what a cell imports by this name is there for the cells after it as well. */
  staysImported(specifier: string): boolean;
}

/** Adds cells to the latest program of the service. */
export class Growth {
  readonly #host: GrowthHost;
  #growing: GrowingProgram | undefined;

  constructor(host: GrowthHost) {
    this.#host = host;
  }

  /** As {@link GrowingProgram.withCell}; also `undefined` where `base` or TypeScript does not allow that. */
  withCell<T>(base: ts.Program, text: string, use: (program: ts.Program) => T | undefined): T | undefined {
    const latest = this.#growing;
    // What fails half-way may leave a checker behind that is not what it was.
    this.#growing = undefined;
    const isUsable = latest?.base === base && latest.cells < CELLS;
    if (!isUsable && !this.#canGrow(base)) return undefined;
    const growing = isUsable ? latest : new GrowingProgram(this.#host, base);
    const result = tried(() => growing.withCell(text, use));
    if (result !== undefined) this.#growing = growing;
    return result;
  }

  /** The base has a cell of its own, which the cells to come must see nothing of. */
  #canGrow(base: ts.Program): boolean {
    const { typescript, cellFile, staysImported } = this.#host;
    const cell = base.getSourceFile(cellFile) as ts.SourceFile & { readonly imports: readonly ts.StringLiteralLike[] };
    return !augments(typescript, cell) && cell.imports.every(({ text }) => staysImported(text));
  }
}

/** `undefined` where `action` throws: a new program then tells what is wrong, if anything. */
function tried<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
