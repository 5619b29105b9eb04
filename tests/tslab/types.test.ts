/** The types of the library as TypeScript 5.0.4 reads them, that of a stock tslab, and decorators as each compiler checks them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import old from '@tslab/typescript-for-tslab';
import current from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../package/source-files.js';

const DECORATED = `
import { fleche, helpersOf } from 'fleche';
class Shape {
  constructor(readonly w: number) {}
  @fleche scaled<T extends string>(by: number, unit: T): [number, T] { return [this.w * by, unit]; }
  @fleche({ version: 2, ignore: 'log' }) async slow(n: number, log?: () => void): Promise<number> { log?.(); return n; }
  @fleche get area(): { area: number } { return { area: this.w }; }
  @fleche static load(path: string): Shape { return new Shape(path.length); }
  @fleche({}) isWide(this: Shape): this is Shape & { wide: true } { return this.w > 1; }
  over(n: number): number;
  over(n: string): string;
  @fleche over(n: number | string): number | string { return n; }
}
const shape = Shape.load('a');
const scaled: [number, 'cm'] = shape.scaled(2, 'cm');
const slow: Promise<number> = shape.slow(1);
const area: number = shape.area.area;
if (shape.isWide()) shape.wide satisfies true;
const over: [number, string] = [shape.over(1), shape.over('a')];
const loaded: Shape = helpersOf(Shape, 'load').load('a');
const known: boolean = helpersOf(shape, 'area').contains();
export { area, known, loaded, over, scaled, slow };
`;
const WRONG: readonly string[] = [
  "import { fleche } from 'fleche'; export class A { @fleche x = 1 }",
  "import { fleche } from 'fleche'; @fleche export class A {}",
  "import { fleche } from 'fleche'; export class A { @fleche({ ignroe: 'n' }) f(n: number) { return n; } }",
  "import { fleche } from 'fleche'; class A { @fleche f(n: number) { return n; } } new A().f('1');",
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleche-types-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/fleche'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  symlinkSync(join(ROOT, 'node_modules/expect-type'), join(folder, 'node_modules/expect-type'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const compilers: Record<string, { ts: typeof old; options: old.CompilerOptions }> = {
  'TypeScript 5.0, as tslab has it': {
    ts: old,
    options: { moduleResolution: old.ModuleResolutionKind.Node10, lib: ['lib.es2022.d.ts'] },
  },
  'TypeScript 6': {
    ts: current as unknown as typeof old,
    options: {
      module: current.ModuleKind.NodeNext as number,
      moduleResolution: current.ModuleResolutionKind.NodeNext as number,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    },
  },
};

/** The errors of files in strict mode, as `name:line: message`. */
function errors(compiler: string, files: Readonly<Record<string, string>>, experimentalDecorators: boolean): string[] {
  const { ts, options } = compilers[compiler] as (typeof compilers)[string];
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const program = ts.createProgram(
    Object.keys(files).map((name) => join(folder, name)),
    {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node'],
      experimentalDecorators,
      ...options,
    },
  );
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${basename(file?.fileName ?? '')}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

describe.each(Object.keys(compilers))('%s', (compiler) => {
  const consumer = readFileSync(join(ROOT, 'tests/types/consumer.test.ts'), 'utf8').replace(
    "import { expectTypeOf, test } from 'vitest';",
    "import { expectTypeOf } from 'expect-type';\ndeclare function test(name: string, body: () => void): void;",
  );

  test.each([
    ['standard', false],
    ['legacy', true],
  ])('the types hold, members keep theirs with %s decorators', (_mode, legacy) => {
    expect(errors(compiler, { 'consumer.ts': consumer, 'decorated.ts': DECORATED }, legacy)).toEqual([]);
  });

  test.each([
    ['standard', false],
    ['legacy', true],
  ])('what is wrong is seen, with %s decorators', (_mode, legacy) => {
    const wrong = consumer.replace(/expectTypeOf\(add\(1, 2\)\).toEqualTypeOf<number>/, (line) =>
      line.replace('number', 'string'),
    );
    expect(wrong).not.toBe(consumer);
    const files = { ...Object.fromEntries(WRONG.map((text, i) => [`wrong-${i}.ts`, text])), 'consumer.ts': wrong };
    const named = new Set(errors(compiler, files, legacy).map((error) => error.replace(/:.*$/s, '')));
    expect([...named].sort()).toEqual(Object.keys(files).sort());
  });
});
