/** Instances of which a class keeps a part outside of them, as compilers do with private fields. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digest } from '../../src/digest/index.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { ValueBagOfHoldingH5File, ValueMemory, ValuePickleFile } from '../../src/storage/index.js';

interface Box {
  readonly value: unknown;
}
interface Package {
  readonly Box: new (value: unknown) => Box;
  readonly Listed: new (value: unknown) => Box;
  readonly Marked: new () => object;
  readonly Row: new (...values: number[]) => number[];
}

const folder = mkdtempSync(join(tmpdir(), 'fleche-kept-outside-'));
let library: Package;
let Local: Package['Box'];
/** As a cell makes it. */
const Own = new Function(
  `const list = new Map(); return class Own { constructor(value) { list.set(this, value) } }`,
)() as Package['Box'];

beforeAll(async () => {
  const source = `
    export class Box { name = 'box'; #value: unknown; constructor(value: unknown) { this.#value = value } get value() { return this.#value } }
    const list = new Map<Listed, unknown>();
    export class Listed { constructor(value: unknown) { list.set(this, value) } get value() { return list.get(this) } }
    export class Marked { #secret() { return 1 } open() { return this.#secret() } }
    export class Row extends Array<number> { #unit = 'm'; get unit() { return this.#unit } }`;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2017, module: ts.ModuleKind.ESNext },
  });
  expect(outputText).toContain('new WeakMap()');
  const root = join(folder, 'node_modules/boxes');
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "name": "boxes", "version": "1.0.0", "type": "module" }');
  writeFileSync(join(root, 'index.js'), outputText);
  library = (await import(pathToFileURL(join(root, 'index.js')).href)) as Package;
  Local = new Function('Box', 'return class Local extends Box { }')(library.Box) as Package['Box'];
});
afterAll(() => rmSync(folder, { recursive: true }));

test('it counts in the digest, also of a class of a package and of one that extends it', () => {
  for (const Class of [library.Box, Local, library.Listed]) {
    expect(digest(new Class(1))).toBe(digest(new Class(1)));
    expect(digest(new Class(1))).not.toBe(digest(new Class(2)));
    // Within what refers to itself, classes are met on another way.
    const inCircle = (value: unknown): unknown => {
      const f = (): unknown => [f, held];
      const held = new Class(value);
      return f;
    };
    expect(digest(inCircle(1))).toBe(digest(inCircle(1)));
    expect(digest(inCircle(1))).not.toBe(digest(inCircle(2)));
  }
});

describe('who would lose it refuses the instance', () => {
  const storages = [
    ['pickle', (value: unknown) => pickle.dump(value)],
    ['cloudpickle', (value: unknown) => cloudpickle.dump(value)],
    ['dill', (value: unknown) => dill.dump(value)],
    ['ValueMemory', (value: unknown) => new ValueMemory().put(digest('key'), value)],
    [
      'ValuePickleFile',
      (value: unknown) =>
        ValuePickleFile.withSerializer('dill', { root: join(folder, 'pickles') }).put(digest('key'), value),
    ],
    [
      'ValueBagOfHoldingH5File',
      async (value: unknown) =>
        (await ValueBagOfHoldingH5File.open({ root: join(folder, 'bags') })).put(digest('key'), value),
    ],
  ] as const;

  test.each(storages)('%s', async (_, put) => {
    const refused = async (value: unknown): Promise<string> => {
      try {
        await put({ at: [value] });
        return 'stored';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await refused(new library.Box(1))).toMatch(
      /an instance of Box, of which a part is in the WeakMap _Box_value at \.at\[0\]/,
    );
    expect(await refused(new Local(1))).toMatch(
      /an instance of Local, of which a part is in the WeakMap _Box_value at \.at\[0\]/,
    );
    expect(await refused(new library.Listed(1))).toMatch(
      /an instance of Listed, of which a part is in the Map list at \.at\[0\]/,
    );
    expect(await refused(new Own(1))).toMatch(/an instance of Own, of which a part is in the Map list at \.at\[0\]/);
    expect(await refused(new library.Marked())).toMatch(
      /an instance of Marked, .* the WeakSet _Marked_instances at \.at\[0\]/,
    );
    expect(await refused(new library.Row(1, 2))).toMatch(/an instance of Row, .* the WeakMap _Row_unit at \.at\[0\]/);
  });
});
