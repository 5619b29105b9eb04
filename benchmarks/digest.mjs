/**
 * What a digest costs: small values, tables, and 100 MB of numbers next to what `openssl` needs for the SHA-256 of the
 * same bytes. All in one run; processor time, the least of several rounds, so that a busy machine does not count.
 *
 *     npm run build && node benchmarks/digest.mjs
 */
import { spawnSync } from 'node:child_process';
import { digest } from 'fleche';
import { median } from './measure.mjs';

/** Processor time of `body` in microseconds, the least of `rounds`. */
function least(body, rounds) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    body();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, user + system);
  }
  return best;
}

const rows = Array.from({ length: 10_000 }, (_, i) => ({
  id: i,
  name: `row ${i}`,
  score: i / 3,
  ok: i % 2 === 0,
  tag: null,
}));
class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}
const points = Array.from({ length: 10_000 }, (_, i) => new Point(i, i / 3));
const numbers = Array.from({ length: 10_000 }, (_, i) => Math.sin(i));
let twice = { leaf: 1 };
for (let i = 0; i < 40; i += 1) twice = [twice, twice];

const micros = {
  'digest([2, 3])':
    least(() => {
      for (let i = 0; i < 20_000; i += 1) digest([2, 3]);
    }, 30) / 20_000,
  '10,000 numbers': least(() => digest(numbers), 50),
  '10,000 rows of 5': least(() => digest(rows), 50),
  '10,000 instances of 2 fields': least(() => digest(points), 50),
  'a Set of 10,000 numbers': least(() => digest(new Set(numbers)), 20),
  '40 levels, each twice in the next': least(() => digest(twice), 5),
};
for (const [name, time] of Object.entries(micros)) console.log(`${time.toFixed(3).padStart(12)} µs  ${name}`);

/** openssl's own speed in one pass over 100 MB, from what it says of 16 KB blocks; `null` without openssl. */
function opensslMicros() {
  const { stdout, status } = spawnSync('openssl', ['speed', '-seconds', '1', '-bytes', '16384', '-evp', 'sha256'], {
    encoding: 'utf8',
  });
  const kilobytesPerSecond = /^sha256\s+([\d.]+)k/im.exec(stdout ?? '')?.[1];
  return status === 0 && kilobytesPerSecond ? (100_000_000 / (Number(kilobytesPerSecond) * 1000)) * 1e6 : null;
}

const large = new Float64Array(12_500_000).fill(1.5);
const ratios = [];
for (let round = 0; round < 5; round += 1) {
  const bound = opensslMicros();
  if (bound === null) break;
  const time = least(() => digest(large), 3);
  ratios.push(time / bound);
  console.log(`${(time / 1000).toFixed(1).padStart(9)} ms  100 MB of float64; openssl ${(bound / 1000).toFixed(1)} ms`);
}
const ratio = ratios.length === 0 ? null : median(ratios);
console.log(ratio === null ? 'openssl is not here' : `${ratio.toFixed(2)} times openssl's SHA-256`);
console.log(JSON.stringify({ benchmark: 'digest', unit: 'microseconds', least: micros, timesOpenssl: ratio }));
