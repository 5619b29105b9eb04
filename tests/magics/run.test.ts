import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { runLineMagic, runWithCellMagic } from '../../kernel-extension/magics/run.js';
import { splitWords } from '../../kernel-extension/magics/words.js';
import { Cache, cache, fleche } from '../../src/index.js';
import { CallMemory, ValueMemory } from '../../src/storage/index.js';
import { withDirectory } from '../../src/testing/with-directory.js';
import { lineOf, TestHost } from './test-host.js';

const configuration = (message: string) => ({ tag: 'Configuration', message: expect.stringContaining(message) });

async function run(text: string, host = new TestHost()): Promise<TestHost> {
  await runLineMagic(lineOf(text), host);
  return host;
}

function memoryCache(): Cache {
  return new Cache({ values: new ValueMemory(), calls: new CallMemory() });
}

let counter = 0;
const add = fleche({ name: 'add' }, (a: number, b: number) => {
  counter += 1;
  return a + b;
});

beforeEach(() => {
  cache(memoryCache());
  counter = 0;
});

describe('%fleche chooses a cache, which stays', () => {
  it('memory: the same one each time', async () => {
    const host = await run('%fleche memory');
    expect(host.stdout).toBe('cache: memory\n  values: ValueMemory\n  calls: CallMemory\n');
    expect(cache()).toBe(cache('memory', () => cache()));
  });

  it.each(['void', 'off'])('%s: calls run uncached, and it says so', async (word) => {
    const host = await run(`%fleche ${word}`);
    expect(host.stdout).toBe(`cache: ${word}, calls run uncached\n  values: ValueVoid\n  calls: CallVoid\n`);
    add(1, 1);
    add(1, 1);
    expect(counter).toBe(2);
  });

  it.each(['pickle', 'cloudpickle', 'dill'])('%s, in a directory with a blank in its name', (kind) =>
    withDirectory(async (directory) => {
      const root = join(directory, 'my cache');
      const host = await run(`%fleche ${kind} "${root}"`);
      expect(host.stdout.split('\n')).toEqual([
        `cache: ${kind} ${root}`,
        `  values: ValuePickleFile at ${root}/values`,
        `  calls: CallPickleFile at ${root}/calls`,
        '',
      ]);
      expect(add(2, 3) + add(2, 3)).toBe(10);
      expect(counter).toBe(1);
      expect(readdirSync(join(root, 'calls'))).toEqual([...cache().calls.list()]);
      expect(readdirSync(join(root, 'values')).sort()).toEqual([...cache().values.list()].sort());
    }),
  );

  it('sql, with its values beside it', () =>
    withDirectory(async (directory) => {
      const host = await run(`%fleche sql 'sqlite:///${directory}/calls.db'`);
      expect(host.stdout.split('\n').slice(1, 3)).toEqual([
        `  values: ValuePickleFile at ${directory}/calls-values`,
        `  calls: Sql at ${directory}/calls.db`,
      ]);
      add(2, 3);
      expect(readdirSync(directory).sort()).toEqual(['calls-values', 'calls.db']);
      cache().close();
    }));

  it('sql with values elsewhere, and a mixture', () =>
    withDirectory(async (directory) => {
      await run(`%fleche sql ${directory}/calls.db --values memory`);
      expect(cache().values).toBeInstanceOf(ValueMemory);
      add(2, 3);
      cache().close();
      const host = await run(`%fleche --values pickle:${directory}/v --calls sql:${directory}/calls.db --compress`);
      expect(host.stdout).toContain(`ValuePickleFile at ${directory}/v`);
      expect([...cache().calls.list()]).toHaveLength(1);
      cache().close();
    }));

  it('use: a cache of the notebook, by any expression', async () => {
    const caches = { 'a "b"': memoryCache() };
    const host = await run(`%fleche use caches['a "b"'] // this one`, new TestHost({ caches }));
    expect(cache()).toBe(caches['a "b"']);
    expect(host.stdout).toContain('cache: caches[');
  });

  it('use: nothing else', async () => {
    const before = cache();
    const host = new TestHost({ five: 5, nothing: null, map: new Map() });
    await expect(run('%fleche use five', host)).rejects.toMatchObject(configuration('five is number, not a Cache'));
    await expect(run('%fleche use nothing', host)).rejects.toMatchObject(configuration('nothing is null, not a'));
    await expect(run('%fleche use map', host)).rejects.toMatchObject(configuration('map is a Map, not a Cache'));
    await expect(run('%fleche use missing', host)).rejects.toMatchObject({ name: 'ReferenceError' });
    await expect(run('%fleche use', host)).rejects.toMatchObject(
      configuration("missing required argument 'expression'"),
    );
    expect(cache()).toBe(before);
  });
});

describe('%fleche shows', () => {
  it('what is active: name, storages, locations, counts', async () => {
    add(2, 3);
    expect((await run('%fleche')).stdout).toBe(
      'cache: a cache of the notebook\n  values: ValueMemory, 3 values\n  calls: CallMemory, 1 call\n',
    );
  });

  it('what is stored, as HTML and as text', async () => {
    add(2, 3);
    const { shown, stdout } = await run('%fleche ls');
    expect(stdout).toBe('');
    expect(shown).toHaveLength(1);
    const text = shown[0]?.['text/plain'] ?? '';
    expect(text).toContain('values: ValueMemory, 3 values');
    expect(text).toContain('calls: CallMemory, 1 call');
    expect(shown[0]?.['text/html']).toContain('<table>');
  });

  it('one of the two, and so many rows', async () => {
    add(2, 3);
    const values = (await run('%fleche ls values --rows 2')).shown[0]?.['text/plain'] ?? '';
    expect(values).not.toContain('calls:');
    expect(values.split('\n').at(-1)).toBe('… and 1 more');
    expect((await run('%fleche ls calls')).shown[0]?.['text/plain']).not.toContain('values:');
  });

  it('calls with arguments and results; times when asked', async () => {
    add(2, 3);
    const calls = (await run('%fleche calls')).shown[0]?.['text/plain'] ?? '';
    expect(calls).toMatch(/ [0-9a-f]{8} {2}add\(a=2, b=3\) {2}5$/);
    expect((await run('%fleche calls --times')).shown[0]?.['text/plain']).toMatch(/\d{4}-\d\d-\d\dT/);
  });

  it.each(['%fleche help', '%fleche --help', '%fleche help pickle', '%fleche pickle --help'])(
    'help: %s',
    async (text) => {
      const { stdout } = await run(text);
      expect(stdout).toMatch(/^(?:Usage: %fleche)/);
      expect(stdout).toContain(text.includes('pickle') ? '--compress' : 'dill');
    },
  );
});

describe('what is not understood is refused and says what there is', () => {
  it.each([
    ['%fleche pickel .x', "unknown command 'pickel' (Did you mean pickle?); there are memory, void, off, pickle"],
    ['%fleche nonsense', "unknown command 'nonsense'; there are memory,"],
    ['%fleche pickle', "missing required argument 'root'"],
    ['%fleche pickle a b', 'too many arguments'],
    ['%fleche pickle a --compres', "unknown option '--compres' (Did you mean --compress?)"],
    ['%fleche memory x', 'too many arguments'],
    ['%fleche ls value', 'Allowed choices are values, calls'],
    ['%fleche ls --rows 0', 'It must be a whole number above 0'],
    ['%fleche --values memory', "required option '--calls <kind:root>' not specified"],
    ['%fleche --values sql:x --calls memory', 'sql holds calls only'],
    ['%fleche --values nope --calls memory', 'there are memory, void, pickle:ROOT'],
    ['%fleche --values memory --calls memory --compress', '--compress is for pickle, cloudpickle and dill'],
    ['%fleche sql postgres://x', 'postgres://x is no database'],
    ['%fleche pickle a > b', '> means nothing in a magic'],
    ['%tiem add(1, 2)', 'there is no magic %tiem (did you mean %time?); there are %fleche, %%bash,'],
    ['%flech', 'there is no magic %flech'],
  ])('%s', async (text, message) => {
    const before = cache();
    await expect(run(text)).rejects.toMatchObject(configuration(message));
    expect(cache()).toBe(before);
  });

  it('a cell magic in the middle of a cell', async () => {
    const line = { ...lineOf('%fleche void'), text: '%fleche void' };
    await expect(runLineMagic(line, new TestHost())).rejects.toMatchObject(configuration('must be the first line'));
  });
});

describe('%%fleche chooses a cache for one cell', () => {
  const cell = (text: string, names: Record<string, unknown>, body: () => Promise<void>): Promise<unknown> =>
    runWithCellMagic(lineOf(text), undefined, new TestHost(names), body);

  it('across its awaits and in what it starts, and for nobody else', async () => {
    const before = cache();
    const c = memoryCache();
    const seen: Cache[] = [];
    const inner = cell('%%fleche use c', { c }, async () => {
      seen.push(cache());
      await sleep(5);
      seen.push(cache(), await new Promise<Cache>((resolve) => setTimeout(() => resolve(cache()), 1)));
    });
    await sleep(1);
    expect(cache()).toBe(before);
    await inner;
    expect(seen).toEqual([c, c, c]);
    expect(cache()).toBe(before);
  });

  it('also when the cell throws, or switches the cache itself', async () => {
    const before = cache();
    const fails = cell('%%fleche memory', {}, async () => {
      cache('void');
      await sleep(1);
      throw new Error('of the cell');
    });
    await expect(fails).rejects.toThrow('of the cell');
    expect(cache()).toBe(before);
  });

  it('writes nothing', async () => {
    const host = new TestHost();
    await runWithCellMagic(lineOf('%%fleche void'), undefined, host, async () => {});
    expect(host.stdout + host.stderr).toBe('');
    expect(host.shown).toEqual([]);
  });

  it.each([
    ['%%fleche', '%%fleche chooses a cache for its cell'],
    ['%%fleche ls', 'to look, use a line: %fleche ls'],
    ['%%fleche calls', 'to look, use a line: %fleche calls'],
    ['%%fleche help', 'to look, use a line: %fleche help'],
    ['%%fleche use five', 'five is number, not a Cache'],
    ['%%html', 'there is no magic %%html; there are'],
    ['%%cd /', '%cd is for a line: write it with one %'],
  ])('%s is refused before the cell runs', async (text, message) => {
    let ran = false;
    const refused = cell(text, { five: 5 }, async () => {
      ran = true;
    });
    await expect(refused).rejects.toMatchObject(configuration(message));
    expect(ran).toBe(false);
  });
});

describe('!command', () => {
  it('runs in the shell', async () => {
    const host = await run('!echo "a  b" | tr a c; echo err >&2');
    expect(host.stdout).toBe('c  b\n');
    expect(host.stderr).toBe('err\n');
  });

  it('shows an exit code that is not 0', async () => {
    expect((await run('!exit 3')).stderr).toBe('!exit 3: exit code 3\n');
  });
});

describe('words', () => {
  it.each([
    ['a  "b c" d\\ e \'f"g\'', ['a', 'b c', 'd e', 'f"g']],
    ['', []],
    ['memory # for now', ['memory']],
    ['sqlite:///a.db *.db x?', ['sqlite:///a.db', '*.db', 'x?']],
    ['~/c pickle:~/c a~b ~x', [`${homedir()}/c`, `pickle:${homedir()}/c`, 'a~b', '~x']],
    ['ünï😀', ['ünï😀']],
  ])('%j', (text, words) => {
    expect(splitWords(text)).toEqual(words);
  });

  it('know the environment', () => {
    process.env.FLECHE_TEST_ROOT = '/some where';
    expect(splitWords('$FLECHE_TEST_ROOT/x')).toEqual(['/some where/x']);
    delete process.env.FLECHE_TEST_ROOT;
  });
});
