import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from 'fleche';
import type { BuiltInMagic } from '../registry.js';
import type { CellSource } from '../types.js';

export const load: BuiltInMagic = {
  name: 'load',
  description: 'puts the text of a file into the cell',
  arguments: [{ name: 'file', description: 'any text; of a notebook, its cells of code', kind: 'file' }],
  details:
    'The text takes the place of the cell, where the front end can do that, and runs when you run the cell again.',
  run({ arguments: { file = '' }, host }) {
    host.replaceCell(
      `// %load ${file}\n${cellsOf(file)
        .map(({ source }) => source)
        .join('\n\n')}`,
    );
  },
};

export const run: BuiltInMagic = {
  name: 'run',
  description: 'runs a notebook or a file of TypeScript as if its cells stood here',
  isLeading: true,
  arguments: [{ name: 'file', description: 'an .ipynb or .ts', kind: 'file' }],
  details:
    'What it declares can be used from the next line on, with its types. It stops at the first cell that fails and says which.\nImports of ./ files in it are found beside this notebook.',
  run({ arguments: { file = '' }, host }) {
    host.include(cellsOf(file));
  },
};

/** The cells of a notebook, numbered as they stand there; any other file is one cell. */
function cellsOf(file: string): CellSource[] {
  const name = path.relative(process.cwd(), path.resolve(file)).replace(/[\s()]/g, '_');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `${file} cannot be read: ${code === 'ENOENT' ? `there is no ${path.resolve(file)}` : message}`,
    );
  }
  if (!file.endsWith('.ipynb')) return [{ name: /\.[cm]?tsx?$/.test(name) ? name : `${name}.ts`, source: text }];
  return codeOf(text, file).map((source, index) => ({ name: `${name}/cell_${index + 1}.ts`, source }));
}

function codeOf(text: string, file: string): string[] {
  interface Cell {
    readonly cell_type?: unknown;
    readonly source?: unknown;
  }
  let cells: unknown;
  try {
    cells = (JSON.parse(text) as { cells?: unknown }).cells;
  } catch (cause) {
    throw new ConfigurationError(`${file} is no notebook: it is not JSON`, { cause });
  }
  if (!Array.isArray(cells)) throw new ConfigurationError(`${file} is no notebook of format 4: it has no cells`);
  return (cells as Cell[])
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source }) => (Array.isArray(source) ? source.join('') : String(source)));
}
