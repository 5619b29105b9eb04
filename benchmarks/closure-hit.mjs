/**
 * What it costs that keys count what a function captures: a hit from memory of a function that captures nothing, of one
 * that captures a helper and a constant, and of one that captures a table of 10,000 rows, in the same run. Medians of
 * several rounds, and ratios to the function that captures nothing. In plain Node variables are read through the
 * inspector; in the kernel of fleche, where cells hand them over, run this text in a cell.
 *
 *     npm run build && node benchmarks/closure-hit.mjs
 */
import { join } from 'node:path';
import { Cache, cache, fleche } from 'fleche';
import { CallMemory, ValueMemory } from 'fleche/storage';
import { median, perCall } from './measure.mjs';

cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() }));
const by = 3;
const helper = (x) => x + 1;
const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, name: `row ${id}`, value: id / 3 }));

const alone = fleche((x) => x * 3 + 1);
const globals = fleche((x) => Math.max(Number(Buffer.from(String(x))), 1));
const node = fleche((x) => join('a', String(x)));
const closure = fleche((x) => helper(x) * by);
const table = fleche((x) => rows[x].value);

const contenders = {
  'captures nothing': [() => alone(2), 20_000],
  'uses globals': [() => globals(2), 20_000],
  'uses a function of Node': [() => node(2), 1000],
  'captures a helper and a constant': [() => closure(2), 1000],
  'captures a table of 10,000 rows': [() => table(2), 10],
};
const rounds = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (const [body] of Object.values(contenders)) body();
for (let round = 0; round < 9; round += 1) {
  for (const [name, [body, times]] of Object.entries(contenders)) rounds[name].push(perCall(body, times));
}
const micros = Object.fromEntries(Object.entries(rounds).map(([name, times]) => [name, median(times)]));
const base = micros['captures nothing'];
for (const [name, time] of Object.entries(micros)) {
  console.log(`${time.toFixed(3).padStart(11)} µs ${(time / base).toFixed(1).padStart(9)} x  ${name}`);
}
console.log(JSON.stringify({ benchmark: 'closure-hit', unit: 'microseconds', median: micros }));
