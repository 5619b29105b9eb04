// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Conversion } from '../../kernel-extension/typescript/converter.js';
import { Checker, complete, createCellService, createConverter, typescript } from './built-compiler.js';
import { emptyFolder, removeFolder } from './run-cells.js';

/** Cells that are compiled one after another. */
interface Session {
  /** What becomes of a cell: code, declarations for later cells, or errors. */
  run(source: string): { readonly conversion: Conversion; readonly kept: readonly string[] };
  /** Somebody asks what could stand at the end of a text. */
  type(text: string): void;
  setStrict(): void;
  /** How many cells were added to a program that was there. */
  readonly grown: number;
}

function session(cwd: string, grows: boolean): Session {
  const service = createCellService(typescript, cwd);
  const checker = new Checker(typescript, cwd, () => {});
  const kept: string[] = [];
  let grown = 0;
  const converter = createConverter({
    ...service,
    setFile(name, text) {
      if (/__cell_\d/.test(name) && text !== 'export{};') kept.push(`${path.basename(name)}: ${text}`);
      service.setFile(name, text);
    },
    grown(text, use) {
      if (!grows) return undefined;
      const result = service.grown(text, use);
      if (result !== undefined) grown++;
      return result;
    },
  });
  return {
    run(source) {
      const parsed = checker.parse(source);
      const conversion = converter.convert(parsed, 'cell.ts');
      converter.commit(source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [], true);
      return { conversion, kept: kept.splice(0) };
    },
    type(text) {
      complete(service, converter.names, text, text.length);
      // As the kernel does when nothing happens.
      service.program();
    },
    setStrict: () => service.configure({ strict: true }),
    get grown() {
      return grown;
    },
  };
}

/** Runs the same cells both ways. @returns Which part of those that are right was added to a program that was there. */
function compare(cwd: string, sources: readonly string[]): number {
  const [growing, anew] = [session(cwd, true), session(cwd, false)];
  let right = 0;
  for (const source of sources) {
    const expected = anew.run(source);
    expect({ source, ...growing.run(source) }).toEqual({ source, ...expected });
    if ('runnable' in expected.conversion) right++;
  }
  return growing.grown / right;
}

function inFolder(use: (folder: string) => void): void {
  const folder = emptyFolder();
  try {
    use(folder);
  } finally {
    removeFolder(folder);
  }
}

const notebooks = ['notebooks', 'tests/jupyter/notebooks', 'tests/jupyter/stock-tslab'].flatMap((folder) =>
  readdirSync(folder).flatMap((name) => (name.endsWith('.ipynb') ? [path.join(folder, name)] : [])),
);

test.each(notebooks)('the cells of %s are what they are in a program of their own', (file) => {
  const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  const sources = cells.flatMap(({ cell_type, source }) => (cell_type === 'code' ? [[source].flat().join('')] : []));
  expect(sources.length).toBeGreaterThan(0);
  expect(compare(process.cwd(), sources)).toBeGreaterThan(0.4);
});

test('so are cells of every kind, right and wrong ones', () =>
  inFolder((folder) => {
    writeFileSync(path.join(folder, 'lib.ts'), 'export const far = 1; export class Hidden { #a = 1; private b = 2; }');
    writeFileSync(path.join(folder, 'data.json'), '{ "a": 1 }');
    compare(folder, [
      'let n = 1; const step = 2; function inc() { return (n += step); }',
      'n = 10; inc()',
      'n = "text"',
      'step = 3',
      'let twice = 1; let twice = 2;',
      'const named = { deep: { member: 1 } };',
      'named.deep.nothing',
      'const both = Math.random() > 0.5 ? "a" : "b"; const pair = { both, n } as const;',
      'const again: "b" | "a" = pair.both; again',
      'class A { private secret = 1; m() { return this.secret; } } const a = new A();',
      'const same: A = a; [same].map((each) => each.m())',
      'class A { private secret = "text"; m() { return this.secret; } }',
      'const other: A = a;',
      'declare global { var shared: A; function far(): typeof a; } globalThis.shared = new A();',
      'const fromGlobal: A = shared; const before: typeof a = far;',
      'const fromGlobal: A = shared; fromGlobal.m()',
      '// @ts-ignore\nconst ignored: number = "text";',
      '// @ts-expect-error\nconst fine: number = 1;',
      '// @ts-expect-error\nconst wrong: number = "text";',
      'const fs = await import("node:fs"); fs.existsSync("x")',
      'type Stats = import("node:fs").Stats; const s = (x: Stats) => x.size;',
      'import path = require("node:path"); path.join("a")',
      'const required = require("node:path");',
      'import { join } from "node:path"; join("a", "b")',
      'import { join } from "node:path"; import type { Stats } from "node:fs"; const size = ({ size }: Stats) => size + join.length;',
      'import { nothing } from "node:path";',
      'import { x } from "no-such-package";',
      'import { far as one, Hidden } from "./lib"; const hidden = new Hidden();',
      'const stillHidden: typeof hidden = hidden; one',
      'import data from "./data.json"; data.a',
      'data.b',
      'const later = await Promise.resolve(1); for await (const x of [later]) x;',
      'using handle = { [Symbol.dispose]() {} };',
      'const enum E { X = 3 } enum F { Y = 4 } namespace N { export const z = E.X + F.Y; }',
      'E.X + F.Y + N.z',
      'function over(a: string): string; function over(a: number): number; function over(a: any) { return a; } over(1)',
      'over(true)',
      'interface Box<T> { value: T; map<U>(f: (value: T) => U): Box<U> } type Deep = { [key: string]: Deep | string };',
      'declare const box: Box<number>; const mapped = box?.map((x) => `${x}`); const deep: Deep = { a: { b: "c" } };',
      'export default class { anonymous = 1 } export { mapped as renamed };',
      'const anonymous = new (class { #x = 1; y = this.#x })(); const unique: unique symbol = Symbol();',
      'anonymous.y + anonymous.x',
      'console.log(process.version, Buffer.from("a"), structuredClone({ a: 1 })); fetch',
      'const broken = (',
      'let }',
      '',
      '// nothing',
      'abstract class Shape { abstract area(): number } class Square extends Shape { area() { return 1; } } new Shape()',
      'function logged(value: Function, _: ClassMethodDecoratorContext) { return value; } class D { @logged m() { return 1; } }',
      'var v = 1; for (var i = 0; i < 3; i++) { var w = i; } [v, w, i]',
      'const recursive = () => recursive; function mutual() { return other2(); } function other2() { return mutual(); }',
      'const many = { f: async function* () { yield* [1, 2]; }, get g() { return this.f; }, [`${1}`]: [1, "a"] as const };',
      'many.g()',
    ]);
  }));

test('more cells than one checker is kept for are compiled the same', () =>
  inFolder((folder) => {
    const cells = Array.from(
      { length: 150 },
      (_, index) => `const v${index} = [${index ? `v${index - 1}.length` : 0}];`,
    );
    expect(compare(folder, cells)).toBeGreaterThan(0.95);
  }));

/** What a session says to the last of these cells: the codes of its errors. */
function errorsOfLast(run: Session, sources: readonly string[]): readonly number[] {
  const last = sources.map((source) => run.run(source).conversion).at(-1);
  return last !== undefined && 'diagnostics' in last ? last.diagnostics.map(({ code }) => code) : [];
}

test.each([
  'declare global { var ghost: number; }',
  'import "./ghost";',
  'const x = await import("./ghost");',
  '/// <reference path="./ghost.ts" />',
])('what is written in a cell that never runs is unknown to others: %s', (text) =>
  inFolder((folder) => {
    writeFileSync(path.join(folder, 'ghost.ts'), 'declare global { var ghost: number; } export {};');
    const run = session(folder, true);
    run.run('const n = 1; console.log(n);');
    run.type(`${text}\nn.`);
    expect(errorsOfLast(run, ['ghost + n'])).toEqual([2304]);
    expect(errorsOfLast(run, ['n + 1', 'n + 2'])).toEqual([]);
    expect(run.grown).toBeGreaterThan(0);
  }),
);

test('options count from the next cell on', () =>
  inFolder((folder) => {
    const run = session(folder, true);
    expect(errorsOfLast(run, ['const n: number = 1;', 'const m: number = null; n'])).toEqual([]);
    run.setStrict();
    expect(errorsOfLast(run, ['const k: number = null;'])).toEqual([2322]);
  }));

test('types of packages have the names in declarations that they have in a program of their own', () =>
  inFolder((folder) => {
    const imports = 'import { fleche } from "fleche";';
    const cells = [
      `${imports} const first = fleche((a: number) => a); first(1);`,
      'const second = first;',
      'second(2)',
    ];
    expect(compare(folder, [...cells, `${imports} const third = fleche(() => first);`])).toBe(3 / 4);
  }));

test.each(['lib.ts', 'lib.d.ts'])('the next cell sees what has changed in %s', (name) =>
  inFolder((folder) => {
    const file = path.join(folder, name);
    writeFileSync(file, 'export declare class Thing { a: number; }');
    const run = session(folder, true);
    run.run('import { Thing } from "./lib"; const thing = new Thing(); console.log(thing.a);');
    const next = run.run('thing.a + 1').conversion;
    expect('runnable' in next && next.runnable.code.sideOutputs).toEqual([]);
    writeFileSync(file, 'export declare class Thing { changed: number; }');
    expect(errorsOfLast(run, ['thing.a + 2'])).toEqual([2339]);
  }),
);

test('a type of a local file that no program of late has seen is not taken for any other', () =>
  inFolder((folder) => {
    writeFileSync(path.join(folder, 'lib.ts'), 'export class Thing { a = 1; }');
    const run = session(folder, true);
    run.run('import { Thing } from "./lib"; const thing = new Thing(); console.log(thing.a);');
    for (let n = 0; n < 30; n++) run.run(`const n${n} = ${n ? `n${n - 1}` : 0} + 1;`);
    expect(errorsOfLast(run, ['n1.nothing'])).toEqual([2339]);
    const before = run.grown;
    expect(errorsOfLast(run, ['n1 + 1'])).toEqual([]);
    expect(run.grown).toBe(before + 1);
    expect(errorsOfLast(run, ['thing.nothing'])).toEqual([2339]);
  }));

test('a cell that adds to a module does so for all cells after it', () =>
  inFolder((folder) => {
    expect(existsSync(path.join(folder, 'node_modules'))).toBe(false);
    const run = session(folder, true);
    run.run('import * as path from "node:path"; declare module "node:path" { interface ParsedPath { depth: number } }');
    for (let n = 0; n < 30; n++) run.run(`const n${n} = ${n ? `n${n - 1}` : 0} + 1;`);
    expect(errorsOfLast(run, ['import { parse } from "node:path"; parse("a").depth + n29'])).toEqual([]);
  }));
