/**
 * Compares what executed notebooks show: `node compare-notebooks.mjs A.ipynb B.ipynb …`. Each code cell must have the
 * same source, execution count and outputs as in the first; streams are compared by their text, however many messages
 * it came in, and the folder of each notebook counts as the same one. Prints the first difference and exits with 1.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const text = (lines) => (Array.isArray(lines) ? lines.join('') : lines);

function normalized(output) {
  if (output.output_type === 'stream') return { stream: output.name, text: text(output.text) };
  const { metadata: _metadata, data, ...rest } = output;
  if (data === undefined) return rest;
  return { ...rest, data: Object.fromEntries(Object.entries(data).map(([mime, lines]) => [mime, text(lines)])) };
}

/** Neighbouring texts of one stream are one text. */
function merged(outputs) {
  const result = [];
  for (const output of outputs.map(normalized)) {
    const last = result.at(-1);
    if (output.stream !== undefined && last?.stream === output.stream) last.text += output.text;
    else result.push(output);
  }
  return result;
}

function codeCells(file) {
  return JSON.parse(readFileSync(file, 'utf8').replaceAll(dirname(resolve(file)), '/the/folder'))
    .cells.filter((cell) => cell.cell_type === 'code')
    .map((cell) => ({ source: text(cell.source), count: cell.execution_count, outputs: merged(cell.outputs) }));
}

/** A cell as lines, for finding where two of them part. */
function lines(cell) {
  return (JSON.stringify(cell, undefined, 1) ?? '').replaceAll('\\n', '\n').split('\n');
}

const [first, ...others] = process.argv.slice(2);
const expected = codeCells(first);
let differences = 0;
for (const other of others) {
  const found = codeCells(other);
  if (found.length !== expected.length) {
    console.log('%s has %d code cells, %s has %d', first, expected.length, other, found.length);
    differences += 1;
  }
  for (const [index, cell] of expected.entries()) {
    if (isDeepStrictEqual(cell, found[index])) continue;
    console.log('code cell %d differs, first in:', index + 1);
    const [wanted, given] = [cell, found[index]].map(lines);
    const at = wanted.findIndex((line, number) => line !== given[number]);
    console.log('  %s: %s\n  %s: %s', first, wanted[at] ?? '(no more)', other, given[at] ?? '(no more)');
    differences += 1;
  }
}
const outputs = expected.reduce((sum, cell) => sum + cell.outputs.length, 0);
console.log('%d code cells, %d outputs, %d differences', expected.length, outputs, differences);
process.exitCode = differences > 0 || outputs === 0 ? 1 : 0;
