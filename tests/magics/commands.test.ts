// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of lines
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { builtInMagics } from '../../kernel-extension/magics/built-in.js';
import { summary } from '../../kernel-extension/magics/commands/timeit.js';
import { duration } from '../../kernel-extension/magics/duration.js';
import { helpMarkdown, helpText } from '../../kernel-extension/magics/help.js';
import { registerMagic } from '../../kernel-extension/magics/index.js';
import { onMagic } from '../../kernel-extension/magics/registry.js';
import { runLineMagic, runWithCellMagic } from '../../kernel-extension/magics/run.js';
import { nearest } from '../../kernel-extension/magics/suggest.js';
import { withDirectory } from '../../src/testing/with-directory.js';
import { lineOf, TestHost } from './test-host.js';

const configuration = (message: string) => ({ tag: 'Configuration', message: expect.stringContaining(message) });

async function run(text: string, host = new TestHost()): Promise<{ value: unknown; host: TestHost }> {
  return { value: await runLineMagic(lineOf(text), host), host };
}

const start = process.cwd();
afterEach(() => process.chdir(start));

describe('!command and !!command', () => {
  const host = () => new TestHost({ name: "a b'c", list: ['x y', 'z'] });

  it('take values of the notebook, each as one word', async () => {
    const { host: after } = await run('!printf "<%s>" {name} "{name}!" {list} {{}}', host());
    expect(after.stdout).toBe("<a b'c><a b'c!><x y><z><{}>");
  });

  it('give the lines that a command writes', async () => {
    expect((await run("!!printf 'a\\n\\nb\\n'")).value).toEqual(['a', '', 'b']);
    expect((await run('!!test -d .')).value).toEqual([]);
    const { host: after, value } = await run('!!echo out; echo err >&2; exit 3');
    expect(value).toEqual(['out']);
    expect(after.stderr).toBe('err\n!!echo out; echo err >&2; exit 3: exit code 3\n');
    expect(after.stdout).toBe('');
  });

  it('say which expression has failed, and do not run', async () => {
    const at = host();
    await expect(run('!echo a {missing.x} b', at)).rejects.toThrow('missing is not defined');
    expect(at.stderr).toBe('{missing.x} failed; brackets that are not for TypeScript are doubled: {{ }}\n');
    expect(at.stdout).toBe('');
  });

  it('say that a folder changed in a shell is changed there only', async () => {
    expect((await run('!cd /')).host.stderr).toContain('%cd');
    expect((await run('!cd / && pwd')).host.stderr).toBe('');
  });
});

describe('%%bash and %%sh', () => {
  const script = (line: string, text: string, host: TestHost) =>
    runWithCellMagic(lineOf(`${line}\nx`), text, host, async () => expect.unreachable('it is no TypeScript'));

  it('run the cell as a script, as it stands there', async () => {
    const host = new TestHost({ x: 1 });
    await script('%%bash', 'a=(1 2)\nfor i in "${a[@]}"; do\n  echo "{x} $i"\ndone\n', host);
    await script('%%sh', 'echo $0', host);
    expect(host.stdout).toBe('{x} 1\n{x} 2\nsh\n');
  });

  it('fail with their script, unless that is allowed', async () => {
    await expect(script('%%bash', 'exit 4', new TestHost())).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 4,
    });
    await expect(script('%%bash -e', 'false\necho on', new TestHost())).rejects.toMatchObject({ exitCode: 1 });
    const host = new TestHost();
    await script('%%bash --allow-errors', 'exit 4', host);
    expect(host.stderr).toBe('%%bash: exit code 4\n');
  });

  it('stand on the first line only', async () => {
    const line = { ...lineOf('%cd x'), text: 'bash' };
    await expect(runLineMagic(line, new TestHost())).rejects.toMatchObject(
      configuration('%%bash goes on the first line'),
    );
  });
});

describe('%cd, %pwd and %env', () => {
  it('change the folder of the process, and back', () =>
    withDirectory(async (folder) => {
      const real = realpathSync(folder);
      mkdirSync(join(folder, 'a b'));
      expect((await run(`%cd ${folder}`)).host.stdout).toBe(`${real}\n`);
      expect((await run('%cd -q "a b"')).host.stdout).toBe('');
      expect((await run('%pwd')).value).toBe(join(real, 'a b'));
      expect((await run('%cd -')).host.stdout).toBe(`${real}\n`);
      expect((await run('%cd {name}', new TestHost({ name: 'a b' }))).host.stdout).toBe(`${join(real, 'a b')}\n`);
      await expect(run('%cd nowhere')).rejects.toMatchObject(configuration('%cd nowhere: there is no'));
      writeFileSync('file', '');
      await expect(run('%cd file')).rejects.toMatchObject(configuration('is no folder'));
      expect((await run('%pwd')).value).toBe(join(real, 'a b'));
      expect((await run('%cd')).host.stdout).toBe(`${realpathSync(homedir())}\n`);
    }));

  it('set what commands see, and hide what is likely secret', async () => {
    expect((await run('%env FLECHE_TEST_A=b {c} $d', new TestHost({ c: 'c c' }))).host.stdout).toBe(
      'env: FLECHE_TEST_A=b c c $d\n',
    );
    expect((await run('!echo "$FLECHE_TEST_A"')).host.stdout).toBe('b c c $d\n');
    expect((await run('%env FLECHE_TEST_A')).value).toBe('b c c $d');
    expect((await run('%env FLECHE_TEST_API_KEY s3cret')).host.stdout).not.toContain('s3cret');
    expect((await run('%env')).value).toMatchObject({ FLECHE_TEST_A: 'b c c $d', FLECHE_TEST_API_KEY: '<hidden>' });
    expect((await run('%env FLECHE_TEST_API_KEY')).value).toBe('s3cret');
    await expect(run('%env FLECHE_TEST_NONE')).rejects.toMatchObject(configuration('there is no such variable'));
  });
});

describe('%time and %timeit', () => {
  it('give the value and tell the time', async () => {
    const { value, host } = await run('%time await Promise.resolve(6 * seven);', new TestHost({ seven: 7 }));
    expect(value).toBe(42);
    expect(host.stdout).toMatch(/^CPU times: user .*, sys: .*, total: .*\nWall time: [\d.]+ \S+\n$/);
  });

  it('tell the time also of what fails', async () => {
    const host = new TestHost();
    await expect(run('%time nothing.x', host)).rejects.toThrow('nothing is not defined');
    expect(host.stdout).toContain('Wall time');
  });

  it('run the cell below', async () => {
    const host = new TestHost();
    let ran = 0;
    await runWithCellMagic(lineOf('%%time'), undefined, host, async () => {
      ran++;
    });
    expect(ran).toBe(1);
    expect(host.stdout).toContain('Wall time');
    await expect(run('%time')).rejects.toMatchObject(configuration('%%time alone'));
  });

  it('run an expression as often as told, or until it has taken long enough', async () => {
    const counter = { count: 0 };
    const { host } = await run('%timeit -n 5 -r 3 counter.count++ // here', new TestHost({ counter }));
    expect(counter.count).toBe(15);
    expect(host.stdout).toMatch(/± .* per loop \(mean ± std. dev. of 3 runs, 5 loops each\)\n$/);
    const waits = await run('%timeit -r 2 await new Promise((resolve) => setTimeout(resolve, 30))');
    expect(waits.host.stdout).toMatch(/^\d\d(\.\d)? ms ± .* of 2 runs, 10 loops each\)\n$/);
    await expect(run('%timeit -n 0 1')).rejects.toMatchObject(configuration('whole number above 0'));
    await expect(run('%timeit')).rejects.toMatchObject(configuration("missing required argument 'expression'"));
  });

  it('compute mean and deviation over loops, and doubt what varies much', () => {
    expect(summary([1e-3, 3e-3], 1000)).toBe('2 ms ± 1 ms per loop (mean ± std. dev. of 2 runs, 1,000 loops each)');
    expect(summary([1e-6, 5e-6], 1)).toMatch(
      /^The slowest run took 5\.00 times longer.*\n3 µs ± 2 µs per loop .* 1 loop each/,
    );
  });

  it.each([
    [0, '0 ns'],
    [2.5e-10, '0.25 ns'],
    [1.2345e-8, '12.3 ns'],
    [9.999e-4, '1000 µs'],
    [0.0123, '12.3 ms'],
    [59.94, '59.9 s'],
    [3725, '1 h 2 min 5 s'],
  ])('%d s is %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe('%load and %run', () => {
  const notebook = (...cells: (readonly [string, string | string[]])[]) =>
    JSON.stringify({ cells: cells.map(([cell_type, source]) => ({ cell_type, source })) });

  it('take a file as one cell, and a notebook as its cells of code', () =>
    withDirectory(async (folder) => {
      process.chdir(folder);
      writeFileSync('a lib.ts', 'export const a = 1;\n');
      writeFileSync('x.ipynb', notebook(['markdown', '# no'], ['code', ['a\n', 'b']], ['code', 'c']));
      expect((await run('%run "a lib.ts"')).host.included).toEqual([
        { name: 'a_lib.ts', source: 'export const a = 1;\n' },
      ]);
      expect((await run('%run {file}', new TestHost({ file: 'x.ipynb' }))).host.included).toEqual([
        { name: 'x.ipynb/cell_1.ts', source: 'a\nb' },
        { name: 'x.ipynb/cell_2.ts', source: 'c' },
      ]);
      expect((await run('%load x.ipynb')).host.nextInput).toBe('// %load x.ipynb\na\nb\n\nc');
      await expect(run('%run none.ts')).rejects.toMatchObject(configuration('none.ts cannot be read: there is no'));
      writeFileSync('bad.ipynb', '{');
      await expect(run('%run bad.ipynb')).rejects.toMatchObject(configuration('it is not JSON'));
      writeFileSync('old.ipynb', '{"worksheets": []}');
      await expect(run('%run old.ipynb')).rejects.toMatchObject(configuration('no notebook of format 4'));
    }));
});

describe('%who, %whos, %reset, %history and %config', () => {
  const throwing = Object.defineProperty({}, 'x', { enumerable: true, get: () => expect.unreachable() });

  it('tell what is declared, and forget it', async () => {
    const host = new TestHost({ one: 1, text: 'x'.repeat(500), throwing });
    expect((await run('%who', host)).host.stdout).toBe('one  text  throwing\n');
    const table = (await run('%whos', host)).host.shown[0]?.['text/plain'] ?? '';
    expect(table).toMatch(/^3 names\n/);
    expect(table).toMatch(/\n one +number +1 *\n/);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThan(200);
    await run('%reset -f', host);
    expect(host.variables).toEqual({});
    expect((await run('%whos', host)).host.shown[1]?.['text/plain']).toMatch(/^0 names/);
  });

  it('print inputs', async () => {
    const host = new TestHost();
    await run('%history', host);
    await run('%history 4-6 -n', host);
    await run("%history -l 3 -g '*x*'", host);
    expect(host.asked).toEqual([{}, { range: [4, 6] }, { limit: 3, pattern: '*x*' }]);
    expect(host.stdout).toBe('one\ntwo\n2\n1: one\n2: two\n2\none\ntwo\n2\n');
    await expect(run('%history a-b')).rejects.toMatchObject(configuration('write the number of a cell'));
  });

  it('show and change options', async () => {
    const host = new TestHost();
    await run('%config', host);
    expect(host.shown[0]?.['text/plain']).toMatch(/strict +off +on, off +checks strictly/);
    await run('%config strict on', host);
    await run('%config strict', host);
    expect(host.stdout).toBe('strict is on now\nstrict is on\n');
    await expect(run('%config strcit on', host)).rejects.toMatchObject(configuration('(did you mean strict?)'));
    await expect(run('%config strict maybe', host)).rejects.toMatchObject(configuration('it can be on, off'));
  });
});

describe('help', () => {
  it('of every magic says how it is used, for %name? too', async () => {
    for (const magic of builtInMagics.values()) {
      const { host } = await run(magic.placement === 'cell' ? `%${magic.name}?` : `%${magic.name} ?`.replace(' ', ''));
      expect(host.stdout).toBe(helpText(magic));
      expect(host.stdout).toMatch(new RegExp(`^Usage: %%?${magic.name}`));
      expect(helpMarkdown(magic)).toContain(`%${magic.name}`);
    }
    expect((await run('%cd --help')).host.stdout).toContain('Usage: %cd [options] [folder]');
    expect((await run('%timeit --help')).host.stdout).toContain('-n, --loops <count>');
  });

  it('lists all magics', async () => {
    const list = (await run('%lsmagic')).host.shown[0]?.['text/plain'] ?? '';
    for (const name of builtInMagics.keys()) expect(list).toMatch(new RegExp(` %%?${name}\\b`));
  });
});

describe('a magic of a package', () => {
  it('runs with its arguments, options and values of the notebook', async () => {
    const told: string[] = [];
    onMagic(builtInMagics.keys(), ({ name }) => told.push(name));
    registerMagic({
      name: 'repeat',
      description: 'repeats a word',
      arguments: [{ name: 'word', description: 'what' }],
      options: [
        { flags: '--so-often <count>', description: 'how often', kind: 'count' },
        { flags: '--loud', description: 'in capitals' },
      ],
      async run({ arguments: { word = '' }, options: { soOften = '1', loud }, write, evaluate }) {
        write('stdout', (loud ? word.toUpperCase() : word).repeat(Number(soOften)));
        return evaluate('x');
      },
    });
    expect(told).toEqual(['repeat']);
    const { host, value } = await run('%repeat --so-often 2 a{x} --loud', new TestHost({ x: 'b' }));
    expect(host.stdout).toBe('ABAB');
    expect(value).toBe('b');
    await expect(run('%repeta')).rejects.toMatchObject(configuration('(did you mean %repeat?)'));
    await expect(run('%repeat')).rejects.toMatchObject(configuration("missing required argument 'word'"));
  });

  it('has a name of its own', () => {
    const magic = (name: string) => ({ name, description: '', run() {} });
    expect(() => registerMagic(magic('time'))).toThrow('%time is a magic of the kernel');
    expect(() => registerMagic(magic('a b'))).toThrow('"a b" can be no magic');
  });

  it('takes the place of one that was there', async () => {
    for (const answer of [1, 2]) registerMagic({ name: 'again', description: '', run: () => answer });
    expect((await run('%again')).value).toBe(2);
  });
});

it.each([
  ['tiem', 'time'],
  ['histroy', 'history'],
  ['CD', 'cd'],
  ['matplotlib', undefined],
  ['x', undefined],
])('nearest to %s is %s', (word, name) => {
  expect(nearest(word, builtInMagics.keys())).toBe(name);
});

it('nothing was run by a value', () => {
  expect(existsSync('/tmp/never')).toBe(false);
});
