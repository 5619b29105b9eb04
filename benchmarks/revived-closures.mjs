/**
 * How fast functions are that came back from a file, next to the originals: nanoseconds per call, each function in a process
 * of its own, since what one makes of the compiler the next one feels. `mutual` is a pair of functions that call each other,
 * whose names are the only ones that must be set after they are made.
 *
 *     npm run build && node benchmarks/revived-closures.mjs
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digest } from 'fleche';
import { ValuePickleFile } from 'fleche/storage';
import { median } from './measure.mjs';

const factories = {
  closure: () => {
    const n = 3;
    const k = 4;
    return (x) => x * n + k;
  },
  'calls another': () => {
    const k = 7;
    const inner = (x) => x + k;
    return (x) => inner(x) * 2;
  },
  recursive: () => {
    const sum = (n) => (n <= 0 ? 0 : n + sum(n - 1));
    return (x) => sum(x & 7);
  },
  mutual: () => {
    const step = 1;
    const even = (n) => n <= 0 || odd(n - step);
    const odd = (n) => n > 0 && even(n - step);
    return (x) => (even(x & 7) ? 1 : 0);
  },
  instance: () => {
    const scale = 3;
    class Point {
      constructor(x) {
        this.x = x;
      }
      at(y) {
        return this.x * scale + y;
      }
    }
    const point = new Point(2);
    return (y) => point.at(y);
  },
};
const calls = 5_000_000;
const rounds = 7;
const [name, kind, root] = process.argv.slice(2);

if (name === undefined) compare();
else run();

function compare() {
  const directory = mkdtempSync(join(tmpdir(), 'fleche-closures-'));
  try {
    const values = ValuePickleFile.withCloudpickle({ root: directory });
    for (const [each, make] of Object.entries(factories)) values.put(digest(each), make());
    const ratios = {};
    console.log('original  revived  ratio');
    for (const each of Object.keys(factories)) {
      const times = { original: [], revived: [] };
      for (let round = 0; round < rounds; round += 1) {
        for (const of of Object.keys(times)) {
          const file = fileURLToPath(import.meta.url);
          times[of].push(Number(execFileSync(process.execPath, [file, each, of, directory], { encoding: 'utf8' })));
        }
      }
      const [original, revived] = [median(times.original), median(times.revived)];
      ratios[each] = Math.round((revived / original) * 100) / 100;
      console.log(`${cell(original)} ${cell(revived)}  ${ratios[each].toFixed(2)}  ${each}`);
    }
    console.log('at most 1.5 is the aim');
    console.log(JSON.stringify({ benchmark: 'revived-closures', ratios }));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function run() {
  const values = ValuePickleFile.withCloudpickle({ root });
  const fn = kind === 'original' ? factories[name]() : values.get(digest(name)).value;
  let sum = 0;
  const loop = () => {
    const start = performance.now();
    for (let i = 0; i < calls; i += 1) sum += fn(i & 1023);
    return performance.now() - start;
  };
  const times = [loop(), loop(), loop(), loop(), loop()];
  if (!Number.isFinite(sum)) throw new Error('the function counts wrong');
  console.log((Math.min(...times) * 1e6) / calls);
}

function cell(nanoseconds) {
  return nanoseconds.toFixed(2).padStart(8);
}
