/** The names that earlier cells declared, as the cell at hand sees them. */
import { type Links, linkTo } from './program/links.js';
import type { CellScan, NameKind } from './scan.js';

/** Where a name was declared last, and how. */
export interface KeptName {
  /** Number of the cell's kept file. */
  readonly cell: number;
  readonly kind: NameKind;
}

/** Earlier names by name. */
export type KeptNames = ReadonlyMap<string, KeptName>;

/** The text that is checked: a prefix line that brings earlier names into scope, the cell, and what it shares. */
export interface CellText {
  readonly scan: CellScan;
  readonly text: string;
  /** Where the cell begins and ends in `text`. */
  readonly start: number;
  readonly end: number;
  /** The names that the prefix brings in. */
  readonly earlier: ReadonlySet<string>;
  /** The earlier names with a value that the cell declares anew. */
  readonly redeclared: ReadonlySet<string>;
}

/** A cell with the earlier names in scope that it mentions. `links`: also imports what keeps the program as it is. */
export function checkedText(names: KeptNames, scan: CellScan, links?: Links): CellText {
  const shared = [...scan.declared.keys()].filter((name) => !scan.exported.has(name));
  return around(names, scan, mentioned(scan), linked(names, scan, links), `\nexport{${shared.join(',')}};`);
}

/** The same for a cell that is being written. */
export function editedText(names: KeptNames, scan: CellScan, links: Links): CellText {
  return around(names, scan, mentioned(scan), linked(names, scan, links), '');
}

/** An empty cell with every earlier name in scope. */
export function allNamesText(names: KeptNames, scan: CellScan): CellText {
  return around(names, scan, () => true, [], '');
}

/** What an earlier variable is imported as, for an import cannot be assigned. */
export const IMPORTED_VARIABLE = '__let_';

function mentioned(scan: CellScan): (name: string) => boolean {
  return (name) => scan.mentioned.has(name);
}

function linked(names: KeptNames, scan: CellScan, links: Links | undefined): readonly number[] {
  const cells = [...scan.mentioned].flatMap((name) => names.get(name)?.cell ?? []);
  return links?.including(new Set(cells)) ?? [];
}

function around(
  names: KeptNames,
  scan: CellScan,
  isWanted: (name: string) => boolean,
  links: readonly number[],
  suffix: string,
): CellText {
  const imports = new Map<number, string[]>(links.map((cell) => [cell, []]));
  const [earlier, redeclared] = [new Set<string>(), new Set<string>()];
  let declarations = '';
  for (const [name, { cell, kind }] of names) {
    const own = scan.declared.get(name);
    if (own !== undefined && own !== 'type' && kind !== 'type') redeclared.add(name);
    // What is declared anew hides the earlier name; but an earlier mere type may live beside a new value.
    if (own !== undefined && !(kind === 'type' && own !== 'type')) continue;
    if (!isWanted(name)) continue;
    earlier.add(name);
    const isVariable = kind === 'let';
    if (isVariable) declarations += `declare let ${name}:typeof ${IMPORTED_VARIABLE}${name};`;
    const imported = isVariable ? `${name} as ${IMPORTED_VARIABLE}${name}` : name;
    imports.set(cell, [...(imports.get(cell) ?? []), imported]);
  }
  for (const [cell, list] of imports) declarations += `import{${list.join(',')}}from"${linkTo(cell)}";`;
  const prefix = `export{};${declarations}\n`;
  return {
    scan,
    text: prefix + scan.source + suffix,
    start: prefix.length,
    end: prefix.length + scan.source.length,
    earlier,
    redeclared,
  };
}
