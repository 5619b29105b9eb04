/**
 * What a hit costs: `add(2, 3)` from memory, next to the digest of `[2, 3]` and to calling the bare function, in the
 * same run, and the same for arguments that were not seen for a while. Median of several rounds.
 *
 *     npm run build && node benchmarks/hit.mjs
 */
import { Cache, cache, digest, fleche } from 'fleche';
import { CallMemory, ValueMemory } from 'fleche/storage';
import { median, perCall } from './measure.mjs';

cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() }));
const bare = (a, b) => a + b;
const add = fleche(function add(a, b) {
  return a + b;
});
add(2, 3);
const many = 20_000;
for (let i = 0; i < many; i += 1) add(i, 3);
let turn = 0;
const next = () => {
  turn = (turn + 1) % many;
  return turn;
};

const contenders = {
  'a hit of add(2, 3) in memory': () => add(2, 3),
  'add.fleche.digest(2, 3), the key': () => add.fleche.digest(2, 3),
  'digest([2, 3])': () => digest([2, 3]),
  'a hit of add(i, 3), 20,000 in turn': () => add(next(), 3),
  'digest([i, 3]), 20,000 in turn': () => digest([next(), 3]),
  'add(2, 3) without a cache': () => bare(2, 3),
};
const rounds = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
for (let round = 0; round < 15; round += 1) {
  for (const [name, body] of Object.entries(contenders)) rounds[name].push(perCall(body, many));
}
const micros = Object.fromEntries(Object.entries(rounds).map(([name, times]) => [name, median(times)]));
for (const [name, time] of Object.entries(micros)) console.log(`${time.toFixed(3).padStart(9)} µs  ${name}`);
console.log(JSON.stringify({ benchmark: 'hit', unit: 'microseconds', median: micros }));
