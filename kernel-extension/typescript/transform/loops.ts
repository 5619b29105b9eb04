/**
 * Puts a check for interrupts into the loops of a cell that may not end by themselves, wherever they stand: in the cell, in
 * its functions and in what those do after an `await`. See `shared/check-names.ts` for what it writes.
 */
import type ts from 'typescript';
import { CALL, CHECK } from '../../shared/check-names.js';
import type { TypeScript } from '../load-typescript.js';
import { boundedLoops } from './bounded-loops.js';
import { arrays, otherCode, some } from './code-that-runs.js';
import { isTight, repetitions } from './unrolled-loops.js';

/** A function that is being visited; the top level of the cell is none. */
interface Enclosing {
  readonly isAsync: boolean;
  /** Whether one of its loops has a check. */
  isChecked: boolean;
  /** Whether a loop is being visited in which nothing else can run. */
  isAlone: boolean;
}

/**
 * `light`: in an async function, where no other code can have run since a check of kind `turn`; V8 makes less of those.
 */
type Kind = 'sync' | 'turn' | 'light';

/** The transformer; it runs before TypeScript's own, on a file whose types are known. */
export function loopTransformer(
  t: TypeScript,
  checker: ts.TypeChecker,
  cellFile: string,
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory: f } = context;
    const isBounded = boundedLoops(t, checker);
    const runsOther = otherCode(t, checker);
    const { isArray } = arrays(checker);
    let enclosing: Enclosing | undefined;

    const name = (): ts.Identifier => f.createIdentifier(CHECK);
    const statement = (expression: ts.Expression): ts.Statement => f.createExpressionStatement(expression);
    const check = (kind: Kind, isAdded: boolean): ts.Statement => {
      const callee = kind === 'turn' ? f.createPropertyAccessExpression(name(), 'turn') : name();
      const call = kind === 'sync' ? [] : [f.createIdentifier(CALL)];
      const added = isAdded ? [f.createNumericLiteral(1)] : [];
      return statement(f.createCallExpression(callee, undefined, [...call, ...added]));
    };

    const checkedBody = (loop: ts.IterationStatement, kind: Kind): ts.Statement => {
      const { statement: body } = loop;
      const original = t.getOriginalNode(loop) as ts.IterationStatement;
      const more = isTight(t, original) && isAlone(original) ? repetitions(t, f, loop as ts.WhileStatement) : [];
      if (t.isBlock(body)) return f.updateBlock(body, [check(kind, false), ...body.statements, ...more]);
      return t.setTextRange(f.createBlock([check(kind, true), body, ...more, statement(name())], true), body);
    };
    /** Nothing but the loop itself goes on before it has ended. */
    const isAlone = (loop: ts.IterationStatement): boolean =>
      !some(
        t,
        loop,
        (node) =>
          runsOther(node) || t.isForInStatement(node) || (t.isForOfStatement(node) && !isArray(node.expression)),
      );
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
      const own: Enclosing = { isAsync, isChecked: false, isAlone: false };
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
      if (isBounded(original)) return t.visitEachChild(node, visit, context);
      if (!enclosing?.isAsync) {
        if (enclosing) enclosing.isChecked = true;
        const visited = t.visitEachChild(node, visit, context);
        return withBody(visited, checkedBody(visited, 'sync'));
      }
      const own = enclosing;
      const isInner = own.isAlone;
      own.isChecked = true;
      own.isAlone ||= isAlone(original);
      const isLight = own.isAlone && (isInner || !t.isLabeledStatement(original.parent));
      const visited = t.visitEachChild(node, visit, context);
      own.isAlone = isInner;
      const checked = withBody(visited, checkedBody(visited, isLight ? 'light' : 'turn'));
      return isLight && !isInner ? f.createBlock([check('turn', true), checked, statement(name())]) : checked;
    };
    return (file) => (file.fileName === cellFile ? t.visitEachChild(file, visit, context) : file);
  };
}
