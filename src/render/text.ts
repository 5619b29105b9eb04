import { table as draw, getBorderCharacters } from 'table';
import { omission, type Table } from './table-model.js';

/**
 * A table as plain text with aligned columns, for terminals and wherever HTML is not shown.
 *
 * @example
 * import { cache } from 'fleche';
 * import { tableToText, valuesTable } from 'fleche/render';
 * console.log(tableToText(valuesTable(cache().values)));
 */
export function tableToText(table: Table): string {
  if (table.rows.length === 0) return table.caption;
  const rows = [
    table.columns.map(({ heading }) => heading),
    ...table.rows.map((row) => table.columns.map((_, i) => row[i]?.text ?? '')),
  ];
  const drawn = draw(rows, {
    border: getBorderCharacters('norc'),
    drawVerticalLine: () => false,
    drawHorizontalLine: (index) => index === 1,
    columns: table.columns.map(({ kind }) => ({ alignment: kind === 'number' ? 'right' : 'left' })),
  });
  const lines = drawn.trimEnd().split('\n');
  return [table.caption, ...lines.map((line) => line.trimEnd()), omission(table)]
    .filter((line) => line !== undefined)
    .join('\n');
}
