import { existsSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';
import { expect, test } from 'vitest';
import { runtimeLibraries } from '../../kernel-extension/typescript/joined-types.js';
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
  return result;
}

test('joined types say what the files that they are made of say', () => {
  const service = createCellService(typescript, cwd);
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
  const differences = expected.flatMap(([name, lines]) => {
    const found = joined.get(name) ?? [];
    const missing = lines.filter((line) => !found.includes(line));
    const more = found.filter((line) => !lines.includes(line));
    return missing.length + more.length > 0 ? [{ name, missing, more }] : [];
  });
  expect(differences).toEqual([]);
});
