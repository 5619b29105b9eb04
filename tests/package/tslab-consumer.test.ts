/**
 * A stock tslab reads our declaration files with TypeScript 5.0.4, its fork, and the resolution of old Node versions,
 * and keeps silent about what it does not understand there: it takes such a type for `any`.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, sep } from 'node:path';
import ts from '@tslab/typescript-for-tslab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './source-files.js';

/** As the converter of tslab 1.0.22 sets them on Node 20. */
const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  experimentalDecorators: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  noEmit: true,
  typeRoots: [join(ROOT, 'node_modules/@types')],
  types: ['node'],
};

const ENTRY_POINTS = ['fleche', 'fleche/storage', 'fleche/testing', 'fleche/config', 'fleche/render', 'fleche/tslab'];

/** What a notebook does with the library. Each `expectType` fails on another type and on `any`. */
const CELL = `
import { Cache, cache, D, digest, fleche, isFlecheError, type CallRecord, type Digest } from 'fleche';
import { CallMemory, CallPickleFile, Sql, ValueBagOfHoldingH5File, ValuePickleFile, ValueVoid } from 'fleche/storage';
import { valueStorageContract } from 'fleche/testing';
import { callsTable, tableToHtml } from 'fleche/render';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<T>() { return <U>(value: U, same: Same<T, U>): void => {}; }

const add = fleche((a: number, b: number) => a + b);
expectType<number>()(add(2, 3), true);
const slow = fleche({ version: 2 }, async (name: string) => [name]);
expectType<Promise<string[]>>()(slow('x'), true);
expectType<string[]>()(slow.fleche.load('x'), true);
expectType<CallRecord>()(add.fleche.call(2, 3), true);
expectType<Digest>()(add.fleche.digest(2, 3), true);
expectType<boolean>()(add.fleche.contains(2, 3), true);

const files = new Cache({
  values: ValuePickleFile.withPickle({ root: 'values', compress: true }),
  calls: CallPickleFile.withDill({ root: 'calls' }),
});
const mixed = new Cache({
  values: await ValueBagOfHoldingH5File.open({ root: 'bags' }),
  calls: await Sql.open({ url: 'sqlite:///calls.db' }),
});
const nothing = new Cache({ values: new ValueVoid(), calls: new CallMemory() });
expectType<number>()(cache(files, () => add(2, 3)), true);
expectType<Cache>()(cache(), true);
expectType<Cache>()(cache(nothing).cache, true);
expectType<Digest[]>()([...mixed.calls.list()], true);
expectType<Digest>()(digest([1, 2]), true);
expectType<string>()(tableToHtml(callsTable(mixed)), true);
D('65d52a82');
function where(error: unknown): string {
  if (isFlecheError(error, 'StorageLocked')) return error.location;
  return isFlecheError(error, 'CorruptEntry') ? error.reason : '';
}
expectType<string>()(where(1), true);
export { slow, valueStorageContract };
`;
/** What TypeScript must refuse in a cell; if a type were \`any\`, it would not. */
const WRONG: readonly (readonly [why: string, line: string, message: RegExp])[] = [
  ['an argument of another type', "import { fleche } from 'fleche'; fleche((a: number) => a)('x');", /not assignable/],
  ['a missing argument', "import { fleche } from 'fleche'; fleche((a: number) => a)();", /Expected 1 arguments/],
  ['an unknown option', "import { fleche } from 'fleche'; fleche({ versoin: 1 }, (a: number) => a);", /versoin/],
  ['an unknown helper', "import { fleche } from 'fleche'; fleche((a: number) => a).fleche.forget(1);", /'forget'/],
  ['a name that no cache has', "import { cache } from 'fleche'; cache('memroy');", /"memroy"/],
  [
    'calls where values belong',
    "import { Cache } from 'fleche'; import { CallMemory, Sql } from 'fleche/storage'; " +
      "new Cache({ values: await Sql.open({ url: 'x' }), calls: new CallMemory() });",
    /'Sql' is not assignable to type 'ValueStorage'/,
  ],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleche-consumer-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/fleche'));
  symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program of the given files of the folder, and its errors by file: `line: message`. */
function compile(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}): ts.Program {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const names = Object.keys(files).map((name) => join(folder, name));
  return ts.createProgram(names, { ...OPTIONS, ...options });
}
function errors(program: ts.Program, only?: string): string[] {
  const source = only === undefined ? undefined : program.getSourceFile(join(folder, only));
  return ts.getPreEmitDiagnostics(program, source).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
/** The types in these declaration files that the compiler took for `any` and that are not written so. */
function unknownTypes(program: ts.Program, isOurs: (fileName: string) => boolean): string[] {
  const checker = program.getTypeChecker();
  const ours = program.getSourceFiles().filter(({ fileName }) => isOurs(fileName));
  const unknown: string[] = [];
  for (const file of ours) {
    const visit = (node: ts.Node): void => {
      const isWritten = node.kind === ts.SyntaxKind.AnyKeyword;
      if (ts.isTypeNode(node) && !isWritten && checker.getTypeFromTypeNode(node).flags & ts.TypeFlags.Any) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        unknown.push(`${basename(file.fileName)}:${line + 1}: ${node.getText(file)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return ours.length === 0 ? ['no file was looked at'] : unknown;
}

describe('a cell of an unmodified tslab', () => {
  it('is TypeScript 5.0', () => {
    expect(ts.versionMajorMinor).toBe('5.0');
  });

  it.each([{ strict: false }, { strict: true }])('sees the types of the library, %o', (options) => {
    expect(errors(compile({ 'cell.ts': CELL }, options))).toEqual([]);
  });

  it('refuses what is wrong', () => {
    const files = WRONG.map(([, line], index) => [`wrong-${index}.ts`, `${line}\nexport {};`] as const);
    const program = compile(Object.fromEntries(files), { strict: true });
    for (const [index, [why, , message]] of WRONG.entries()) {
      expect(errors(program, `wrong-${index}.ts`), why).toEqual([expect.stringMatching(message)]);
    }
  });

  it('understands every type in our declaration files', () => {
    const lines = ENTRY_POINTS.map((name) => `export * as ${name.replace('/', '_')} from '${name}';`);
    const program = compile({ 'all.ts': lines.join('\n') });
    expect(errors(program)).toEqual([]);
    expect(unknownTypes(program, (file) => file.startsWith(join(ROOT, 'dist') + sep))).toEqual([]);
  });

  it('would be seen not to understand one', () => {
    const program = compile({
      'odd.d.ts':
        'export declare const bytes: Uint8Array<ArrayBuffer>;\nexport declare function f(a: NoInfer<string>): void;',
    });
    expect(errors(program)).toEqual([]);
    expect(unknownTypes(program, (file) => file.endsWith('odd.d.ts'))).toEqual([
      'odd.d.ts:1: Uint8Array<ArrayBuffer>',
      'odd.d.ts:2: NoInfer<string>',
    ]);
  });
});
