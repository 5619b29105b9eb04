/** A real kernel, and files that change at any time: an import gives what they hold, whatever came before it. */
import { renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LiveKernel } from './live-kernel.js';
import { emptyFolder, program } from './run-cells.js';

/** Numbers of two digits: no size tells them apart. */
type Numbers = Record<'half' | 'data' | 'common' | 'lib', number>;
const FILES: { readonly [K in keyof Numbers]: readonly [name: string, text: (n: number) => string] } = {
  half: ['half.ts', (n) => `export const half: number = ${n};`],
  data: ['data.json', (n) => `{ "data": ${n} }`],
  common: ['common.cjs', (n) => `exports.common = ${n};`],
  lib: [
    'lib.ts',
    (n) => `import { half } from './half'; import { data } from './data.json'; import { common } from './common.cjs';
      export const all: string = [half, data, common, ${n}].join();`,
  ],
};
const IMPORTS = [
  "import { all } from './lib'; all",
  "import * as lib from './lib.ts'; lib.all",
  "(await import('./lib')).all",
  "require('./lib').all",
  "(await import('./li' + 'b')).all",
] as const;

/** Writes over a file, puts another one in its place, or hides when it was written. */
const WAYS: readonly ((file: string, text: string) => void)[] = [
  writeFileSync,
  (file, text) => {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  },
  (file, text) => {
    writeFileSync(file, text);
    utimesSync(file, 1, 1);
  },
];

class Notebook {
  readonly numbers: Numbers = { half: 10, data: 10, common: 10, lib: 10 };
  readonly kernel = new LiveKernel(emptyFolder(), (file) => [program, 'kernel', '--config-path', file]);

  /** The path of a file, and what it is to hold. */
  file(name: keyof Numbers): [string, string] {
    const [file, text] = FILES[name];
    return [join(this.kernel.folder, file), text(this.numbers[name])];
  }
}

type Step = (notebook: Notebook) => Promise<unknown>;

const edit = fc.record({
  name: fc.constantFrom('half', 'data', 'common', 'lib'),
  to: fc.integer({ min: 10, max: 99 }),
  way: fc.constantFrom(...WAYS),
});
const importing = fc.constantFrom(...IMPORTS);
const step: fc.Arbitrary<readonly [string, Step]> = fc.oneof(
  edit.map(({ name, to, way }): readonly [string, Step] => [
    `edit ${name}`,
    async (notebook) => {
      notebook.numbers[name] = to;
      way(...notebook.file(name));
    },
  ]),
  edit.map(({ name, to }): readonly [string, Step] => [
    `edit ${name} in a cell`,
    async (notebook) => {
      notebook.numbers[name] = to;
      const [file, text] = notebook.file(name).map((each) => JSON.stringify(each));
      await notebook.kernel.run(`(await import('node:fs')).writeFileSync(${file}, ${text});`);
    },
  ]),
  fc.tuple(edit, fc.nat(60)).map(([{ name, to, way }, ms]): readonly [string, Step] => [
    `edit ${name} while a cell runs`,
    async (notebook) => {
      const running = notebook.kernel.run('await new Promise((resolve) => setTimeout(resolve, 40)); all.length');
      await sleep(ms);
      notebook.numbers[name] = to;
      way(...notebook.file(name));
      await running;
    },
  ]),
  fc
    .constantFrom('1 + 1', 'all.nothing', '!echo {all}')
    .map((source): readonly [string, Step] => [source, ({ kernel }) => kernel.run(source)]),
  fc
    .constantFrom('all.|', "import { all } from './lib'; all.|", 'x.|')
    .map((text): readonly [string, Step] => [`type ${text}`, ({ kernel }) => kernel.completions(text)]),
  fc.nat(700).map((ms): readonly [string, Step] => [`wait ${ms} ms`, () => sleep(ms)]),
  fc.tuple(importing, fc.nat(30)).map(([source, ms]): readonly [string, Step] => [
    `interrupt ${source}`,
    async ({ kernel }) => {
      const running = kernel.run(source);
      await sleep(ms);
      await kernel.interrupt();
      await running;
    },
  ]),
  fc.constantFrom('1 + 1', IMPORTS[0]).map((source): readonly [string, Step] => [
    `an error in a file, and ${source}`,
    async (notebook) => {
      const [file, text] = notebook.file('half');
      writeFileSync(file, "export const half: number = 'text';");
      await notebook.kernel.run(source);
      writeFileSync(file, text);
    },
  ]),
);

it('an import gives what the files hold', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, importing), { minLength: 100, maxLength: 100 }), async (steps) => {
      const notebook = new Notebook();
      const { kernel, numbers } = notebook;
      try {
        await kernel.ready();
        for (const name of Object.keys(numbers) as (keyof Numbers)[]) writeFileSync(...notebook.file(name));
        await kernel.run(IMPORTS[0]);
        const taken: string[] = [];
        for (const [[name, act], source] of steps) {
          await act(notebook);
          taken.push(name, source);
          const { half, data, common, lib } = numbers;
          const outcome = await kernel.run(source);
          expect(outcome, taken.slice(-12).join('\n')).toMatchObject({
            status: 'ok',
            value: `'${[half, data, common, lib]}'`,
          });
        }
      } finally {
        kernel.stop();
      }
    }),
    { numRuns: 1, endOnFailure: true },
  ),
);
