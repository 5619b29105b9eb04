/**
 * From a checked cell to code that shares its names with other cells. Every name has one box for the whole session:
 * - a name of an earlier cell, `x`, becomes `__b_x.v`; so does a name that the cell imports, in a box of the cell's own:
 *   then a function reads the same in whichever cell it stands, and does not lose its import to a later declaration;
 * - the cell's own names are handed over, at its start, as accessors: `__cell.own({ get x() { return x; } })`;
 * - a function that is cached under a name gets that name: `const f = fleche({ f: (x) => x }.f)`;
 * - the value of the last expression is kept: `__cell.last = …`;
 * - `import(…)` and `import.meta` become the kernel's own, for Node.js has none in scripts;
 * - magics between statements become `await __cell.magic(2)`.
 */
import type ts from 'typescript';
import type { MagicLine } from '../../magics/types.js';
import { DYNAMIC_IMPORT, IMPORT_META, OWN_NAMES } from '../../shared/own-names.js';
import type { TypeScript } from '../load-typescript.js';
import type { CellText } from '../names.js';
import { functionNames, named } from './name-functions.js';
import { Redeclarations } from './redeclarations.js';

/** What the transformation needs to know, and what it found out. */
export interface CellTransformation {
  readonly typescript: TypeScript;
  readonly checker: ts.TypeChecker;
  readonly cell: CellText;
  readonly file: ts.SourceFile;
  /** The magics that run within the cell, with their numbers. */
  readonly magics: readonly { readonly line: MagicLine; readonly number: number }[];
  /** Filled: names of earlier cells that the code uses. */
  readonly used: Set<string>;
  /** Filled: names that the cell imports and uses. */
  readonly imported: Set<string>;
}

/** The transformer; it runs before TypeScript's own. */
export function cellTransformer(work: CellTransformation): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => (file.fileName === work.file.fileName ? transformed(work, context, file) : file);
}

function transformed(work: CellTransformation, context: ts.TransformationContext, file: ts.SourceFile): ts.SourceFile {
  const { typescript: t, cell } = work;
  const { factory: f } = context;
  const own = file.statements.filter((s) => s.pos >= cell.start - 1 && s.getStart(file) < cell.end);
  const names = new Map(own.flatMap((statement) => [...functionNames(t, work.checker, statement)]));
  const visit = boxedNames(work, context, file, names);
  const statements = own.map((statement) => visit(statement) as ts.Statement);
  const starts = own.map((statement) => statement.getStart(file) - cell.start);
  const lastMagic = work.magics.at(-1);
  const last = statements.at(-1);
  if (last && t.isExpressionStatement(last) && !(lastMagic && lastMagic.line.start > (starts.at(-1) as number))) {
    const target = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'last');
    const kept = f.createExpressionStatement(f.createAssignment(target, last.expression));
    statements[statements.length - 1] = t.setTextRange(kept, last);
  }
  const originals = new Map(statements.map((statement, index) => [statement, own[index]]));
  const redeclared = new Redeclarations(t, f, cell);
  const { handOver, imports } = ownNames(work, f);
  return f.updateSourceFile(file, [
    ...handOver,
    ...redeclared.before(own),
    ...withMagics(work, f, statements, starts).flatMap((statement) => [
      statement,
      ...importing(t, f, statement),
      ...redeclared.after(originals.get(statement)),
    ]),
    // Imports stay in the list of exports, or TypeScript would drop those that the cell itself does not use.
    ...file.statements.filter((s) => s.getStart(file) >= cell.end).map((s) => onlyNames(t, f, s, imports)),
  ]);
}

/** Replaces the names of earlier cells, and those of imports, by their boxes, and gives `names` to functions. */
function boxedNames(
  { typescript: t, checker, cell, used, imported }: CellTransformation,
  context: ts.TransformationContext,
  file: ts.SourceFile,
  names: ReadonlyMap<ts.Node, string>,
): ts.Visitor {
  const { factory: f } = context;
  const isImport = (declaration: ts.Declaration, symbol: ts.Symbol): boolean =>
    (t.isImportSpecifier(declaration) || t.isImportClause(declaration) || t.isNamespaceImport(declaration)) &&
    // These have no value: TypeScript puts their numbers in.
    !(checker.getAliasedSymbol(symbol).flags & t.SymbolFlags.ConstEnum);
  /** The names to note the box in, if a name is one that has a box. */
  const boxesOf = (name: ts.Identifier, symbol: ts.Symbol | undefined): Set<string> | undefined => {
    const declaration = symbol?.declarations?.find((d) => d.getSourceFile() === file);
    if (symbol === undefined || declaration === undefined) return undefined;
    if (declaration.pos < cell.start - 1) return used;
    return cell.scan.declared.has(name.text) && isImport(declaration, symbol) ? imported : undefined;
  };
  const box = (name: ts.Identifier, boxes: Set<string>): ts.Expression => {
    boxes.add(name.text);
    return t.setTextRange(f.createPropertyAccessExpression(f.createIdentifier(`__b_${name.text}`), 'v'), name);
  };
  const visit: ts.Visitor = (node) => {
    if (t.isTypeNode(node) && !t.isExpressionWithTypeArguments(node)) return node;
    if (t.isInterfaceDeclaration(node) || t.isTypeAliasDeclaration(node)) return node;
    if (t.isImportDeclaration(node) || t.isExportDeclaration(node)) return node;
    if (t.isMetaProperty(node) && node.keywordToken === t.SyntaxKind.ImportKeyword) {
      return t.setTextRange(f.createIdentifier(IMPORT_META), node);
    }
    if (t.isCallExpression(node) && node.expression.kind === t.SyntaxKind.ImportKeyword) {
      const callee = t.setTextRange(f.createIdentifier(DYNAMIC_IMPORT), node.expression);
      const given = node.arguments.map((argument) => visit(argument) as ts.Expression);
      return t.setTextRange(f.createCallExpression(callee, undefined, given), node);
    }
    if (t.isShorthandPropertyAssignment(node)) {
      const boxes = boxesOf(node.name, checker.getShorthandAssignmentValueSymbol(node));
      if (boxes === undefined) return t.visitEachChild(node, visit, context);
      const preset = node.objectAssignmentInitializer;
      const boxed = box(node.name, boxes);
      const value = preset ? f.createAssignment(boxed, visit(preset) as ts.Expression) : boxed;
      return f.createPropertyAssignment(f.createIdentifier(node.name.text), value);
    }
    if (t.isIdentifier(node)) {
      if (!cell.earlier.has(node.text) && !cell.scan.declared.has(node.text)) return node;
      const boxes = boxesOf(node, checker.getSymbolAtLocation(node));
      return boxes === undefined ? node : box(node, boxes);
    }
    const result = t.visitEachChild(node, visit, context);
    const name = names.get(node);
    if (name !== undefined) return named(f, name, result as ts.Expression);
    // `f(1)` must not become `__b_f.v(1)`, which would hand the box over as `this`.
    if (t.isCallExpression(result) && t.isCallExpression(node) && result.expression !== node.expression) {
      if (t.isIdentifier(node.expression)) {
        const noEnd = t.EmitFlags.NoTrailingSourceMap;
        const boxed = t.setEmitFlags(result.expression, noEnd);
        const comma = t.setEmitFlags(f.createComma(f.createNumericLiteral(0), boxed), noEnd);
        // V8 reports the call at its bracket, for which there must be no position nearer than that of the name.
        const callee = t.setEmitFlags(t.setTextRange(f.createParenthesizedExpression(comma), node.expression), noEnd);
        return f.updateCallExpression(result, callee, result.typeArguments, result.arguments);
      }
    }
    return result;
  };
  return visit;
}

/** The statement that hands the cell's own names over, and the names that are imports. */
function ownNames(
  { typescript: t, checker, cell, file }: CellTransformation,
  f: ts.NodeFactory,
): { handOver: ts.Statement[]; imports: ReadonlySet<string> } {
  const accessors: ts.ObjectLiteralElementLike[] = [];
  const imports = new Set<string>();
  const module = checker.getSymbolAtLocation(file);
  for (const exported of module ? checker.getExportsOfModule(module) : []) {
    const { name } = exported;
    const kind = cell.scan.declared.get(name);
    if (kind === undefined || kind === 'type' || cell.scan.exported.has(name)) continue;
    const target = exported.flags & t.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const isUnknown = target.escapedName === 'unknown';
    if (!(target.flags & t.SymbolFlags.Value) && !isUnknown) continue;
    const declaration = exported.declarations?.[0];
    const local =
      declaration && t.isExportSpecifier(declaration)
        ? checker.getExportSpecifierLocalTargetSymbol(declaration)
        : exported;
    if (local && local.flags & t.SymbolFlags.Alias) {
      imports.add(name);
      continue;
    }
    if (target.declarations?.every((d) => isAmbient(t, d))) continue;
    const id = (): ts.Identifier => f.createIdentifier(name);
    accessors.push(
      f.createGetAccessorDeclaration(undefined, name, [], undefined, f.createBlock([f.createReturnStatement(id())])),
    );
    // What no function sees is nobody's but the box's once the cell has ended, and a plain value there.
    if (kind === 'let' && cell.scan.enclosed.has(name)) {
      const assign = f.createExpressionStatement(f.createAssignment(id(), f.createIdentifier('__v')));
      const parameter = f.createParameterDeclaration(undefined, undefined, '__v');
      accessors.push(f.createSetAccessorDeclaration(undefined, name, [parameter], f.createBlock([assign])));
    }
  }
  if (accessors.length === 0) return { handOver: [], imports };
  const own = (): ts.Identifier => f.createIdentifier(OWN_NAMES);
  const declared = f.createVariableDeclarationList(
    [f.createVariableDeclaration(own(), undefined, undefined, f.createObjectLiteralExpression(accessors))],
    t.NodeFlags.Const,
  );
  // Seen by a function, the accessors are where the cell's functions look for their variables.
  const seen = f.createArrowFunction(undefined, undefined, [], undefined, undefined, own());
  const call = f.createCallExpression(
    f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'own'),
    undefined,
    [own(), seen],
  );
  return { handOver: [f.createVariableStatement(undefined, declared), f.createExpressionStatement(call)], imports };
}

/** After an import, the statement that puts what it brought into the cell's own boxes. */
function importing(t: TypeScript, f: ts.NodeFactory, statement: ts.Statement): ts.Statement[] {
  if (!t.isImportDeclaration(statement) || !statement.importClause) return [];
  const call = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'imported');
  return [f.createExpressionStatement(f.createCallExpression(call, undefined, []))];
}

/** Whether a declaration makes nothing at run time: `declare const x: number`. */
function isAmbient(t: TypeScript, declaration: ts.Declaration): boolean {
  return (t.getCombinedModifierFlags(declaration) & t.ModifierFlags.Ambient) !== 0;
}

function onlyNames(
  t: TypeScript,
  f: ts.NodeFactory,
  statement: ts.Statement,
  names: ReadonlySet<string>,
): ts.Statement {
  if (!t.isExportDeclaration(statement) || !statement.exportClause || !t.isNamedExports(statement.exportClause)) {
    return statement;
  }
  const elements = statement.exportClause.elements.filter(({ name }) => names.has(name.text));
  return f.updateExportDeclaration(
    statement,
    statement.modifiers,
    statement.isTypeOnly,
    f.updateNamedExports(statement.exportClause, elements),
    statement.moduleSpecifier,
    statement.attributes,
  );
}

/** Puts each magic before the first statement that begins after it. */
function withMagics(
  { magics }: CellTransformation,
  f: ts.NodeFactory,
  statements: readonly ts.Statement[],
  starts: readonly number[],
): ts.Statement[] {
  const result: ts.Statement[] = [];
  const rest = [...magics];
  const put = (until: number): void => {
    while (rest[0] !== undefined && rest[0].line.start < until) {
      const { number } = rest.shift() as (typeof magics)[number];
      const magic = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'magic');
      const call = f.createCallExpression(magic, undefined, [f.createNumericLiteral(number)]);
      result.push(f.createExpressionStatement(f.createAwaitExpression(call)));
    }
  };
  statements.forEach((statement, index) => {
    put(starts[index] as number);
    result.push(statement);
  });
  put(Number.POSITIVE_INFINITY);
  return result;
}
