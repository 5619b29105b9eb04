/**
 * Puts a check for interrupts into the loops of a cell that may not end by themselves, wherever they stand: in the cell, in
 * its functions and in what those do after an `await`. See `shared/check-names.ts` for what it writes.
 */
import type ts from 'typescript';
import { CALL, CHECK } from '../shared/check-names.js';
import { boundedLoops } from './bounded-loops.js';
import type { TypeScript } from './load-typescript.js';

/** A function that is being visited; the top level of the cell is none. */
interface Enclosing {
  readonly isAsync: boolean;
  /** Whether one of its loops has a check. */
  isChecked: boolean;
}

/** The transformer; it runs before TypeScript's own, on a file whose types are known. */
export function loopTransformer(
  t: TypeScript,
  checker: ts.TypeChecker,
  cellFile: string,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory: f } = context;
    const isBounded = boundedLoops(t, checker);
    let enclosing: Enclosing | undefined;

    const name = (): ts.Identifier => f.createIdentifier(CHECK);
    const statement = (expression: ts.Expression): ts.Statement => f.createExpressionStatement(expression);
    const check = (isAsync: boolean, isAdded: boolean): ts.Statement => {
      const callee = isAsync ? f.createPropertyAccessExpression(name(), 'turn') : name();
      const added = isAdded ? [f.createNumericLiteral(1)] : [];
      return statement(
        f.createCallExpression(callee, undefined, [...(isAsync ? [f.createIdentifier(CALL)] : []), ...added]),
      );
    };

    const checkedBody = (body: ts.Statement, isAsync: boolean): ts.Statement => {
      if (t.isBlock(body)) return f.updateBlock(body, [check(isAsync, false), ...body.statements]);
      return t.setTextRange(f.createBlock([check(isAsync, true), body, statement(name())], true), body);
    };
    const withBody = (loop: ts.IterationStatement, body: ts.Statement): ts.Statement => {
      if (t.isForStatement(loop)) {
        return f.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
      }
      if (t.isForInStatement(loop)) return f.updateForInStatement(loop, loop.initializer, loop.expression, body);
      if (t.isForOfStatement(loop)) {
        return f.updateForOfStatement(loop, loop.awaitModifier, loop.initializer, loop.expression, body);
      }
      if (t.isWhileStatement(loop)) return f.updateWhileStatement(loop, loop.expression, body);
      return f.updateDoStatement(loop as ts.DoStatement, body, (loop as ts.DoStatement).expression);
    };

    /** The body of an async function, with what the checks of its loops need. */
    const withCall = (body: ts.Block): ts.Block => {
      const call = f.createCallExpression(f.createPropertyAccessExpression(name(), 'enter'), undefined, []);
      const declared = f.createVariableDeclarationList(
        [f.createVariableDeclaration(CALL, undefined, undefined, call)],
        t.NodeFlags.Const,
      );
      const first = body.statements.findIndex((s) => !(t.isExpressionStatement(s) && t.isStringLiteral(s.expression)));
      const at = first < 0 ? body.statements.length : first;
      const statements = [...body.statements];
      statements.splice(at, 0, f.createVariableStatement(undefined, declared));
      return f.updateBlock(body, statements);
    };

    const visitFunction = (node: ts.FunctionLikeDeclaration): ts.Node => {
      const outer = enclosing;
      const isAsync = (t.getCombinedModifierFlags(node) & t.ModifierFlags.Async) !== 0;
      const own: Enclosing = { isAsync, isChecked: false };
      enclosing = own;
      const { body } = t.getOriginalNode(node) as ts.FunctionLikeDeclaration;
      const visitPart = (part: ts.Node): ts.Node => {
        const visited = visit(part);
        const isBody = isAsync && own.isChecked && t.isBlock(visited) && t.getOriginalNode(part) === body;
        return isBody ? withCall(visited) : visited;
      };
      const result = t.visitEachChild(node, visitPart, context);
      enclosing = outer;
      return result;
    };

    const visit = (node: ts.Node): ts.Node => {
      if (t.isFunctionLike(node)) return 'body' in node ? visitFunction(node as ts.FunctionLikeDeclaration) : node;
      if (t.isPropertyDeclaration(node) || t.isClassStaticBlockDeclaration(node)) {
        const outer = enclosing;
        enclosing = undefined;
        const result = t.visitEachChild(node, visit, context);
        enclosing = outer;
        return result;
      }
      if (!t.isIterationStatement(node, false)) return t.visitEachChild(node, visit, context);
      const original = t.getOriginalNode(node) as ts.IterationStatement;
      const visited = t.visitEachChild(node, visit, context);
      if (isBounded(original)) return visited;
      if (enclosing) enclosing.isChecked = true;
      return withBody(visited, checkedBody(visited.statement, enclosing?.isAsync === true));
    };
    return (file) => (file.fileName === cellFile ? t.visitEachChild(file, visit, context) : file);
  };
}
