/**
 * Turns the body of a cell into that of a generator: what is awaited at the top level is yielded, and the kernel steps it.
 * So each stretch between two awaits runs where an interrupt can stop it. Functions in the cell stay as they are.
 */
import type ts from 'typescript';
import type { ModuleImports } from '../es-modules.js';
import type { TypeScript } from '../load-typescript.js';
import type { CellText } from '../names.js';

/**
 * The transformer; it runs after TypeScript's own, which turns `await using` into plain awaits.
 * `state.yields` is set if there is anything to yield. What the user awaits comes with its place: `yield __cell.awaits(E, 17)`.
 */
export function segmentTransformer(
  t: TypeScript,
  state: { yields: boolean },
  cell: CellText,
  imports: ModuleImports,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory: f } = context;
    let loops = 0;
    const yielded = (operand: ts.Expression): ts.Expression => {
      state.yields = true;
      return f.createParenthesizedExpression(f.createYieldExpression(undefined, operand));
    };
    const awaited = (node: ts.AwaitExpression): ts.Expression => {
      const operand = visitNode(node.expression);
      const written = t.getParseTreeNode(node, t.isAwaitExpression);
      if (written === undefined) return yielded(operand);
      const offset = f.createNumericLiteral(Math.max(0, written.getStart() - cell.start));
      const awaits = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'awaits');
      return yielded(f.createCallExpression(awaits, undefined, [operand, offset]));
    };
    /** In what TypeScript has made of an import, `(yield __cell.load("x", true, 17)).module` for `require("x")`. */
    const loading = (node: ts.Node, given: () => ts.Expression[]): ts.Node => {
      if (!t.isCallExpression(node) || !t.isIdentifier(node.expression) || node.expression.text !== 'require') {
        return t.visitEachChild(node, (child) => loading(child, given), context);
      }
      const load = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'load');
      return f.createPropertyAccessExpression(yielded(f.createCallExpression(load, undefined, given())), 'module');
    };
    const iterator = (name: string, member: string, ...args: ts.Expression[]): ts.Expression =>
      f.createCallExpression(f.createPropertyAccessExpression(f.createIdentifier(name), member), undefined, args);

    /**
     * `for await (const x of E) S`, with `__i` what `__cell.iterate(E)` gives:
     * `try { while (__i.take(yield __i.next())) { const x = __i.value; S } } catch (e) { yield __i.abandon(); throw e }
     * finally { yield __i.close() }`. Labels stay at the loop, so that `continue` finds it.
     */
    const forAwait = (node: ts.ForOfStatement, labels: readonly ts.Identifier[]): ts.Statement => {
      const name = `__i${++loops}`;
      const value = f.createPropertyAccessExpression(f.createIdentifier(name), 'value');
      const iterate = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'iterate');
      const source = f.createCallExpression(iterate, undefined, [visitNode(node.expression)]);
      const bind = t.isVariableDeclarationList(node.initializer)
        ? f.createVariableStatement(
            undefined,
            f.updateVariableDeclarationList(
              node.initializer,
              node.initializer.declarations.map((d) =>
                f.updateVariableDeclaration(d, visitNode(d.name), undefined, undefined, value),
              ),
            ),
          )
        : f.createExpressionStatement(f.createAssignment(visitNode(node.initializer), value));
      const body = f.createBlock([bind, visitNode(node.statement)], true);
      let loop: ts.Statement = f.createWhileStatement(iterator(name, 'take', yielded(iterator(name, 'next'))), body);
      for (const label of [...labels].reverse()) loop = f.createLabeledStatement(label, loop);
      const guarded = f.createTryStatement(
        f.createBlock([loop], true),
        f.createCatchClause(
          '__e',
          f.createBlock([
            f.createExpressionStatement(yielded(iterator(name, 'abandon'))),
            f.createThrowStatement(f.createIdentifier('__e')),
          ]),
        ),
        f.createBlock([f.createExpressionStatement(yielded(iterator(name, 'close')))]),
      );
      const declared = f.createVariableDeclarationList(
        [f.createVariableDeclaration(name, undefined, undefined, source)],
        t.NodeFlags.Const,
      );
      return f.createBlock([f.createVariableStatement(undefined, declared), guarded], true);
    };

    const visit = (node: ts.Node): ts.Node => {
      if (t.isClassLike(node)) return t.visitEachChild(node, visitMember, context);
      if (t.isFunctionLike(node)) return node;
      const declaration: ts.Node | undefined = t.getParseTreeNode(node);
      if (declaration && t.isImportDeclaration(declaration) && t.isStringLiteral(declaration.moduleSpecifier)) {
        const { text } = declaration.moduleSpecifier;
        const wanted = imports.get(text);
        if (wanted === undefined) return node;
        const offset = Math.max(0, declaration.getStart() - cell.start);
        return loading(node, () => [
          f.createStringLiteral(text),
          wanted.wantsDefault ? f.createTrue() : f.createFalse(),
          f.createNumericLiteral(offset),
        ]);
      }
      if (t.isAwaitExpression(node)) return awaited(node);
      if (t.isForOfStatement(node) && node.awaitModifier) return forAwait(node, []);
      if (t.isLabeledStatement(node)) {
        const labels: ts.Identifier[] = [];
        let inner: ts.Statement = node;
        for (; t.isLabeledStatement(inner); inner = inner.statement) labels.push(inner.label);
        if (t.isForOfStatement(inner) && inner.awaitModifier) return forAwait(inner, labels);
      }
      return t.visitEachChild(node, visit, context);
    };
    /** Of a class, only computed names and what it extends belong to the scope around it. */
    const visitMember = (node: ts.Node): ts.Node => {
      if (!t.isClassElement(node)) return visit(node);
      return t.visitEachChild(node, (part) => (t.isComputedPropertyName(part) ? visit(part) : part), context);
    };
    const visitNode = <T extends ts.Node>(node: T): T => visit(node) as T;
    return (file) => t.visitEachChild(file, visit, context);
  };
}
