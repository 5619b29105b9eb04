/**
 * How long an editor waits for completions and inspections in a notebook of CELLS cells: idle, right after a cell and while
 * one runs; milliseconds, the first request and the median and the slowest of ROUNDS of each kind.
 *
 * usage: npm run build && node benchmarks/kernel-completion.mjs [CELLS] [ROUNDS]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kernel, kernelCommands } from './kernel-client.mjs';
import { median } from './measure.mjs';

const cells = Number(process.argv[2] ?? 200);
const rounds = Number(process.argv[3] ?? 7);

/** Cells as notebooks have them, three kinds in turn, each with something of the ones before. */
function cell(number) {
  const own = `value${number - (number % 3)}`;
  return [
    `const ${own} = { size: ${number === 0 ? 1 : `value${number - 3}.size`}, label: 'n${number}', parts: [1, 2, 3] };`,
    `function take${number}(kind: 'square' | 'circle', options: { width?: number } = {}) { return [kind, options, ${own}]; }`,
    `let total${number} = ${own}.parts.map((part) => part * 2).length;`,
  ][number % 3];
}

const last = cells - 1 - ((cells - 1) % 3);
const requests = {
  'members of a variable': `value${last}.|`,
  'members of a string': "'a'.toUpp|",
  names: 'valu|',
  'members of a module': "import * as fs from 'node:fs';\nfs.read|",
  'names of packages': "import {} from 'node:f|'",
  'names of files': "import {} from './|'",
  'string literals': "take1('|')",
  'object keys': "take1('square', { | })",
  'inspection of a name': `valu|e${last}`,
  'inspection of a method': '"a".toUpper|Case()',
};

async function ask(kernel, marked) {
  const [before, after] = marked.split('|');
  const type = marked.includes('toUpper|') || marked.includes('valu|e') ? 'inspect_request' : 'complete_request';
  const begin = performance.now();
  const reply = await kernel.request(type, { code: before + after, cursor_pos: before.length, detail_level: 0 });
  const time = performance.now() - begin;
  if (reply.status !== 'ok' || (reply.matches?.length === 0 && !marked.includes("'./|'"))) {
    throw new Error(`${marked}: ${JSON.stringify(reply)}`);
  }
  return time;
}

const kernel = await Kernel.launch(kernelCommands().fleche);
try {
  await kernel.heard();
  for (let number = 0; number < cells; number++) await kernel.run(cell(number));
  const situations = {
    // As somebody who reads the cell's result and goes on typing.
    async idle() {
      await kernel.run('1 + 1');
      await sleep(500);
    },
    async 'after a cell'() {
      await kernel.run('1 + 1');
    },
  };
  const table = {};
  const note = (name, situation, time) => {
    table[name] ??= {};
    table[name][situation] = [...(table[name][situation] ?? []), time];
  };
  for (const [situation, begin] of Object.entries(situations)) {
    for (let round = 0; round < rounds; round++) {
      for (const [name, marked] of Object.entries(requests)) {
        await begin();
        note(name, situation, await ask(kernel, marked));
      }
    }
  }
  const busy = kernel.send('execute_request', { code: `for (const end = Date.now() + 3e4; Date.now() < end;);` });
  await sleep(500);
  for (let round = 0; round < rounds; round++) {
    for (const [name, marked] of Object.entries(requests)) note(name, 'while a cell runs', await ask(kernel, marked));
  }
  void busy;

  const columns = [...Object.keys(situations), 'while a cell runs'];
  console.log(`Node ${process.version}, ${cells} cells; milliseconds: the first / median / slowest of ${rounds}`);
  console.log(''.padEnd(26) + columns.map((name) => name.padStart(24)).join(''));
  for (const [name, times] of Object.entries(table)) {
    const column = (list) => [list[0], median(list), Math.max(...list)].map((ms) => ms.toFixed(0)).join(' / ');
    console.log(name.padEnd(26) + columns.map((situation) => column(times[situation]).padStart(24)).join(''));
  }
} finally {
  await kernel.stop();
}
