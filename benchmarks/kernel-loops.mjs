/**
 * Cells against plain Node: the same code once as cells of a notebook, once as a module, each on its first run in a new
 * process; medians over ROUNDS runs in turn, in milliseconds. On Linux what is measured is the time that the main thread has a
 * processor, so that other programs disturb little; elsewhere it is the time that passes.
 *
 * usage: npm run build && node benchmarks/kernel-loops.mjs [ROUNDS] [NAME]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './measure.mjs';

const program = fileURLToPath(new URL('../dist/kernel-extension/main.js', import.meta.url));
const earlier = `
import { readFileSync } from 'node:fs';
const clock = () => {
  try {
    return Number(readFileSync('/proc/self/task/' + process.pid + '/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
};
const ints = Array.from({ length: 1e7 }, (_, i) => i % 7);
const floats = new Float64Array(1e7).fill(1.5);
const size = 400, left = new Float64Array(size * size).fill(1), right = new Float64Array(size * size).fill(2);
let total = 0;
`;
const kinds = {
  'sum of 1e7 earlier values': 'let sum = 0; for (const value of ints) sum += value;',
  'sum of 1e7 earlier doubles': 'let sum2 = 0; for (let i = 0; i < floats.length; i++) sum2 += floats[i];',
  'into an earlier variable': 'for (const value of floats) total += value;',
  'after an await': 'let sum3 = 0; await null; for (let i = 0; i < floats.length; i++) sum3 += floats[i];',
  'doubles 1e8 in a function':
    'function add() { let s = 0; for (let r = 0; r < 10; r++) for (let i = 0; i < floats.length; i++) s += floats[i]; return s; } add();',
  'nested 1e8':
    'function nested() { let s = 0; for (let i = 0; i < 10000; i++) for (let j = 0; j < 10000; j++) s = (s + i * j) | 0; return s; } nested();',
  'matrix product':
    'const product = new Float64Array(size * size); for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) { let s = 0; for (let k = 0; k < size; k++) s += left[i * size + k] * right[k * size + j]; product[i * size + j] = s; }',
  'square roots 1e7': 'let roots = 0; for (let i = 0; i < 1e7; i++) roots += Math.sqrt(i);',
  'collatz (while)':
    'function collatz(limit) { let longest = 0; for (let n = 1; n < limit; n++) { let length = 1, x = n; while (x !== 1) { x = x % 2 === 0 ? x / 2 : 3 * x + 1; length++; } if (length > longest) longest = length; } return longest; } collatz(6e5);',
  'collatz at top level':
    'let steps = 0; for (let n = 1; n < 3e5; n++) { let x = n; while (x !== 1) { x = x % 2 === 0 ? x / 2 : 3 * x + 1; steps++; } }',
  'generator 1e7':
    'function* count(n) { for (let i = 0; i < n; i++) yield i; } let yielded = 0; for (const x of count(1e7)) yielded += x;',
  'Map and strings':
    "const found = new Map(); for (let i = 0; i < 1e6; i++) { const key = 'k' + (i % 1000); found.set(key, (found.get(key) ?? 0) + Math.sqrt(i)); }",
  'async function':
    'async function later() { await null; let s = 0, i = 0; while (i < 3e7) { s += i & 3; i++; } return s; } await later();',
  'collatz in async function':
    'async function steps2() { await null; let steps = 0; for (let n = 1; n < 3e5; n++) { let x = n; while (x !== 1) { x = x % 2 === 0 ? x / 2 : 3 * x + 1; steps++; } } return steps; } await steps2();',
};

const timed = Object.entries(kinds).map(
  ([name, code], index) =>
    `const begin${index} = clock();\n${code}\nconst end${index} = clock(); console.log('=> ' + JSON.stringify([${JSON.stringify(name)}, end${index} - begin${index}]));`,
);
const wanted = process.argv[3];
const pieces = timed.filter((_, index) => wanted === undefined || Object.keys(kinds)[index].includes(wanted));

function notebook(cells) {
  const code = cells.map((source) => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source }));
  return JSON.stringify({ cells: code, metadata: {}, nbformat: 4, nbformat_minor: 4 });
}

/** Runs a program and gathers what it printed. */
function times(args, into) {
  const text = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  for (const [, pair] of text.matchAll(/=> (\[.*\])/g)) {
    const [name, ms] = JSON.parse(pair);
    into[name] = [...(into[name] ?? []), ms];
  }
}

const folder = mkdtempSync(join(tmpdir(), 'fleche-loops-'));
try {
  // Types are not what is measured, and a module has none: the parameters of functions are `any`.
  const [cells, module, out] = ['cells.ipynb', 'module.mjs', 'out.ipynb'].map((name) => join(folder, name));
  writeFileSync(cells, notebook([earlier, ...pieces]));
  writeFileSync(module, [earlier, ...pieces].join('\n'));
  const [inCells, inModule] = [{}, {}];
  for (let round = 0; round < Number(process.argv[2] ?? 5); round++) {
    times([program, 'run', cells, '--output', out], inCells);
    times([module], inModule);
  }
  console.log(`Node ${process.version}`);
  for (const name of Object.keys(inModule)) {
    const [cell, plain] = [median(inCells[name] ?? [Number.NaN]), median(inModule[name])];
    console.log(
      `${name.padEnd(28)} module ${plain.toFixed(0).padStart(6)}  cell ${cell.toFixed(0).padStart(6)}  ratio ${(cell / plain).toFixed(2)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
