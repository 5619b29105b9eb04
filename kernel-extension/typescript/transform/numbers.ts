/**
 * Numbers that a loop at the top level of a cell assigns are locals of the loop while it runs. They are shared with other
 * cells, by an accessor or by a box, and a shared number is made anew at each assignment: ten times the time of a sum.
 * So are the numbers and arrays of earlier cells that it reads.
 *
 * `for (…) total += x` becomes `{ let __fleche_total = total; try { for (…) __fleche_total += x } finally { total =
 * __fleche_total } }`, if nothing that runs in the loop can see `total`.
 */
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';
import type { CellText } from '../names.js';
import { arrays, assignedNames, assignedTarget, otherCode, some } from './code-that-runs.js';

const LOCAL = '__fleche_';

/** Variables, and whether they are assigned. */
type OwnVariables = ReadonlyMap<ts.Symbol, boolean>;

/** The transformer; it runs after that of the cell's names and before TypeScript's own. */
export function numberTransformer(
  t: TypeScript,
  checker: ts.TypeChecker,
  cellFile: string,
  cell: CellText,
): ts.TransformerFactory<ts.SourceFile> {
  const runsOther = otherCode(t, checker);
  const { isArray } = arrays(checker);
  const { earlier, scan } = cell;

  /** Nothing of it can see a variable of another cell: it calls nothing, reads no accessor and iterates over arrays only. */
  const isAlone = (loop: ts.Node): boolean =>
    !some(t, loop, (node) => {
      if (runsOther(node)) return true;
      if (t.isForOfStatement(node)) return !isArray(node.expression);
      if (t.isPropertyAccessExpression(node) || t.isElementAccessExpression(node)) return mayRunAccessor(node);
      return false;
    });
  const mayRunAccessor = (node: ts.PropertyAccessExpression | ts.ElementAccessExpression): boolean => {
    if (isArray(node.expression)) return false;
    if (t.isElementAccessExpression(node)) return true;
    const property = checker.getSymbolAtLocation(node.name);
    return property === undefined || (property.flags & t.SymbolFlags.Accessor) !== 0;
  };

  /** Whether an identifier stands for a variable at the top level of this cell or of an earlier one. */
  const isTop = ({ valueDeclaration: declared }: ts.Symbol): boolean => {
    if (!declared || !t.isVariableDeclaration(declared)) return false;
    const statement = declared.parent.parent;
    return t.isVariableStatement(statement) && t.isSourceFile(statement.parent);
  };
  const isEarlier = ({ name, declarations }: ts.Symbol): boolean =>
    earlier.has(name) &&
    declarations?.every((d) => d.getSourceFile().fileName === cellFile && d.pos < cell.start - 1) === true;

  /** The variables that a loop may have for itself, and whether it assigns them. */
  const ownVariables = (loop: ts.Node): Map<ts.Symbol, boolean> => {
    const found = new Map<ts.Symbol, boolean>();
    const assigned = new Set<ts.Symbol | undefined>();
    some(t, loop, (node) => {
      const target = assignedTarget(t, node);
      for (const name of target ? assignedNames(t, target) : []) assigned.add(variableOf(name));
      return false;
    });
    let alone: boolean | undefined;
    some(t, loop, (node) => {
      const symbol = t.isIdentifier(node) ? variableOf(node) : undefined;
      if (symbol === undefined || scan.exported.has(symbol.name)) return false;
      const isAssigned = assigned.has(symbol);
      const isNumber = (checker.getTypeAtLocation(node).flags & t.TypeFlags.NumberLike) !== 0;
      if (isEarlier(symbol)) {
        if (!isNumber && (isAssigned || !isArray(node as ts.Identifier))) return false;
        // A variable of another cell is seen by whatever runs.
        alone ??= isAlone(loop);
        if (alone) found.set(symbol, isAssigned);
      } else if (isAssigned && isNumber && isTop(symbol) && !scan.enclosed.has(symbol.name)) found.set(symbol, true);
      return false;
    });
    return found;
  };
  const variableOf = (name: ts.Identifier): ts.Symbol | undefined =>
    t.isShorthandPropertyAssignment(name.parent)
      ? checker.getShorthandAssignmentValueSymbol(name.parent)
      : checker.getSymbolAtLocation(name);

  return (context) => {
    const { factory: f } = context;
    /** Those that a loop around has already. */
    const taken = new Set<ts.Symbol>();

    const renamed = (loop: ts.Statement, variables: OwnVariables): ts.Statement => {
      const names = new Map([...variables.keys()].map((symbol) => [symbol.name, symbol]));
      const local = (name: string, at: ts.Node): ts.Identifier => t.setTextRange(f.createIdentifier(LOCAL + name), at);
      const visit = (node: ts.Node): ts.Node => {
        if (t.isPropertyAccessExpression(node) && t.isIdentifier(node.expression) && node.name.text === 'v') {
          const name = /^__b_(.*)$/s.exec(node.expression.text)?.[1];
          if (name !== undefined && names.has(name)) return local(name, node);
        }
        if (t.isShorthandPropertyAssignment(node) && names.has(node.name.text)) {
          const { name, objectAssignmentInitializer: preset } = node;
          if (checker.getShorthandAssignmentValueSymbol(t.getOriginalNode(node)) !== names.get(name.text)) return node;
          const value = local(name.text, name);
          return f.createPropertyAssignment(
            f.createIdentifier(name.text),
            preset ? f.createAssignment(value, visit(preset) as ts.Expression) : value,
          );
        }
        if (t.isIdentifier(node)) {
          const symbol = names.get(node.text);
          return symbol !== undefined && checker.getSymbolAtLocation(node) === symbol ? local(node.text, node) : node;
        }
        return t.visitEachChild(node, visit, context);
      };
      return visit(loop) as ts.Statement;
    };

    const shared = (symbol: ts.Symbol): ts.Expression =>
      isEarlier(symbol)
        ? f.createPropertyAccessExpression(f.createIdentifier(`__b_${symbol.name}`), 'v')
        : f.createIdentifier(symbol.name);

    const withLocals = (loop: ts.Statement, variables: OwnVariables): ts.Statement => {
      const own = renamed(loop, variables);
      const declarations = [...variables.keys()].map((symbol) =>
        f.createVariableDeclaration(LOCAL + symbol.name, undefined, undefined, shared(symbol)),
      );
      const declared = f.createVariableDeclarationList(declarations, t.NodeFlags.Let);
      const back = [...variables].flatMap(([symbol, isAssigned]) => {
        const assignment = f.createAssignment(shared(symbol), f.createIdentifier(LOCAL + symbol.name));
        return isAssigned ? [f.createExpressionStatement(assignment)] : [];
      });
      const guarded =
        back.length === 0
          ? own
          : f.createTryStatement(f.createBlock([own], true), undefined, f.createBlock(back, true));
      return f.createBlock([f.createVariableStatement(undefined, declared), guarded], true);
    };

    const visit = (node: ts.Node): ts.Node => {
      if (t.isFunctionLike(node) || t.isClassLike(node) || t.isModuleDeclaration(node)) return node;
      // A label must stay at its loop.
      let inner = node;
      while (t.isLabeledStatement(inner)) inner = inner.statement;
      if (!t.isIterationStatement(inner, false)) return t.visitEachChild(node, visit, context);
      const variables = ownVariables(t.getOriginalNode(inner));
      for (const symbol of taken) variables.delete(symbol);
      for (const symbol of variables.keys()) taken.add(symbol);
      const visited = t.visitEachChild(node, inner === node ? visit : visitLabeled, context) as ts.Statement;
      for (const symbol of variables.keys()) taken.delete(symbol);
      return variables.size > 0 ? withLocals(visited, variables) : visited;
    };
    const visitLabeled = (node: ts.Node): ts.Node =>
      t.visitEachChild(node, t.isLabeledStatement(node) ? visitLabeled : visit, context);

    return (file) => (file.fileName === cellFile ? t.visitEachChild(file, visit, context) : file);
  };
}
