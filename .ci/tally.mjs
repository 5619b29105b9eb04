/**
 * Adds up what .ci/run found and prints it: `node tally.mjs RESULTS`. The folder RESULTS holds outcomes of tests, as
 * JSON lists of `{ file, name, state, reason }` in files whose names sort in the order of the runs, and `checks.tsv`
 * (state, name, reason). A test that was skipped in one run and ran in a later one counts once, as what it came to.
 * The last line is `N passed, N failed, N skipped`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [results] = process.argv.slice(2);
const outcomes = new Map();

for (const file of readdirSync(results).sort()) {
  if (!file.endsWith('.json')) continue;
  for (const outcome of JSON.parse(readFileSync(join(results, file), 'utf8'))) {
    const key = `${outcome.file} > ${outcome.name}`;
    const before = outcomes.get(key);
    if (before === undefined || before.state === 'skipped' || outcome.state === 'failed') outcomes.set(key, outcome);
  }
}
for (const line of readFileSync(join(results, 'checks.tsv'), 'utf8').trim().split('\n')) {
  const [state, name, reason] = line.split('\t');
  outcomes.set(`check > ${name}`, { state, reason });
}

const count = { passed: 0, failed: 0, skipped: 0 };
for (const { state } of outcomes.values()) count[state] += 1;
for (const wanted of ['skipped', 'failed']) {
  for (const [name, { state, reason }] of outcomes) {
    if (state === wanted) console.log('%s: %s: %s', wanted, name, reason || 'no reason given');
  }
}
console.log('%d passed, %d failed, %d skipped', count.passed, count.failed, count.skipped);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
