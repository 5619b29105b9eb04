/** How a piece of code is called where errors are shown. */
import path from 'node:path';

/** `cell 3` for `cell_3.ts`, `other.ipynb cell 3` for one that `%run` has run; files by their way from the notebook. */
export function labelOf(name: string, folder: string): string {
  const [, notebook, number] = /^(?:(.+)\/)?cell_(\d+(?:_\d+)?)\.ts$/.exec(name) ?? [];
  if (number !== undefined) return `${notebook === undefined ? '' : `${notebook} `}cell ${number}`;
  if (name === 'expression.ts') return 'expression';
  if (!path.isAbsolute(name)) return name;
  const relative = path.relative(folder, name);
  return relative.startsWith('..') ? name : relative;
}
