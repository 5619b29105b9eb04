/** What tslab's executor answers to an editor. */

/** What tslab knows about a name, as TypeScript has it. */
export interface QuickInfo {
  readonly displayParts?: readonly { readonly text: string }[] | undefined;
}

/** What could stand at a place. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}
