/** Which imports of a cell bring in ECMAScript modules of packages: these have a default export only if they say so. */
import type ts from 'typescript';
import type { CellDiagnostic } from './cell-diagnostic.js';
import type { TypeScript } from './load-typescript.js';
import type { CellText } from './names.js';

/** Specifiers of modules that may be ECMAScript modules, each with whether the cell wants its default export. */
export type ModuleImports = ReadonlyMap<string, { wantsDefault: boolean }>;

interface Parts {
  readonly typescript: TypeScript;
  readonly checker: ts.TypeChecker;
  readonly file: ts.SourceFile;
  readonly cell: CellText;
}

/** The imports in a cell that have to be loaded as modules are. */
export function moduleImports(parts: Parts): ModuleImports {
  const result = new Map<string, { wantsDefault: boolean }>();
  for (const { node, specifier } of importsOf(parts)) {
    if (/^(?:node:|fleche(?:\/|$)|tslab$)/.test(specifier.text)) continue;
    const target = targetOf(parts, specifier);
    const isRelative = /^\.{0,2}\//.test(specifier.text);
    // Of a package without types nothing is known before it is loaded.
    if (target === undefined ? isRelative && !/\.mjs$/.test(specifier.text) : !isEsModule(parts.typescript, target))
      continue;
    const known = result.get(specifier.text);
    const wantsDefault = defaultName(parts.typescript, node) !== undefined || known?.wantsDefault === true;
    result.set(specifier.text, { wantsDefault });
  }
  return result;
}

/** The errors that TypeScript does not see, because it takes modules of packages for CommonJS. */
export function missingDefaults(parts: Parts): CellDiagnostic[] {
  const { typescript: t, checker, file, cell } = parts;
  const found: CellDiagnostic[] = [];
  for (const { node, specifier } of importsOf(parts)) {
    const name = defaultName(t, node);
    const target = targetOf(parts, specifier);
    if (name === undefined || target === undefined || !target.isDeclarationFile || !isEsModule(t, target)) continue;
    const module = checker.getSymbolAtLocation(specifier) as ts.Symbol;
    if (module.exports?.has(t.InternalSymbolName.ExportEquals)) continue;
    if (checker.getExportsOfModule(module).some((each) => each.escapedName === t.InternalSymbolName.Default)) continue;
    const start = name.getStart(file);
    const { line, character } = file.getLineAndCharacterOfPosition(start);
    const message = `Module '${specifier.text}' has no default export: write import * as ${name.text} or import { … }.`;
    const place = { file: undefined, line, column: character + 1, length: name.end - start };
    if (start >= cell.start) found.push({ ...place, message, code: 1192 });
  }
  return found;
}

function importsOf({
  typescript: t,
  file,
  cell,
}: Parts): { node: ts.ImportDeclaration; specifier: ts.StringLiteral }[] {
  return file.statements.flatMap((node) => {
    if (!t.isImportDeclaration(node) || node.pos < cell.start - 1) return [];
    return t.isStringLiteral(node.moduleSpecifier) ? [{ node, specifier: node.moduleSpecifier }] : [];
  });
}

/** The name that the default export gets. */
function defaultName(t: TypeScript, { importClause }: ts.ImportDeclaration): ts.Identifier | undefined {
  if (importClause === undefined || importClause.phaseModifier === t.SyntaxKind.TypeKeyword) return undefined;
  if (importClause.name) return importClause.name;
  const { namedBindings } = importClause;
  if (namedBindings === undefined || !t.isNamedImports(namedBindings)) return undefined;
  return namedBindings.elements.find(({ propertyName, isTypeOnly }) => !isTypeOnly && propertyName?.text === 'default')
    ?.name;
}

function targetOf({ checker }: Parts, specifier: ts.StringLiteral): ts.SourceFile | undefined {
  return checker.getSymbolAtLocation(specifier)?.declarations?.[0]?.getSourceFile();
}

function isEsModule(t: TypeScript, { fileName, impliedNodeFormat }: ts.SourceFile): boolean {
  if (/\.m[jt]s$/.test(fileName)) return true;
  return fileName.includes('/node_modules/') && impliedNodeFormat === t.ModuleKind.ESNext;
}
