/**
 * How soon a kernel has a result, what a trivial cell costs with its type check and how much memory it holds: this kernel,
 * stock tslab and ipykernel in turn, over ROUNDS launches each; medians.
 *
 * - launch: from the start of the process, asked for its info at once and for `1 + 1` when that is answered, to the reply.
 * - trivial cells: `const name7 = name6 + 1`, one after the other; the median of ten around a number.
 * - memory: resident memory of all processes of the kernel, a second after the first result and after so many trivial cells.
 *
 * usage: npm run build && FLECHE_JUPYTER=.../bin/jupyter node benchmarks/kernel-start.mjs [ROUNDS] [CELLS]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel, kernelCommands } from './kernel-client.mjs';
import { median } from './measure.mjs';

const rounds = Number(process.argv[2] ?? 5);
const cells = Number(process.argv[3] ?? 1000);
const isPython = (name) => name === 'ipykernel';

/** The times and sizes of one launch. */
async function measure(name, command, withCells) {
  const found = {};
  const begin = performance.now();
  const kernel = await Kernel.launch(command);
  try {
    await kernel.request('kernel_info_request', {});
    found['answers, ms'] = performance.now() - begin;
    await kernel.run('1 + 1');
    found['launch to first result, ms'] = performance.now() - begin;
    if (!withCells) return found;
    await sleep(1000);
    found['memory after the first result, MiB'] = kernel.memory();
    const times = [];
    for (let number = 1; number <= cells; number++) {
      const code = `name${number} = ${number === 1 ? 0 : `name${number - 1}`} + 1`;
      times.push(await kernel.time(isPython(name) ? code : `const ${code}`));
      if (number !== 200 && number !== cells) continue;
      await sleep(1000);
      found[`memory after ${number} cells, MiB`] = kernel.memory();
    }
    found['the first trivial cell, ms'] = times[0];
    for (const number of [10, 200, cells]) {
      const near = times.slice(Math.max(0, number - 10), number);
      if (near.length > 0) found[`a trivial cell around ${number}, ms`] = median(near);
    }
    return found;
  } finally {
    await kernel.stop();
  }
}

const results = {};
const absent = [];
const commands = Object.entries(kernelCommands());
for (const [name, command] of commands) {
  if (command === undefined) absent.push(name);
  else results[name] = {};
}
// The first launch of all fills the caches of disk and compiled code.
for (const [name, command] of commands) if (command) await measure(name, command, false);
for (let round = 0; round < rounds; round++) {
  for (const [name, command] of commands) {
    if (command === undefined) continue;
    for (const [what, number] of Object.entries(await measure(name, command, round < Math.min(3, rounds)))) {
      results[name][what] = [...(results[name][what] ?? []), number];
    }
  }
}

const names = Object.keys(results);
console.log(`Node ${process.version}, medians of ${rounds} launches, cells of ${Math.min(3, rounds)}`);
console.log(''.padEnd(38) + names.map((name) => name.padStart(13)).join(''));
for (const what of Object.keys(results[names[0]])) {
  const column = (name) => (results[name][what]?.[0] === undefined ? '-' : median(results[name][what]).toFixed(1));
  console.log(what.padEnd(38) + names.map((name) => column(name).padStart(13)).join(''));
}
if (absent.length > 0) console.log(`absent: ${absent.join(', ')}`);
