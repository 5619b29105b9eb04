// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveKernel } from '../kernel/live-kernel.js';
import { notebookOf, runCells, shown } from '../kernel/run-cells.js';
import { startStockKernel } from './stock-kernel.js';

const built = fileURLToPath(new URL('../../dist/kernel-extension/tslab.js', import.meta.url));

describe("in an unmodified tslab kernel, after import 'fleche/tslab'", () => {
  let kernel: LiveKernel;

  beforeAll(async () => {
    expect(existsSync(built), 'npm run build comes first').toBe(true);
    kernel = await startStockKernel();
    expect(await kernel.run("import 'fleche/tslab'\nimport { cache, fleche } from 'fleche'")).toMatchObject({
      status: 'ok',
      stdout: '',
    });
  });
  afterAll(() => kernel?.stop());

  it('lines run in their turn, and the types of the cell are checked', async () => {
    expect(
      await kernel.run('%fleche memory\nconsole.log(1)\n!echo two\nconsole.log(3)\n!echo four; exit 4'),
    ).toMatchObject({
      status: 'ok',
      stdout: 'cache: memory\n  values: ValueMemory\n  calls: CallMemory\n1\ntwo\n3\nfour\n',
      stderr: '!echo four; exit 4: exit code 4\n',
      displays: [],
    });
    const wrong = await kernel.run('%fleche\n!ls\nlet bad: number =   "a"');
    expect(wrong.status).toBe('error');
    expect(wrong.stderr).toContain("3:5 - Type 'string' is not assignable to type 'number'");
  });

  it('the cells, the magics and the library share the active cache', async () => {
    const cell = 'const add = fleche({ name: "add" }, (a: number, b: number) => { console.log("runs"); return a + b })';
    await kernel.run(cell);
    expect((await kernel.run('%fleche memory\nconsole.log(add(2, 3), add(2, 3))')).stdout).toContain('runs\n5 5\n');
    const { displays } = await kernel.run('%fleche calls');
    expect(displays[0]?.['text/plain']).toContain('add(a=2, b=3)');
    expect(displays[0]?.['text/html']).toContain('<table>');
  });

  it('%%fleche is for one cell, across its awaits, with a cache of the notebook', async () => {
    await kernel.run(
      "import { Cache } from 'fleche'\nimport { CallMemory, ValueMemory } from 'fleche/storage'\nconst mine = new Cache({ values: new ValueMemory(), calls: new CallMemory() })",
    );
    const inside =
      '%%fleche use mine\nconsole.log(cache() === mine);\nawait new Promise((r) => setTimeout(r, 5));\nconsole.log(cache() === mine)';
    expect(await kernel.run(inside)).toMatchObject({ status: 'ok', stdout: 'true\ntrue\n' });
    expect((await kernel.run('console.log(cache() === mine)')).stdout).toBe('false\n');
    expect((await kernel.run('%%fleche use mine\nthrow new Error("x")')).status).toBe('error');
    expect((await kernel.run('console.log(cache() === mine)')).stdout).toBe('false\n');
    expect((await kernel.run('%fleche use (mine as any)!')).stdout).toContain('cache: (mine as any)!');
    expect((await kernel.run('%fleche use [1][0]')).stderr).toBe(
      'ConfigurationError: [1][0] is number, not a Cache; make one by new Cache({ values, calls })\n',
    );
  });

  it('an unknown magic is an error that says what there is', async () => {
    const { status, stderr, stdout } = await kernel.run('%nope\nconsole.log("not reached")');
    expect(status).toBe('error');
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^ConfigurationError: there is no magic %nope.*; there are %fleche, .*\n$/);
    expect((await kernel.run('const ready = true\n!ready')).status).toBe('ok');
    expect((await kernel.run('!ready || console.log("TypeScript")')).stdout).toBe('TypeScript\n');
  });

  it('completion, inspection and completeness see the TypeScript at its place', async () => {
    const code = '%fleche memory\n!ls\nconst text = "a"; text.toUpperC';
    const completion = await kernel.request('complete_request', { code, cursor_pos: code.length });
    expect(completion).toMatchObject({
      matches: ['toUpperCase'],
      cursor_start: code.length - 8,
      cursor_end: code.length,
    });
    expect(await kernel.request('complete_request', { code, cursor_pos: 5 })).toMatchObject({ matches: ['fleche'] });
    const inspection = await kernel.request('inspect_request', { code: '!ls\nMath.max', cursor_pos: 12 });
    expect(JSON.stringify(inspection)).toContain('max(...values: number[]): number');
    expect(await kernel.request('inspect_request', { code: '!ls', cursor_pos: 1 })).toMatchObject({ found: false });
    const help = await kernel.request('inspect_request', { code: '%timeit 1', cursor_pos: 3 });
    expect(JSON.stringify(help)).toContain('--loops <count>');
    // After an emoji, and in an expression of a magic.
    const later = '"😀"; const inner = "a"\n%time inner.toUpperC';
    const points = [...later].length;
    expect(await kernel.request('complete_request', { code: later, cursor_pos: points })).toMatchObject({
      matches: ['toUpperCase'],
      cursor_start: points - 8,
      cursor_end: points,
    });
    expect(await kernel.request('is_complete_request', { code: '%fleche ls' })).toMatchObject({ status: 'complete' });
    expect(await kernel.request('is_complete_request', { code: '!ls\nif (a) {' })).toMatchObject({
      status: 'incomplete',
    });
  });

  it('magics of the shell, of files and of the session do what they do in the kernel of fleche', async () => {
    const { folder } = kernel;
    await kernel.run("import { $ } from 'fleche/tslab'\nconst word = 'it\\'s $HOME'; let seven: number = 7");
    expect((await kernel.run("!printf '<%s>' {word} \"{word}\" {{a}} '{word}'")).stdout).toBe(
      "<it's $HOME><it's $HOME><{a}><{word}>",
    );
    expect((await kernel.run("!!printf 'a\\nb\\n'")).stdout).toContain("[ 'a', 'b' ]");
    expect((await kernel.run('console.log((await $`printf "%s" ${word}`).text)')).stdout).toBe("it's $HOME\n");
    expect((await kernel.run('%%bash\nfor i in 1 2; do echo $i; done')).stdout).toBe('1\n2\n');
    expect((await kernel.run('%cd /\n!pwd\n%cd -')).stdout).toBe(`/\n/\n${realpathSync(folder)}\n`);
    expect((await kernel.run('%time seven * 6')).stdout).toMatch(/^CPU times: .*\nWall time: .*\n42\n$/);
    expect((await kernel.run('%timeit -n 10 -r 2 seven * 6')).stdout).toContain('of 2 runs, 10 loops each');
    const whos = (await kernel.run('%whos')).displays[0]?.['text/plain'];
    expect(whos).toMatch(/seven +number +7/);

    writeFileSync(join(folder, 'lib.ts'), 'export const inLib: string = "lib";\n');
    writeFileSync(join(folder, 'other.ipynb'), notebookOf(['const inOther = 5', 'const bad: string = inOther']));
    expect(await kernel.run('%run lib.ts\nconsole.log(inLib.length)')).toMatchObject({ stderr: '', stdout: '3\n' });
    const failed = await kernel.run('%run other.ipynb\nconsole.log("not reached")');
    expect(failed).toMatchObject({ status: 'error', stdout: '' });
    expect(failed.stderr).toContain("1:7 - Type 'number' is not assignable to type 'string'");
    expect(failed.stderr).toContain('in other.ipynb/cell_2.ts');
    expect((await kernel.run('%load lib.ts')).payload).toEqual([
      { source: 'set_next_input', text: '// %load lib.ts\nexport const inLib: string = "lib";\n', replace: true },
    ]);

    expect((await kernel.run('%history -n -l 1')).stdout).toMatch(/^\d+: %load lib.ts\n$/);
    expect((await kernel.run('%config')).stderr).toContain('a stock tslab kernel has no options');
    expect((await kernel.run('%reset\n%who')).stdout).toBe('nothing is declared\n');
    expect((await kernel.run('seven')).stderr).toContain("Cannot find name 'seven'");
  });

  it('an interrupt ends a command and all that it started', async () => {
    const marker = join(kernel.folder, 'started');
    const running = kernel.run(`!sleep 300 & echo $! > ${marker}; wait; echo never`);
    while (!existsSync(marker) || readFileSync(marker, 'utf8') === '') await sleep(20);
    kernel.signal('SIGINT');
    expect(await running).toMatchObject({ status: 'error', stdout: '' });
    expect((await kernel.run('console.log("alive")')).stdout).toBe('alive\n');
    const pid = Number(readFileSync(marker, 'utf8'));
    while (isRunning(pid)) await sleep(20);
  });
});

describe('elsewhere', () => {
  it('it is an error that says where it belongs', () => {
    const { status, stderr } = spawnSync(process.execPath, [built], { encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stderr).toContain('ConfigurationError: fleche/tslab is for a cell of a tslab kernel, and this is none');
  });

  it('in the kernel of fleche it does nothing', async () => {
    const { code, cells } = await runCells(["import 'fleche/tslab'", '%fleche void\n!echo both']);
    expect(code).toBe(0);
    expect(cells.map((cell) => shown(cell))).toEqual([[], [expect.stringMatching(/^out: cache: void.*both$/s)]]);
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
