/** Notebook files: nbformat 4. https://nbformat.readthedocs.io/en/latest/format_description.html */
import { createHash } from 'node:crypto';

/** An output of a code cell. */
export type Output =
  | { output_type: 'stream'; name: string; text: string | string[] }
  | { output_type: 'display_data'; data: Bundle; metadata: object; transient?: { display_id?: string } }
  | { output_type: 'execute_result'; data: Bundle; metadata: object; execution_count: number }
  | { output_type: 'error'; ename: string; evalue: string; traceback: readonly string[] };

/** Representations by MIME type. */
export type Bundle = Readonly<Record<string, unknown>>;

/** A cell; what we do not know of it stays as it is. */
export interface NotebookCell {
  id?: string;
  cell_type: string;
  source: string | string[];
  metadata: Record<string, unknown>;
  outputs?: Output[];
  execution_count?: number | null;
}

/** A notebook file. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: Record<string, unknown>;
  nbformat: number;
  nbformat_minor: number;
}

/** Reads a notebook. @throws Error if it is not one of format 4. */
export function parseNotebook(text: string, file: string): Notebook {
  let notebook: Partial<Notebook>;
  try {
    notebook = JSON.parse(text) as Partial<Notebook>;
  } catch (cause) {
    throw new Error(`${file} is not a notebook: it is not JSON`, { cause });
  }
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new Error(`${file} is not a notebook of format 4; save it with a current Jupyter first`);
  }
  return { ...notebook, metadata: notebook.metadata ?? {} } as Notebook;
}

/** The text of a cell. */
export function sourceOf({ source }: NotebookCell): string {
  return Array.isArray(source) ? source.join('') : source;
}

/** The file's text, laid out as Jupyter does: one blank of indent, lists of lines. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell, index) => {
    const { id, cell_type, metadata, source, outputs, execution_count, ...rest } = cell;
    const common = { cell_type, id: id ?? cellId(index, sourceOf(cell)), metadata };
    const lines = toLines(sourceOf({ ...cell, source }));
    if (cell_type !== 'code') return { ...common, ...rest, source: lines };
    const written = (outputs ?? []).map(writtenOutput);
    return sorted({ ...common, ...rest, execution_count: execution_count ?? null, outputs: written, source: lines });
  });
  const minor = Math.max(5, notebook.nbformat_minor);
  return `${JSON.stringify({ cells, metadata: notebook.metadata, nbformat: 4, nbformat_minor: minor }, null, 1)}\n`;
}

/** Cells have ids since format 4.5; one that has none gets the same at every run. */
function cellId(index: number, source: string): string {
  return createHash('sha256').update(`${index}:${source}`).digest('hex').slice(0, 8);
}

function writtenOutput(output: Output): object {
  if (output.output_type === 'stream')
    return { name: output.name, output_type: 'stream', text: toLines(join(output.text)) };
  if (output.output_type === 'error') return sorted(output);
  const { transient: _, ...kept } = output as Extract<Output, { output_type: 'display_data' }>;
  const data = Object.entries(kept.data).map(([type, value]) => [
    type,
    typeof value === 'string' && isText(type) ? toLines(value) : value,
  ]);
  return sorted({ ...kept, data: sorted(Object.fromEntries(data)) });
}

/** MIME types whose representation is kept as lines; others hold JSON or base64. */
function isText(type: string): boolean {
  return type.startsWith('text/') || type === 'image/svg+xml' || type === 'application/javascript';
}

function join(text: string | string[]): string {
  return Array.isArray(text) ? text.join('') : text;
}

function toLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
