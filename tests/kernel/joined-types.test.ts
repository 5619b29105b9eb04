import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';
import { expect, test } from 'vitest';
import { type Origin, originOf } from '../../kernel-extension/typescript/joined-texts.js';
import { runtimeLibraries } from '../../kernel-extension/typescript/language-types.js';
import { loadTypeScript } from '../../kernel-extension/typescript/load-typescript.js';
import { nodeTypesRoot } from '../../kernel-extension/typescript/resolution.js';
import { createCellService } from '../../kernel-extension/typescript/service.js';

const { ts: typescript } = loadTypeScript();
const cwd = process.cwd();

/** Every global name and every module that a program knows, with what belongs to it: its overloads in their order. */
function described(program: ts.Program): Map<string, string[]> {
  const checker = program.getTypeChecker();
  const file = program.getSourceFiles().find(({ isDeclarationFile }) => !isDeclarationFile) as ts.SourceFile;
  const format = typescript.TypeFormatFlags.NoTruncation;
  const typeOf = (symbol: ts.Symbol): string => {
    const signatures = checker
      .getSignaturesOfType(checker.getTypeOfSymbol(symbol), typescript.SignatureKind.Call)
      .map((signature) => checker.signatureToString(signature, undefined, format));
    return `${symbol.name.replace(/@\d+$/, '')}: ${signatures.join(' & ') || checker.typeToString(checker.getTypeOfSymbol(symbol), undefined, format)}`;
  };
  const globals = checker
    .getSymbolsInScope(
      file,
      typescript.SymbolFlags.Value | typescript.SymbolFlags.Type | typescript.SymbolFlags.Namespace,
    )
    .filter(
      ({ name, declarations }) =>
        declarations?.every((each) => /node_modules/.test(each.getSourceFile().fileName)) && name !== 'globalThis',
    );
  const result = new Map<string, string[]>();
  for (const symbol of globals) {
    const members = checker.getDeclaredTypeOfSymbol(symbol).getProperties();
    const exported = symbol.flags & typescript.SymbolFlags.Module ? checker.getExportsOfModule(symbol) : [];
    result.set(symbol.name, [typeOf(symbol), ...[...members, ...exported].map(typeOf)]);
  }
  for (const module of checker.getAmbientModules()) {
    result.set(module.name, checker.getExportsOfModule(module).map(typeOf));
  }
  for (const source of program.getSourceFiles()) {
    const [, name] = /\/node_modules\/(undici-types\/.*)\.d\.ts$/.exec(source.fileName) ?? [];
    const module = checker.getSymbolAtLocation(source);
    if (name === undefined || module === undefined) continue;
    result.set(
      `"(undici-types)${name.replace(/^undici-types|\/index$/g, '')}"`,
      checker.getExportsOfModule(module).map(typeOf),
    );
  }
  return result;
}

test.each([0, 1000])('joined types say what their files say, after %d steps of parsing ahead', (steps) => {
  const service = createCellService(typescript, cwd);
  for (let step = 0; step < steps && service.parseAhead(); step++);
  service.loadNodeTypes();
  const joined = described(service.program());
  const library = path.dirname(typescript.sys.getExecutingFilePath());
  const lib = runtimeLibraries()
    .map((name) => `lib.${name}.d.ts`)
    .filter((name) => existsSync(path.join(library, name)));
  const options = { ...service.program().getCompilerOptions(), lib, types: ['node'], typeRoots: [nodeTypesRoot(cwd)] };
  const plain = typescript.createProgram([path.join(cwd, 'src/digest/types.ts')], options);
  expect(plain.getSourceFiles().length).toBeGreaterThan(service.program().getSourceFiles().length * 1.5);
  const expected = [...described(plain)];
  expect(expected.length).toBeGreaterThan(300);
  expect(expected.filter(([name]) => name.startsWith('"(undici-types)')).length).toBeGreaterThan(30);
  const differences = expected.flatMap(([name, lines]) => {
    const found = joined.get(name) ?? [];
    const missing = lines.filter((line) => !found.includes(line));
    const more = found.filter((line) => !lines.includes(line));
    return missing.length + more.length > 0 ? [{ name, missing, more }] : [];
  });
  expect(differences).toEqual([]);
});

test('places in joined types are those in their files', () => {
  const service = createCellService(typescript, cwd);
  service.loadNodeTypes();
  const files = new Set<string>();
  for (const source of service.program().getSourceFiles()) {
    if (!/\/(?:lib\.)?joined[^/]*$/.test(source.fileName)) continue;
    const visit = (node: ts.Node): void => {
      if (
        (typescript.isInterfaceDeclaration(node) || typescript.isFunctionDeclaration(node)) &&
        node.name !== undefined
      ) {
        const { file, linesBefore } = originOf(source.text, node.name.getStart(source)) as Origin;
        const { line, character } = source.getLineAndCharacterOfPosition(node.name.getStart(source));
        const found = readFileSync(file, 'utf8').split(/\r?\n/)[line - linesBefore]?.slice(character);
        if (!found?.startsWith(node.name.text)) expect(`${file}:${line - linesBefore}`).toBe(node.name.text);
        files.add(path.basename(file));
      }
      typescript.forEachChild(node, visit);
    };
    visit(source);
  }
  for (const name of ['lib.es5.d.ts', 'fs.d.ts', 'fetch.d.ts', 'dispatcher.d.ts']) expect(files).toContain(name);
});
