/** What a user does to a notebook, for the table of `docs/keys.md`. Each case is run; nothing is expected here. */

/** A host of fleche. */
export type Host = 'node' | 'kernel' | 'tslab';

export interface KeyCase {
  /** What is done, as the table says it. */
  readonly title: string;
  /** The cells of the notebook; together they are a module. One of them caches `f`. */
  readonly cells: readonly string[];
  /** Cells that are edited and run again, in this order, by their numbers. */
  readonly edited?: Readonly<Record<number, string>>;
  /** Cells that are run again as they are, by their numbers. */
  readonly again?: readonly number[];
  /** Cells that are run after that. */
  readonly after?: readonly string[];
  /** What is called before and looked up after. Default: `f(2)`. */
  readonly call?: string;
  readonly lookUp?: string;
  /** The text of `./lib.ts` before and after. */
  readonly library?: readonly [string, string];
  /** The version of the package `toolbox` before and after. */
  readonly versions?: readonly [string, string];
  /** Where it can be tried. Default: everywhere. */
  readonly hosts?: readonly Host[];
}

export interface KeyGroup {
  readonly title: string;
  readonly cases: readonly KeyCase[];
}

const useHelper = 'const f = fleche((x: number) => helper(x) + 1)';
const takes = (name: string): string =>
  `const f = fleche((it: any) => (it.run === undefined ? it(2) : it.run())); const g = Object.assign(() => f.fleche.contains(${name}), { run: () => f(${name}) })`;
const given = { call: 'g.run()', lookUp: 'g()' } as const;
const notebooks: readonly Host[] = ['kernel', 'tslab'];

export const groups: readonly KeyGroup[] = [
  {
    title: 'Nothing that runs changes',
    cases: [
      { title: 'its cell is run again', cells: ['const f = fleche((x: number) => x + 10)'], again: [0] },
      {
        title: 'its formatting and comments change',
        cells: ['const f = fleche((x: number) => x + 11)'],
        edited: {
          0: 'const f = fleche((x: number) => {\n  // eleven more\n  return (x + 11);\n})'
            .replace('{\n', '/* n */ (\n')
            .replace('return ', '')
            .replace(';\n}', '\n)'),
        },
      },
      {
        title: 'its types change',
        cells: ['const f = fleche((x: number) => x + 12)'],
        edited: { 0: 'type N = number; const f = fleche((x: N): N => x + 12)' },
      },
      {
        title: 'another function is edited',
        cells: ['const f = fleche((x: number) => x + 13)', 'const other = () => 1'],
        edited: { 1: 'const other = () => 2' },
      },
      {
        title: 'a helper is run again',
        cells: ['function helper(x: number) { return x * 14 }', useHelper],
        again: [0],
      },
      {
        title: 'comments of a helper change',
        cells: ['function helper(x: number) { return x * 15 }', useHelper],
        edited: { 0: '/** Fifteen times. */\nfunction helper(x: number) { return x * 15 /* times */ }' },
      },
      {
        title: 'a helper moves into the cell of the function',
        cells: ['function helper(x: number) { return x * 16 }', useHelper],
        edited: { 1: `function helper(x: number) { return x * 16 }\n${useHelper}` },
        hosts: notebooks,
      },
      {
        title: 'helper and constant are renamed wherever they stand',
        cells: ['const by = 17; const helper = (x: number) => x * by', useHelper],
        edited: {
          0: 'const times = 17; const scale = (x: number) => x * times',
          1: useHelper.replace('helper', 'scale'),
        },
      },
      {
        title: 'cells with imports move and are renumbered',
        cells: [
          "import { join } from 'node:path'",
          "import * as os from 'node:os'\nconst f = fleche((x: number) => join('a', os.EOL, String(x)))",
        ],
        edited: {
          1: "import { join } from 'node:path'; import fs from 'node:fs'; import * as os from 'node:os'\nconst text = fs.constants\nconst f = fleche((x: number) => join('a', os.EOL, String(x)))",
        },
        hosts: notebooks,
      },
      {
        title: 'the notebook is run from the top again',
        cells: ['const by = 18', 'const helper = (x: number) => x * by', useHelper],
        again: [0, 1, 2],
      },
      {
        title: 'a constant is declared below the function',
        cells: ['const f = fleche((x: number) => x + late); const late = 19'],
        again: [0],
      },
    ],
  },
  {
    title: 'Code changes',
    cases: [
      {
        title: 'its own code',
        cells: ['const f = fleche((x: number) => x + 20)'],
        edited: { 0: 'const f = fleche((x: number) => x + 21)' },
      },
      {
        title: 'the name of a parameter',
        cells: ['const f = fleche((x: number) => x + 22)'],
        edited: { 0: 'const f = fleche((y: number) => y + 22)' },
      },
      {
        title: 'a helper in another cell',
        cells: ['function helper(x: number) { return x * 23 }', useHelper],
        edited: { 0: 'function helper(x: number) { return x * 24 }' },
      },
      {
        title: 'a helper in the same cell',
        cells: [`function helper(x: number) { return x * 25 }\n${useHelper}`],
        edited: { 0: `function helper(x: number) { return x * 26 }\n${useHelper}` },
      },
      {
        title: 'the helper of a helper',
        cells: ['const deep = (x: number) => x * 27', 'const helper = (x: number) => deep(x)', useHelper],
        edited: { 0: 'const deep = (x: number) => x * 28' },
      },
      {
        title: 'one of two functions that call each other',
        cells: [
          'function even(n: number): boolean { return n === 0 || odd(n - 1) }\nfunction odd(n: number): boolean { return n !== 0 && even(n - 1) }',
          'const f = fleche((x: number) => even(x))',
        ],
        edited: {
          0: 'function even(n: number): boolean { return n === 0 || odd(n - 1) }\nfunction odd(n: number): boolean { return n > 0 && even(n - 1) }',
        },
      },
      {
        title: 'a helper in an object',
        cells: ['const tools = { helper: (x: number) => x * 29 }', 'const f = fleche((x: number) => tools.helper(x))'],
        edited: { 0: 'const tools = { helper: (x: number) => x * 30 }' },
      },
      {
        title: 'a method of a class that it uses',
        cells: [
          'class Model { run(x: number) { return x * 31 } }',
          'const f = fleche((x: number) => new Model().run(x))',
        ],
        edited: { 0: 'class Model { run(x: number) { return x * 32 } }' },
      },
      {
        title: 'what that class extends',
        cells: [
          'class Base { run(x: number) { return x * 33 } }',
          'class Model extends Base {}',
          'const f = fleche((x: number) => new Model().run(x))',
        ],
        edited: { 0: 'class Base { run(x: number) { return x * 34 } }', 1: 'class Model extends Base {}' },
      },
      {
        title: 'a method of the class of a captured instance',
        cells: [
          'class Model { run(x: number) { return x * 35 } }\nconst model = new Model()',
          'const f = fleche((x: number) => model.run(x))',
        ],
        edited: { 0: 'class Model { run(x: number) { return x * 36 } }\nconst model = new Model()' },
      },
      {
        title: 'a function of `./lib.ts`',
        cells: ["import { helper } from './lib.js'", useHelper],
        library: ['export const helper = (x: number) => x * 37', 'export const helper = (x: number) => x * 38'],
        again: [0],
      },
      {
        title: '… of which it uses the whole module by name',
        cells: ["import * as lib from './lib.js'", 'const f = fleche((x: number) => lib.helper(x) + 42)'],
        library: ['export const helper = (x: number) => x * 43', 'export const helper = (x: number) => x * 44'],
        again: [0],
      },
      {
        title: 'comments in `./lib.ts`',
        cells: ["import { helper } from './lib.js'", useHelper],
        library: [
          'export const helper = (x: number) => x * 39',
          'export const helper = (x: number) => x * 39 // times',
        ],
        again: [0],
      },
      {
        title: 'another version of a package that it uses',
        cells: ["import { scale } from 'toolbox'", 'const f = fleche((x: number) => scale(x))'],
        versions: ['1.0.0', '1.0.1'],
        hosts: ['node'],
      },
      {
        title: 'a default of a parameter that it captures',
        cells: ['const by = 40', 'const f = fleche((x: number, y: number = by) => x * y)'],
        edited: { 0: 'const by = 41' },
      },
    ],
  },
  {
    title: 'Data changes',
    cases: [
      {
        title: 'a captured constant',
        cells: ['const by = 50', 'const f = fleche((x: number) => x * by)'],
        edited: { 0: 'const by = 51' },
      },
      {
        title: "a helper's constant",
        cells: ['const by = 52', 'const helper = (x: number) => x * by', useHelper],
        edited: { 0: 'const by = 53' },
      },
      {
        title: 'a captured `let` is assigned',
        cells: ['let by = 54', 'const f = fleche((x: number) => x * by)'],
        after: ['by = 55'],
      },
      {
        title: '… and assigned back',
        cells: ['let by = 56', 'const f = fleche((x: number) => x * by)'],
        after: ['by = 57', 'by = 56'],
      },
      {
        title: 'a captured `let` of its own cell is assigned in another one',
        cells: ['let by = 72\nconst f = fleche((x: number) => x * by)'],
        after: ['by = 73'],
      },
      {
        title: 'an environment variable that it reads, or a file, or the time',
        cells: ["process.env.BY = '74'; void 0", 'const f = fleche((x: number) => x * Number(process.env.BY))'],
        edited: { 0: "process.env.BY = '75'; void 0" },
      },
      {
        title: 'a property of a captured object',
        cells: ['const options = { by: 58 }', 'const f = fleche((x: number) => x * options.by)'],
        after: ['options.by = 59'],
      },
      {
        title: 'a captured object is made again, with equal content',
        cells: ['const options = { by: 60 }', 'const f = fleche((x: number) => x * options.by)'],
        again: [0],
      },
      {
        title: 'a member of an enum',
        cells: ['enum By { Two = 2, Three = 3 }', 'const f = fleche((x: number) => x * By[x].length)'],
        edited: { 0: 'enum By { Second = 2, Three = 3 }' },
      },
      {
        title: 'a static field of a class',
        cells: ['class Scale { static by = 61 }', 'const f = fleche((x: number) => x * Scale.by)'],
        after: ['Scale.by = 62'],
      },
      {
        title: 'a variable that only the function assigns',
        cells: ['let calls = 0', 'const f = fleche((x: number) => { calls += 1; return x * 63 })'],
      },
      {
        title: 'a property that the function assigns',
        cells: ['const stats = { calls: 0 }', 'const f = fleche((x: number) => { stats.calls += 1; return x * 64 })'],
      },
      {
        title: 'a counter behind a helper',
        cells: [
          'let calls = 0; const count = () => { calls += 1 }',
          'const f = fleche((x: number) => { count(); return x * 65 })',
        ],
      },
      {
        title: 'an array that the function pushes to',
        cells: ['const log: number[] = []', 'const f = fleche((x: number) => { log.push(x); return x * 66 })'],
      },
      {
        title: 'something without a digest',
        cells: [
          'const seen = new WeakMap([[{}, 1]])',
          'const f = fleche((x: number) => x * 67 + Number(seen.has({})))',
        ],
        edited: { 0: 'const seen = new WeakMap([[{}, 2]])' },
      },
      {
        title: '… of another type',
        cells: [
          'let held: object = new WeakMap()',
          'const f = fleche((x: number) => x * 68 + Object.keys(held).length)',
        ],
        after: ['held = new WeakSet()'],
      },
      {
        title: 'data beside something without a digest',
        cells: [
          'const config = { by: 69, log: { to: new WeakSet() } }',
          'const f = fleche((x: number) => x * config.by + Object.keys(config.log).length)',
        ],
        after: ['config.by = 70'],
      },
    ],
  },
  {
    title: 'Functions and instances as arguments',
    cases: [
      {
        title: 'a helper of a function',
        cells: ['const helper = (x: number) => x * 100', 'const it = (x: number) => helper(x)', takes('it')],
        edited: { 0: 'const helper = (x: number) => x * 101' },
        ...given,
      },
      {
        title: 'the name of that helper',
        cells: ['const helper = (x: number) => x * 102', 'const it = (x: number) => helper(x)', takes('it')],
        edited: { 0: 'const scale = (x: number) => x * 102', 1: 'const it = (x: number) => scale(x)' },
        ...given,
      },
      {
        title: 'a hidden property of a function',
        cells: ["const it = Object.defineProperty((x: number) => x, 'by', { value: 103 })", takes('it')],
        edited: { 0: "const it = Object.defineProperty((x: number) => x, 'by', { value: 104 })" },
        ...given,
      },
      {
        title: 'a method of the class of an instance',
        cells: ['class A { run() { return 105 } }; const it = new A()', takes('it')],
        edited: { 0: 'class A { run() { return 106 } }; const it = new A()' },
        ...given,
      },
      {
        title: 'a variable that such a method assigns',
        cells: ['let runs = 0', 'class A { run() { return (runs += 107) } }; const it = new A()', takes('it')],
        ...given,
      },
    ],
  },
  {
    title: 'Options',
    cases: [
      {
        title: "`hashCode: 'source'`: a helper is edited",
        cells: [
          'const helper = (x: number) => x * 80',
          "const f = fleche({ hashCode: 'source' }, (x: number) => helper(x))",
        ],
        edited: { 0: 'const helper = (x: number) => x * 81' },
      },
      {
        title: "`hashCode: 'source'`: its own code is edited",
        cells: ["const f = fleche({ hashCode: 'source' }, (x: number) => x * 82)"],
        edited: { 0: "const f = fleche({ hashCode: 'source' }, (x: number) => x * 83)" },
      },
      {
        title: '`hashCode: false`: its own code is edited',
        cells: ["const f = fleche({ name: 'n84', hashCode: false }, (x: number) => x * 84)"],
        edited: { 0: "const f = fleche({ name: 'n84', hashCode: false }, (x: number) => x * 85)" },
      },
      {
        title: '`version` goes up',
        cells: ['const f = fleche({ version: 1 }, (x: number) => x * 86)'],
        edited: { 0: 'const f = fleche({ version: 2 }, (x: number) => x * 86)' },
      },
      {
        title: 'a cached helper is edited',
        cells: ['const helper = fleche((x: number) => x * 87)', useHelper],
        edited: { 0: 'const helper = fleche((x: number) => x * 88)' },
      },
      {
        title: '… that has `hashCode: false`',
        cells: [
          "const helper = fleche({ name: 'h89', hashCode: false, version: 1 }, (x: number) => x * 89)",
          useHelper,
        ],
        edited: { 0: "const helper = fleche({ name: 'h89', hashCode: false, version: 1 }, (x: number) => x * 90)" },
      },
      {
        title: '… and another `version`',
        cells: [
          "const helper = fleche({ name: 'h91', hashCode: false, version: 1 }, (x: number) => x * 91)",
          useHelper,
        ],
        edited: { 0: "const helper = fleche({ name: 'h91', hashCode: false, version: 2 }, (x: number) => x * 91)" },
      },
      {
        title: 'another function without a name is called',
        cells: ['const f = fleche((x: number) => x * 92), g = fleche((x: number) => x * 93)'],
        lookUp: 'g.fleche.contains(2)',
      },
    ],
  },
];
