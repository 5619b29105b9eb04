// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
/** Magics in the kernel as an editor and an impatient user meet them: completion, help, payloads, interrupts. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LiveKernel } from './live-kernel.js';
import { emptyFolder, program } from './run-cells.js';

let kernel: LiveKernel;

beforeAll(async () => {
  expect(existsSync(program), 'npm run build comes first').toBe(true);
  kernel = new LiveKernel(emptyFolder(), (file) => [program, 'kernel', '--config-path', file]);
  await kernel.ready();
});
afterAll(() => kernel?.stop());

const completions: readonly (readonly [string, readonly string[], string])[] = [
  ['%ti|', ['time', 'timeit'], 'ti'],
  ['const a = "😀"; a;\n%ti|\na', ['time', 'timeit'], 'ti'],
  [
    '%|\nf()',
    [
      'cd',
      'config',
      'env',
      'fleche',
      'history',
      'load',
      'lsmagic',
      'pwd',
      'reset',
      'run',
      'time',
      'timeit',
      'who',
      'whos',
    ],
    '',
  ],
  ['%%ba|', ['bash'], 'ba'],
  ['%timeit -|', ['--loops', '--runs'], '-'],
  ['%config |', ['decorators', 'strict'], ''],
  ['%config strict o|', ['off', 'on'], 'o'],
  ['%config decorators |', ['legacy', 'standard'], ''],
  ['%timeit --loops 5 -|', ['--runs'], '-'],
  ['%fleche |', ['calls', 'cloudpickle', 'dill', 'h5', 'ls', 'memory', 'off', 'pickle', 'sql', 'use', 'void'], ''],
  ['%fleche pi|', ['pickle'], 'pi'],
  ['%fleche pickle x --c|', ['--compress'], '--c'],
  ['%fleche ls v|', ['values'], 'v'],
  ['%fleche --values p|', ['pickle:'], 'p'],
  ['%fleche --values pickle:da|', ['pickle:data/'], 'pickle:da'],
  ['%cd |', ['a\\ folder/', 'data/'], ''],
  ['%run no|', ['notes.ipynb'], 'no'],
  ['%run "a folder/in|', ['"a folder/in it.ts'], '"a folder/in'],
  ['!cat a\\ fo|', ['a\\ folder/'], 'a\\ fo'],
  ['!cat data/x.t|', ['data/x.txt'], 'data/x.t'],
  ['!echo $FLECHE_TEST_V|', ['FLECHE_TEST_VARIABLE'], 'FLECHE_TEST_V'],
  ['!echo a; mkdi|', ['mkdir'], 'mkdi'],
  ['!echo {thousand.toFi|} 😀', ['toFixed'], 'toFi'],
  ['const s = "😀"\n!echo 😀 {thousand.toFi|', ['toFixed'], 'toFi'],
  ['%time thousand.toFi|', ['toFixed'], 'toFi'],
  ['const here = "a"\n%timeit -n 3 [1].map(() => here.toUpp|)', ['toUpperCase'], 'toUpp'],
  ['%fleche use thous|', ['thousand'], 'thous'],
  ['%%bash\nif true; then\n  cat data/x|', ['data/x.txt'], 'data/x'],
  ['%%time\nthousand.toFi|', ['toFixed'], 'toFi'],
  ['`\n%ti|`', [], 'ti'],
];

describe('an editor is told on magic lines', () => {
  beforeAll(async () => {
    const { folder } = kernel;
    mkdirSync(join(folder, 'data'));
    mkdirSync(join(folder, 'a folder'));
    writeFileSync(join(folder, 'data/x.txt'), '');
    writeFileSync(join(folder, 'a folder/in it.ts'), '');
    writeFileSync(join(folder, 'notes.ipynb'), '');
    expect((await kernel.run('const thousand = 1000\n%env FLECHE_TEST_VARIABLE=1')).status).toBe('ok');
  });

  it.each(completions)('what could stand at %j', async (marked, words, replaced) => {
    const found = await kernel.completions(marked);
    expect(words.length === 0 ? found.words.slice(0, 3) : found.words.slice(0, 20)).toEqual(
      words.length === 1 ? expect.arrayContaining([...words]) : words,
    );
    expect(found.words[0]).toBe(words[0]);
    expect(found.replaced).toBe(replaced);
  });

  it('the same while a cell runs', async () => {
    const running = kernel.run('await new Promise((resolve) => setTimeout(resolve, 60_000))');
    await sleep(300);
    expect((await kernel.completions('%fleche pi|')).words).toEqual(['pickle']);
    expect((await kernel.completions('%time thousand.toFi|')).words[0]).toBe('toFixed');
    expect((await kernel.inspection('%cd|'))['text/markdown']).toContain('folder');
    await kernel.interrupt();
    expect((await running).status).toBe('error');
  });

  it('what a magic, a command, an option and an expression are', async () => {
    const magic = await kernel.inspection('"😀"\n%tim|eit f()');
    expect(magic['text/plain']).toMatch(/^Usage: %timeit \[options\] <expression>\n/);
    expect(magic['text/markdown']).toContain('- `-n, --loops <count>` times per run');
    expect((await kernel.inspection('%fleche pick|le x'))['text/plain']).toMatch(
      /^Usage: %fleche pickle \[options\] <root>/,
    );
    expect((await kernel.inspection('%timeit --lo|ops 3 f()'))['text/plain']).toContain('--loops <count>');
    expect((await kernel.inspection('%time thou|sand'))['text/plain']).toContain('const thousand: 1000');
    expect((await kernel.inspection('!echo {thou|sand}'))['text/plain']).toContain('const thousand: 1000');
    expect(await kernel.inspection('!ec|ho')).toEqual({});
  });

  it('about magics that a package adds', async () => {
    await kernel.run(
      "import { registerMagic } from 'fleche/magics'\n" +
        "registerMagic({ name: 'greet', description: 'greets', arguments: [{ name: 'whom', description: 'a name', choices: ['moon', 'world'] }], " +
        'run: ({ arguments: { whom } }) => `Hello, ${whom}` })',
    );
    expect((await kernel.completions('%gre|')).words).toEqual(['greet']);
    expect((await kernel.completions('%greet |')).words).toEqual(['moon', 'world']);
    expect((await kernel.inspection('%gre|et'))['text/plain']).toContain('Greets.');
    expect((await kernel.run('%greet world')).value).toBe("'Hello, world'");
  });
});

it('a magic that goes on in the next line wants one', async () => {
  const isComplete = (code: string) => kernel.request('is_complete_request', { code });
  expect(await isComplete('!ls \\')).toMatchObject({ status: 'incomplete', indent: '' });
  expect(await isComplete('!ls \\\n  -l')).toMatchObject({ status: 'complete' });
  expect(await isComplete('!ls \\\\')).toMatchObject({ status: 'complete' });
  expect(await isComplete('%%bash\nif true; then')).toMatchObject({ status: 'complete' });
});

it('%load puts a file into the cell', async () => {
  writeFileSync(join(kernel.folder, 'lib.ts'), 'export const a = 1;\n');
  expect((await kernel.run('%load lib.ts')).payload).toEqual([
    { source: 'set_next_input', text: '// %load lib.ts\nexport const a = 1;\n', replace: true },
  ]);
});

describe('an interrupt ends', () => {
  it.each([
    ['!command', '!SLEEP'],
    ['!!command', '!!SLEEP'],
    ['$', 'await $`SLEEP`'],
    ['%%bash', '%%bash\nSLEEP'],
    ['%time of $', '%time await $`SLEEP`'],
  ])('%s with all that it started', async (_, cell) => {
    const marker = join(kernel.folder, `started-${Math.random()}`);
    const running = kernel.run(cell.replace('SLEEP', `sleep 300 & echo $! > ${marker}; wait; echo never`));
    while (!existsSync(marker) || readFileSync(marker, 'utf8') === '') await sleep(20);
    await kernel.interrupt();
    expect(await running).toMatchObject({ status: 'error', stdout: expect.not.stringContaining('never') });
    const pid = Number(readFileSync(marker, 'utf8'));
    while (isRunning(pid)) await sleep(20);
    expect((await kernel.run('1 + 1')).value).toBe('2');
  });

  it.each([
    ['a measured loop', '%timeit -n 1000000000 -r 100 Math.random()'],
    ['a measured wait', '%timeit -n 1000 await new Promise((resolve) => setTimeout(resolve, 1000))'],
    ['a timed loop', '%time (() => { for (;;); })()'],
    ['a file that runs', '%run endless.ts\nconsole.log("never")'],
  ])('%s', async (_, cell) => {
    writeFileSync(join(kernel.folder, 'endless.ts'), 'for (;;) await null;');
    const running = kernel.run(cell);
    await sleep(1000);
    await kernel.interrupt();
    expect(await running).toMatchObject({ status: 'error', stdout: expect.not.stringContaining('never') });
    expect((await kernel.run('1 + 1')).value).toBe('2');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
