/** The names that earlier cells declared, as the cell at hand sees them. */
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
}

/** A cell with the earlier names in scope that it mentions. */
export function checkedText(names: KeptNames, scan: CellScan): CellText {
  const shared = [...scan.declared.keys()].filter((name) => !scan.exported.has(name));
  return around(names, scan, (name) => scan.mentioned.has(name), `\nexport{${shared.join(',')}};`);
}

/** A cell with every earlier name in scope, for completion. */
export function editedText(names: KeptNames, scan: CellScan): CellText {
  return around(names, scan, () => true, '');
}

function around(names: KeptNames, scan: CellScan, isWanted: (name: string) => boolean, suffix: string): CellText {
  const constants = new Map<number, string[]>();
  const earlier = new Set<string>();
  let declarations = '';
  for (const [name, { cell, kind }] of names) {
    const own = scan.declared.get(name);
    // What is declared anew hides the earlier name; but an earlier mere type may live beside a new value.
    if (own !== undefined && !(kind === 'type' && own !== 'type')) continue;
    if (!isWanted(name)) continue;
    earlier.add(name);
    // An import cannot be assigned.
    if (kind === 'let') declarations += `declare let ${name}:typeof import("./__cell_${cell}").${name};`;
    else constants.set(cell, [...(constants.get(cell) ?? []), name]);
  }
  for (const [cell, list] of constants) declarations += `import{${list.join(',')}}from"./__cell_${cell}";`;
  const prefix = `export{};${declarations}\n`;
  return {
    scan,
    text: prefix + scan.source + suffix,
    start: prefix.length,
    end: prefix.length + scan.source.length,
    earlier,
  };
}
