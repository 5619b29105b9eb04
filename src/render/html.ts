import { type Cell, type Column, omission, type Table } from './table-model.js';

/**
 * A table as HTML that needs no style sheet and no script, so that it looks the same in a notebook that is not trusted. It
 * sets no colours and is readable on light and dark ground.
 *
 * @example
 * import { cache } from 'fleche';
 * import { tableToHtml, valuesTable } from 'fleche/render';
 * const html = tableToHtml(valuesTable(cache().values));
 */
export function tableToHtml(table: Table): string {
  const caption = `<p>${escapeHtml(table.caption)}</p>`;
  if (table.rows.length === 0) return caption;
  const more = omission(table);
  return [
    caption,
    '<table>',
    `<thead><tr>${table.columns.map((column) => `<th${style(column)}>${escapeHtml(column.heading)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...table.rows.map((row) => `<tr>${table.columns.map((column, i) => cellToHtml(column, row[i])).join('')}</tr>`),
    '</tbody>',
    '</table>',
    ...(more === undefined ? [] : [`<p>${escapeHtml(more)}</p>`]),
  ].join('\n');
}

function cellToHtml(column: Column, cell: Cell | undefined): string {
  const text = escapeHtml(cell?.text ?? '');
  const title = cell?.title === undefined ? '' : ` title="${escapeHtml(cell.title)}"`;
  return `<td${style(column)}${title}>${column.kind === 'digest' ? `<code>${text}</code>` : text}</td>`;
}

/** JupyterLab aligns every cell to the right where nothing else is said. */
function style(column: Column): string {
  return ` style="text-align: ${column.kind === 'number' ? 'right' : 'left'}"`;
}

/**
 * Text for the inside of an HTML element or of a quoted attribute.
 *
 * @example
 * import { escapeHtml } from 'fleche/render';
 * const html = `<b>${escapeHtml('1 < 2')}</b>`;
 */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
