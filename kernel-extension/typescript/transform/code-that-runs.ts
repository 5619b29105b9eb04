/** What a piece of code does besides computing, as far as its syntax and types tell. */
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';

/** Whether any node of a tree passes a test. */
export function some(t: TypeScript, node: ts.Node, test: (inner: ts.Node) => boolean): boolean {
  return test(node) || t.forEachChild(node, (child) => some(t, child, test) || undefined) === true;
}

/** Tells of a node whether it runs other code or waits: everything that calls, but the functions of `Math`. */
export function otherCode(t: TypeScript, checker: ts.TypeChecker): (node: ts.Node) => boolean {
  /** `Math.sqrt(…)`, unless the cell has a `Math` of its own. */
  const isMath = ({ expression: callee }: ts.CallExpression | ts.NewExpression): boolean => {
    if (!t.isPropertyAccessExpression(callee) || !t.isIdentifier(callee.expression)) return false;
    if (callee.expression.text !== 'Math') return false;
    const declared = checker.getSymbolAtLocation(callee.expression)?.declarations;
    return declared?.every((d) => /[/\\]lib\.[^/\\]*\.d\.ts$/.test(d.getSourceFile().fileName)) === true;
  };
  return (node) =>
    ((t.isCallExpression(node) || t.isNewExpression(node)) && !isMath(node)) ||
    t.isTaggedTemplateExpression(node) ||
    t.isAwaitExpression(node) ||
    t.isYieldExpression(node) ||
    // It disposes of something.
    (t.isVariableDeclarationList(node) && (node.flags & t.NodeFlags.Using) !== 0) ||
    t.isFunctionLike(node) ||
    t.isClassLike(node) ||
    t.isSpreadElement(node);
}

/** What an expression or the head of a loop assigns to, if it does: a variable, a property or a pattern. */
export function assignedTarget(t: TypeScript, node: ts.Node): ts.Expression | undefined {
  const K = t.SyntaxKind;
  if (t.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    return kind >= K.FirstAssignment && kind <= K.LastAssignment ? node.left : undefined;
  }
  if (t.isForOfStatement(node) || t.isForInStatement(node)) {
    return t.isVariableDeclarationList(node.initializer) ? undefined : node.initializer;
  }
  if (t.isPostfixUnaryExpression(node)) return node.operand;
  if (t.isDeleteExpression(node)) return node.expression;
  if (!t.isPrefixUnaryExpression(node)) return undefined;
  return node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken ? node.operand : undefined;
}

/** The variables in the target of an assignment. */
export function assignedNames(t: TypeScript, target: ts.Node): ts.Identifier[] {
  if (t.isIdentifier(target)) return [target];
  if (t.isArrayLiteralExpression(target)) return target.elements.flatMap((e) => assignedNames(t, e));
  if (t.isObjectLiteralExpression(target)) return target.properties.flatMap((p) => assignedNames(t, p));
  if (t.isShorthandPropertyAssignment(target)) return [target.name];
  if (t.isPropertyAssignment(target)) return assignedNames(t, target.initializer);
  // With a default in a pattern.
  if (t.isBinaryExpression(target)) return assignedNames(t, target.left);
  const isInBrackets =
    t.isParenthesizedExpression(target) ||
    t.isNonNullExpression(target) ||
    t.isAsExpression(target) ||
    t.isSatisfiesExpression(target) ||
    t.isTypeAssertionExpression(target) ||
    t.isSpreadElement(target) ||
    t.isSpreadAssignment(target);
  return isInBrackets ? assignedNames(t, target.expression) : [];
}

const TYPED_ARRAY = /^(?:(?:Ui|I)nt(?:8|16|32)|Float(?:16|32|64)|Uint8Clamped|Big(?:Ui|I)nt64)Array$/;

/** Tells which expressions are arrays, by their types. */
export function arrays(checker: ts.TypeChecker): Record<'isArray' | 'isTypedArray', (node: ts.Expression) => boolean> {
  const isTyped = (type: ts.Type): boolean => TYPED_ARRAY.test(type.symbol?.name ?? '');
  return {
    isTypedArray: (node) => isTyped(checker.getTypeAtLocation(node)),
    isArray: (node) => {
      const type = checker.getTypeAtLocation(node);
      return checker.isArrayType(type) || checker.isTupleType(type) || isTyped(type);
    },
  };
}
