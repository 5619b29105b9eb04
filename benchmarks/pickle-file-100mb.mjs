/**
 * Storing and loading a 100 MB Float64Array in a pickle file, next to writing (with fsync, as the storage does) and
 * reading the same bytes, in turns in one run; then the memory that each takes beyond the array, in a process of its own.
 *
 *     npm run build && node benchmarks/pickle-file-100mb.mjs [DIRECTORY]
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digest } from 'fleche';
import { ValuePickleFile } from 'fleche/storage';
import { median } from './measure.mjs';

const length = 12_500_000;
const megabyte = 1_000_000;
const rounds = 15;
const [mode, where] = process.argv.slice(2);

if (mode === '--memory-of-store' || mode === '--memory-of-load') measureMemory();
else measureTime(mode ?? tmpdir());

function measureTime(parent) {
  const root = mkdtempSync(join(parent, 'fleche-100mb-'));
  try {
    const array = Float64Array.from({ length }, (_, i) => Math.sin(i));
    const bytes = new Uint8Array(array.buffer);
    const values = ValuePickleFile.withPickle({ root });
    const key = digest('array');
    const raw = join(root, 'raw');
    const contenders = {
      'raw write': () => writeRaw(raw, bytes),
      store: () => values.put(key, array),
      'raw read': () => readRaw(raw),
      load: () => values.get(key),
    };
    const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, body] of Object.entries(contenders)) {
        const start = performance.now();
        body();
        times[name].push(performance.now() - start);
      }
    }
    const ms = Object.fromEntries(Object.entries(times).map(([name, each]) => [name, median(each)]));
    const quickest = Object.fromEntries(Object.entries(times).map(([name, each]) => [name, Math.min(...each)]));
    const ratios = (of) => ({ store: rounded(of.store / of['raw write']), load: rounded(of.load / of['raw read']) });
    const extra = { store: memory('--memory-of-store', root), load: memory('--memory-of-load', root) };
    const ratio = ratios(ms);
    console.log('  median  quickest');
    for (const name of Object.keys(contenders)) console.log(`${cell(ms[name])}  ${cell(quickest[name])} ms  ${name}`);
    console.log(`store / raw write ${ratio.store}, load / raw read ${ratio.load} (at most 2 is the aim)`);
    console.log(
      `memory at the peak: store ${extra.store} MB beyond the array, load ${extra.load} MB (the array is 100)`,
    );
    console.log(
      JSON.stringify({
        benchmark: 'pickle-file-100mb',
        unit: 'milliseconds',
        rounds,
        median: Object.fromEntries(Object.entries(ms).map(([name, time]) => [name, rounded(time)])),
        ratio,
        ratioOfQuickest: ratios(quickest),
        extraMegabytes: extra,
      }),
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function rounded(number) {
  return Math.round(number * 100) / 100;
}

function cell(milliseconds) {
  return milliseconds.toFixed(1).padStart(8);
}

function memory(what, root) {
  return Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), what, root], { encoding: 'utf8' }));
}

/** In a process of its own: by how much the highest resident memory grows. */
function measureMemory() {
  const values = ValuePickleFile.withPickle({ root: where });
  values.put(digest('warm'), new Float64Array(1000));
  values.get(digest('warm'));
  const array = mode === '--memory-of-store' ? new Float64Array(length).fill(1.5) : undefined;
  const before = peak();
  if (array === undefined) values.get(digest('array'));
  else values.put(digest('stored'), array);
  console.log(Math.round((peak() - before) / megabyte));
}

function peak() {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}

function writeRaw(path, bytes) {
  const descriptor = openSync(path, 'w');
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function readRaw(path) {
  const bytes = new Uint8Array(statSync(path).size);
  const descriptor = openSync(path, 'r');
  for (let done = 0; done < bytes.length; ) done += readSync(descriptor, bytes, done, bytes.length - done, null);
  closeSync(descriptor);
  return new Float64Array(bytes.buffer);
}
