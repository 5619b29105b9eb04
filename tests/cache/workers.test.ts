/** Cached functions in several threads of a process, and in several processes. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../package/source-files.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleche-workers-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/fleche'));
  writeFileSync(
    join(folder, 'lib.mjs'),
    `import { appendFileSync } from 'node:fs';
     import { Cache, cache, fleche } from 'fleche';
     import { Sql, ValuePickleFile } from 'fleche/storage';
     export const openCache = async (dir) => new Cache({
       values: ValuePickleFile.withCloudpickle({ root: dir + '/values' }),
       calls: await Sql.open({ url: 'sqlite:///' + dir + '/calls.db' }),
     });
     const scale = 3;
     const helper = (n) => n * scale;
     export const triple = fleche(function triple(n) { appendFileSync('runs', n + ' '); return { n: helper(n) }; });
     export const slow = fleche(function slow(n, who) { return [n, who, 'x'.repeat(1000)]; });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script in the folder, as main thread and, where it says so, as worker; gives what it prints as JSON. */
function run(name: string, script: string): unknown {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, `import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';\n${script}`);
  return JSON.parse(execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' }));
}

test('a module gives the same keys in a thread of its own, and hits what the main thread stored', () => {
  expect(
    run(
      'share',
      `import { cache } from 'fleche';
       import { readFileSync } from 'node:fs';
       import { openCache, triple } from './lib.mjs';
       const c = await openCache('share');
       const work = () => cache(c, () => ({ key: triple.fleche.digest(2), known: triple.fleche.contains(2), result: triple(2) }));
       if (!isMainThread) parentPort.postMessage(work());
       else {
         const mine = work();
         const worker = new Worker(new URL(import.meta.url));
         const theirs = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
         console.log(JSON.stringify({ mine, theirs, runs: readFileSync('runs', 'utf8') }));
       }`,
    ),
  ).toMatchObject({
    mine: { known: false, result: { n: 6 } },
    theirs: { known: true, result: { n: 6 } },
    runs: '2 ',
  });
  const [key] = run(
    'keys',
    "import { triple } from './lib.mjs'; console.log(JSON.stringify([triple.fleche.digest(2)]));",
  ) as string[];
  expect(
    run('again', "import { triple } from './lib.mjs'; console.log(JSON.stringify(triple.fleche.digest(2)));"),
  ).toBe(key);
});

test('a cached function goes to a thread as bytes of cloudpickle, and hits there', () => {
  expect(
    run(
      'send',
      `import { cache, digest, fleche } from 'fleche';
       import { readFileSync, readdirSync } from 'node:fs';
       import { ValuePickleFile } from 'fleche/storage';
       import { openCache } from './lib.mjs';
       const key = digest('the function');
       if (isMainThread) {
         const c = await openCache('send');
         const scale = 5;
         const timesFive = fleche(function timesFive(n) { return { n: n * scale }; });
         const mine = cache(c, () => [timesFive(2), timesFive.fleche.digest(2)]);
         const sent = ValuePickleFile.withCloudpickle({ root: 'sent' });
         sent.put(key, timesFive);
         const file = readdirSync('sent', { recursive: true }).find((name) => name.replaceAll('/', '').length > 60);
         const bytes = readFileSync('sent/' + file);
         const worker = new Worker(new URL(import.meta.url));
         worker.postMessage({ bytes, file });
         const theirs = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
         console.log(JSON.stringify({ mine, theirs }));
       } else parentPort.once('message', async ({ bytes, file }) => {
         const { mkdirSync, writeFileSync } = await import('node:fs');
         const { dirname } = await import('node:path');
         mkdirSync(dirname('received/' + file), { recursive: true });
         writeFileSync('received/' + file, bytes);
         const timesFive = ValuePickleFile.withCloudpickle({ root: 'received' }).get(key).value;
         const c = await openCache('send');
         parentPort.postMessage(cache(c, () => [timesFive.fleche.load(2), timesFive.fleche.digest(2)]));
       });`,
    ),
  ).toEqual(
    expect.objectContaining({ mine: [{ n: 10 }, expect.any(String)], theirs: [{ n: 10 }, expect.any(String)] }),
  );
});

test('two threads write one SQL file and one folder at the same time, and nothing is lost', () => {
  expect(
    run(
      'both',
      `import { cache } from 'fleche';
       import { openCache, slow } from './lib.mjs';
       const c = await openCache('both');
       const work = (who) => cache(c, () => { for (let n = 0; n < 150; n += 1) { slow(n, who); slow(n, 'both'); } });
       if (!isMainThread) { work(workerData); parentPort.postMessage('done'); }
       else {
         const warnings = [];
         process.on('warning', (warning) => warnings.push(warning.message));
         const workers = ['one', 'two'].map((who) => new Worker(new URL(import.meta.url), { workerData: who }));
         await Promise.all(workers.map((worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))));
         let calls = 0;
         for (const key of c.calls.list()) { c.load(key).result; calls += 1; }
         console.log(JSON.stringify({ calls, warnings }));
       }`,
    ),
  ).toEqual({ calls: 450, warnings: [] });
});
