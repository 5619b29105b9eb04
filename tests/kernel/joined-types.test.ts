import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';
import { expect, test } from 'vitest';
import { loadTypeScript } from '../../kernel-extension/typescript/load-typescript.js';
import { nodeTypesRoot } from '../../kernel-extension/typescript/program/resolution.js';
import { createCellService } from '../../kernel-extension/typescript/program/service.js';
import { commentOf, fromFile, type Origin, originOf } from '../../kernel-extension/typescript/types/joined-texts.js';
import { languageTypes, runtimeLibraries } from '../../kernel-extension/typescript/types/language-types.js';

const { ts: typescript } = loadTypeScript();
const cwd = process.cwd();

/** A type with the members of each union sorted: their order goes by which of them TypeScript has seen first. */
function sorted(type: string): string {
  const tokens = type.match(/=>|"[^"]*"|[()[\]{}<>,;:?=|]|[^()[\]{}<>,;:?=|"]+/g) ?? [];
  let at = 0;
  const upToBracket = (): string => {
    let text = '';
    let members = [''];
    const end = (separator: string): void => {
      text +=
        members
          .map((member) => member.trim())
          .sort()
          .join(' | ') + separator;
      members = [''];
    };
    for (; at < tokens.length && !/^[)\]}>]$/.test(tokens[at] as string); at++) {
      const token = tokens[at] as string;
      if (token === '|') members.push('');
      else if (/^(?:=>|[,;:?=])$/.test(token)) end(token);
      else members.push(members.pop() + token + (/^[([{<]$/.test(token) ? inBrackets() : ''));
    }
    end('');
    return text;
  };
  const inBrackets = (): string => {
    at++;
    return upToBracket() + (tokens[at] ?? '');
  };
  return upToBracket() + tokens.slice(at).join('');
}

/** Every global name and every module that a program knows, with what belongs to it: its overloads in their order. */
function described(program: ts.Program): Map<string, string[]> {
  const checker = program.getTypeChecker();
  const file = program.getSourceFiles().find(({ isDeclarationFile }) => !isDeclarationFile) as ts.SourceFile;
  const format = typescript.TypeFormatFlags.NoTruncation;
  const typeOf = (symbol: ts.Symbol): string => {
    const type = checker.getTypeOfSymbol(symbol);
    const signatures = checker
      .getSignaturesOfType(type, typescript.SignatureKind.Call)
      .map((signature) => sorted(checker.signatureToString(signature, undefined, format)));
    const shown = signatures.join(' & ') || sorted(checker.typeToString(type, undefined, format));
    return `${symbol.name.replace(/@\d+$/, '')}: ${shown}`;
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

test('the types that are read first speak of nothing that is read later', () => {
  const { fileName, text, binary, withoutReferences } = languageTypes(typescript);
  expect(binary.text).toContain('declare var Float64Array: Float64ArrayConstructor;');
  expect(text).not.toMatch(/\b(?:Float64Array|Atomics)\b/);
  const options = { target: typescript.ScriptTarget.ES2022, skipLibCheck: false, types: [] };
  const host = typescript.createCompilerHost(options);
  const { readFile } = host;
  host.getDefaultLibFileName = () => fileName;
  host.readFile = (name) => (name === fileName ? text : withoutReferences(readFile(name) ?? ''));
  host.getSourceFile = (name, version) => typescript.createSourceFile(name, host.readFile(name) ?? '', version);
  const program = typescript.createProgram([fileName], options, host);
  const found = typescript.getPreEmitDiagnostics(program).map(({ messageText, start }) => ({ messageText, start }));
  expect(found).toEqual([]);
});

/** Each interface, function and method with where its name stands. */
function* named(source: ts.SourceFile): Generator<readonly [start: number, ts.Node, name: string]> {
  const found: [number, ts.Node, string][] = [];
  const visit = (node: ts.Node): void => {
    const hasName =
      typescript.isInterfaceDeclaration(node) ||
      typescript.isFunctionDeclaration(node) ||
      typescript.isMethodSignature(node) ||
      typescript.isMethodDeclaration(node);
    if (hasName && node.name !== undefined) found.push([node.name.getStart(source), node, node.name.getText(source)]);
    typescript.forEachChild(node, visit);
  };
  visit(source);
  yield* found;
}

function docComment({ text }: ts.SourceFile, node: ts.Node): string | undefined {
  const range = typescript.getLeadingCommentRanges(text, node.pos)?.findLast(({ pos }) => text.startsWith('/**', pos));
  return range && commentOf(text, range.pos, range.end, typescript.sys.readFile);
}

test('places and comments in joined types are those in their files', () => {
  const service = createCellService(typescript, cwd);
  service.loadNodeTypes();
  const originals = new Map<string, ReadonlyMap<string, string>>();
  /** By place: name and comment. */
  const ofFile = (file: string): ReadonlyMap<string, string> => {
    const text = readFileSync(file, 'utf8');
    const source = typescript.createSourceFile(file, text, typescript.ScriptTarget.Latest, true);
    const entries = [...named(source)].map(([start, node, name]) => {
      const { line, character } = source.getLineAndCharacterOfPosition(start);
      return [`${line}:${character}`, `${name} ${docComment(source, node)}`] as const;
    });
    return new Map(entries);
  };
  const differences: unknown[] = [];
  let comments = 0;
  for (const source of service.program().getSourceFiles()) {
    if (!/\/(?:lib\.)?joined[^/]*$/.test(source.fileName)) continue;
    for (const [start, node, name] of named(source)) {
      const { file, linesBefore } = originOf(source.text, start) as Origin;
      const { line, character } = source.getLineAndCharacterOfPosition(start);
      if (!originals.has(file)) originals.set(file, ofFile(file));
      const comment = docComment(source, node);
      if (comment !== undefined) comments++;
      const expected = originals.get(file)?.get(`${line - linesBefore}:${character}`);
      if (expected !== `${name} ${comment}`) differences.push({ file, name, comment, expected });
    }
  }
  expect(differences).toEqual([]);
  expect(comments).toBeGreaterThan(2000);
  const files = [...originals.keys()].map((file) => path.basename(file));
  for (const name of ['lib.es5.d.ts', 'fs.d.ts', 'fetch.d.ts', 'dispatcher.d.ts']) expect(files).toContain(name);
});

test.each([
  ['/** One line. */ type A = 1;', '/** One line. */ type A = 1;'],
  ['type A = 1;\n  /**\n   * Two.\n   */\n  type B = 2;', 'type A = 1;\n/**@12*/\n\n\n  type B = 2;'],
  ['/**/ type A = 1; /* a\n b */ type B = 2;', '/**/ type A = 1; /* a\n b */ type B = 2;'],
  ['type A = "/**\\n"; type B = "*/";', 'type A = "/**\\n"; type B = "*/";'],
])('a text without its long doc comments: %j', (text, expected) => {
  expect(fromFile('f.d.ts', text)).toBe(`//@from f.d.ts\n${expected}`);
});
