/**
 * Which kept cells the cell at hand imports. TypeScript reuses the structure of its program as long as each file imports the
 * same ones, so a cell imports the cells of its predecessors too, and some that do not exist yet.
 */

/** The import that brings in what a cell declared. */
export const linkTo = (cell: number): string => `./__cell_${cell}`;

/** Whether an import is one of these. */
export const isLink = (specifier: string): boolean => /^\.\/__cell_\d+$/.test(specifier);

/** How many cells stay linked because they were used lately. */
const RECENT = 16;
/** How many cells are linked before they exist. */
const AHEAD = 8;

/** The cells that are imported, by number. */
export class Links {
  /** Number of the last cell that has been kept. */
  last = 0;
  readonly #create: (cell: number) => void;
  #linked: readonly number[] = [];
  #recent: readonly number[] = [];

  /** @param create Makes the empty file of a cell that does not exist yet. */
  constructor(create: (cell: number) => void) {
    this.#create = create;
  }

  /** The cells to import, so that `wanted` are among them: the same as the last time, if that does. */
  including(wanted: ReadonlySet<number>): readonly number[] {
    this.#recent = [...new Set([...wanted, ...this.#recent])].slice(0, Math.max(RECENT, wanted.size));
    const isLinked = (cell: number): boolean => this.#linked.includes(cell);
    if (isLinked(this.last + 1) && [...wanted].every(isLinked)) return this.#linked;
    const ahead = Array.from({ length: AHEAD }, (_, index) => this.last + 1 + index);
    for (const cell of ahead) this.#create(cell);
    this.#linked = [...new Set([...this.#recent, ...ahead])].sort((a, b) => a - b);
    return this.#linked;
  }

  /** Imports none of the cells so far any more: they may have added to the global scope. */
  forget(): void {
    this.#linked = [];
    this.#recent = [];
  }
}
