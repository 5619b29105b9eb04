/**
 * Which loops end by themselves, so that they need no check for interrupts: those are the tight numeric ones, where a
 * check would cost several times what the loop does on its first and mostly only run.
 */
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';
import { arrays, assignedNames, assignedTarget, otherCode, some } from './code-that-runs.js';

/** Tells whether a loop ends by itself. It is asked about nodes as they were parsed. */
export type IsBounded = (loop: ts.IterationStatement) => boolean;

/**
 * `for (let i = a; i < b; i++)`, `while (i < b) { …; i++; }` and `for (const x of array)`, whose bodies call nothing but
 * `Math`, hold no loop and assign neither the counter, but for its one step, nor what bounds it. The first may `yield` as well
 * if nothing can change the bound meanwhile.
 */
export function boundedLoops(t: TypeScript, checker: ts.TypeChecker): IsBounded {
  const K = t.SyntaxKind;
  const runsOther = otherCode(t, checker);

  const { isArray, isTypedArray } = arrays(checker);

  /** Whether code may run other code, or wait, or go round once more. */
  const leaves = (node: ts.Node): boolean => t.isIterationStatement(node, false) || runsOther(node);

  /** Whether an assignment may change what is in `names`. Elements of typed arrays, and of arrays at the loop's own index, lengthen nothing. */
  const mayChange = (target: ts.Expression, names: ReadonlySet<string>, counter: string | undefined): boolean => {
    if (t.isElementAccessExpression(target)) {
      const index = target.argumentExpression;
      if (t.isIdentifier(index) && index.text === counter) return false;
      if (isTypedArray(target.expression)) return false;
    }
    let root: ts.Expression = target;
    for (;;) {
      if (t.isPropertyAccessExpression(root) || t.isElementAccessExpression(root)) root = root.expression;
      else if (t.isParenthesizedExpression(root) || t.isNonNullExpression(root) || t.isAsExpression(root)) {
        root = root.expression;
      } else return !t.isIdentifier(root) || names.has(root.text);
    }
  };

  const isCalm = (
    node: ts.Node,
    names: ReadonlySet<string>,
    counter: string | undefined,
    mayYield: boolean = false,
  ): boolean =>
    !some(t, node, (inner) => {
      if (leaves(inner) && !(mayYield && t.isYieldExpression(inner) && !inner.asteriskToken)) return true;
      const target = assignedTarget(t, inner);
      return target !== undefined && mayChange(target, names, counter);
    });

  const namesIn = (node: ts.Node): Set<string> => {
    const names = new Set<string>();
    some(t, node, (inner) => {
      if (t.isIdentifier(inner)) names.add(inner.text);
      return false;
    });
    return names;
  };

  /** 1: the loop counts up, -1: down, 0: who knows. */
  const direction = (step: ts.Expression | undefined, counter: ts.Identifier): number => {
    const isCounter = (node: ts.Expression): boolean =>
      t.isIdentifier(node) && checker.getSymbolAtLocation(node) === checker.getSymbolAtLocation(counter);
    if (step === undefined) return 0;
    if (t.isPostfixUnaryExpression(step) || t.isPrefixUnaryExpression(step)) {
      if (!isCounter(step.operand)) return 0;
      return step.operator === K.PlusPlusToken ? 1 : step.operator === K.MinusMinusToken ? -1 : 0;
    }
    if (!t.isBinaryExpression(step) || !isCounter(step.left)) return 0;
    if (!t.isNumericLiteral(step.right) || !(Number(step.right.text) > 0)) return 0;
    return step.operatorToken.kind === K.PlusEqualsToken ? 1 : step.operatorToken.kind === K.MinusEqualsToken ? -1 : 0;
  };

  /** What a condition compares a counter with, and which way the counter must go to reach it. */
  const limit = (condition: ts.Expression | undefined) => {
    if (!condition || !t.isBinaryExpression(condition) || !t.isIdentifier(condition.left)) return undefined;
    const { kind } = condition.operatorToken;
    const isUp = kind === K.LessThanToken || kind === K.LessThanEqualsToken;
    if (!isUp && kind !== K.GreaterThanToken && kind !== K.GreaterThanEqualsToken) return undefined;
    const counter = condition.left;
    const bound = namesIn(condition.right);
    // The one bound that no counter reaches, and one that the counter runs away from.
    if (bound.has('Infinity') || bound.has(counter.text) || !isCalm(condition.right, bound, undefined))
      return undefined;
    // An array is lengthened by what is assigned to the index that is its length.
    const index = kind === K.LessThanEqualsToken ? undefined : counter.text;
    return { counter, way: isUp ? 1 : -1, index, names: new Set(bound).add(counter.text), bound: condition.right };
  };

  /** Whether a bound is always the same: a number, a constant, or a parameter that nothing is assigned to. */
  const isFixed = (bound: ts.Expression): boolean => {
    if (t.isNumericLiteral(bound)) return true;
    if (!t.isIdentifier(bound)) return false;
    const declaration = checker.getSymbolAtLocation(bound)?.valueDeclaration;
    if (declaration === undefined) return false;
    if (t.isVariableDeclaration(declaration)) return (t.getCombinedNodeFlags(declaration) & t.NodeFlags.Const) !== 0;
    return t.isParameter(declaration) && !isAssigned(declaration.parent, bound.text);
  };

  const isAssigned = (within: ts.Node, name: string): boolean =>
    some(t, within, (inner) => {
      const target = assignedTarget(t, inner);
      return target !== undefined && assignedNames(t, target).some(({ text }) => text === name);
    });

  const isCounting = ({ initializer, condition, incrementor, statement }: ts.ForStatement): boolean => {
    if (!initializer || !t.isVariableDeclarationList(initializer)) return false;
    const found = limit(condition);
    if (!found || direction(incrementor, found.counter) !== found.way) return false;
    const isOwn = initializer.declarations.some(({ name }) => t.isIdentifier(name) && name.text === found.counter.text);
    return isOwn && isCalm(statement, found.names, found.index, isFixed(found.bound));
  };

  /** `while` and `do` with the step as a statement of the body that each turn comes to. */
  const isCountingWhile = ({ expression, statement: body }: ts.WhileStatement | ts.DoStatement): boolean => {
    const found = t.isBlock(body) ? limit(expression) : undefined;
    if (!found || some(t, body, t.isContinueStatement)) return false;
    const { statements } = body as ts.Block;
    const at = statements.findIndex(
      (s) => t.isExpressionStatement(s) && direction(s.expression, found.counter) === found.way,
    );
    // After the step the counter may be the length of an array.
    const index = at === statements.length - 1 ? found.index : undefined;
    return at >= 0 && statements.every((s, number) => number === at || isCalm(s, found.names, index));
  };

  return (loop) => {
    if (t.isForStatement(loop)) return isCounting(loop);
    if (t.isWhileStatement(loop) || t.isDoStatement(loop)) return isCountingWhile(loop);
    if (!t.isForOfStatement(loop) || loop.awaitModifier || !isArray(loop.expression)) return false;
    const names = namesIn(loop.expression);
    return isCalm(loop.expression, names, undefined) && isCalm(loop.statement, names, undefined);
  };
}
