/** A table as data, before it is HTML or text: what the renderers of storages make and those of formats draw. */

/** One cell. */
export interface Cell {
  readonly text: string;
  /** What a pointer resting on the cell shows: the whole digest, where the text is its beginning. HTML only. */
  readonly title?: string;
}

/** One column. */
export interface Column {
  readonly heading: string;
  /** `number` is aligned to the right, `digest` is set in a font of one width; both are for people only. */
  readonly kind: 'text' | 'number' | 'digest';
}

/** A heading and the rows under it. */
export interface Table {
  /** One line above the rows: what they are, and how many there are in all. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** One cell for each column in each row. */
  readonly rows: readonly (readonly Cell[])[];
  /** How many rows are left out. */
  readonly omitted: number;
}

/** What stands under a table that is cut: `… and 12 more`. */
export function omission(table: Table): string | undefined {
  return table.omitted === 0 ? undefined : `… and ${table.omitted} more`;
}
