/**
 * What saving one more call costs with 1,000 and with 100,000 calls in the database, in turns in one run: medians and
 * their ratio, once waiting for the disk (`full`) and once not (`os`). Filling the large one takes about a minute.
 *
 *     npm run build && node benchmarks/sql-save.mjs [DIRECTORY]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from 'fleche';
import { Sql } from 'fleche/storage';
import { median } from './measure.mjs';

const sizes = [1_000, 100_000];
const saves = 200;
const directory = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'fleche-benchmark-'));

let made = 0;
/** One more call, of a size as they have it in notebooks: two arguments and the metadata of a run. */
function save(storage) {
  made += 1;
  const key = digest(`call ${made}`);
  const record = {
    name: 'power',
    module: 'notebook',
    version: null,
    codeDigest: key,
    arguments: { a: key, b: key },
    result: key,
    metadata: {
      runtime: { timestart: 1795542717.6899095 + made, timestop: 1795542717.690337 + made, walltime: 0.0004 },
    },
    scheme: 'fleche-1',
  };
  const start = performance.now();
  storage.put(key, record);
  return performance.now() - start;
}

try {
  const urls = sizes.map((size) => join(directory, `${size}.db`));
  for (const [index, size] of sizes.entries()) {
    const storage = await Sql.open({ url: urls[index], durability: 'os' });
    const start = performance.now();
    for (let i = 0; i < size; i += 1) save(storage);
    storage.close();
    const megabytes = (statSync(urls[index]).size / 1e6).toFixed(1);
    console.log(`${size} calls: ${megabytes} MB, filled in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  for (const durability of ['full', 'os']) {
    const storages = await Promise.all(urls.map((url) => Sql.open({ url, durability })));
    const times = sizes.map(() => []);
    for (let i = 0; i < saves; i += 1) {
      for (const [index, storage] of storages.entries()) times[index].push(save(storage));
    }
    for (const storage of storages) storage.close();
    const medians = times.map(median);
    const ratio = medians[1] / medians[0];
    const texts = sizes.map((size, index) => `${medians[index].toFixed(3)} ms at ${size}`);
    console.log(`durability ${durability}: ${texts.join(', ')}, ratio ${ratio.toFixed(2)}`);
    console.log(
      JSON.stringify({
        benchmark: 'sql-save',
        durability,
        unit: 'milliseconds',
        median: Object.fromEntries(sizes.map((size, index) => [size, medians[index]])),
        ratio,
      }),
    );
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
