/**
 * Names for functions without one that are cached under a name: of `const add = fleche((a, b) => a + b)` the arrow is
 * called `add`, in keys, tables and stack traces, as JavaScript names `const add = (a, b) => a + b`.
 */
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';

/** The functions in a statement at the top level of a cell that get a name. */
export function functionNames(t: TypeScript, checker: ts.TypeChecker, statement: ts.Statement): Map<ts.Node, string> {
  const names = new Map<ts.Node, string>();
  const note = (name: ts.Node | undefined, value: ts.Expression | undefined): void => {
    if (value === undefined) return;
    const call = bare(t, value);
    if (t.isObjectLiteralExpression(call)) {
      for (const each of call.properties) if (t.isPropertyAssignment(each)) note(each.name, each.initializer);
      return;
    }
    if (name === undefined || !t.isIdentifier(name) || !t.isCallExpression(call)) return;
    const fn = call.arguments.map((argument) => bare(t, argument)).find((argument) => isAnonymous(t, argument));
    // A property `__proto__` would be no property.
    if (fn === undefined || name.text === '__proto__') return;
    // What is cached has its helpers there; nobody else's functions are touched.
    if (checker.getTypeAtLocation(call).getProperty('fleche') !== undefined) names.set(fn, name.text);
  };
  if (t.isVariableStatement(statement)) {
    for (const { name, initializer } of statement.declarationList.declarations) note(name, initializer);
  } else if (t.isExpressionStatement(statement) && t.isBinaryExpression(statement.expression)) {
    const { left, operatorToken, right } = statement.expression;
    if (operatorToken.kind === t.SyntaxKind.EqualsToken) note(left, right);
  }
  return names;
}

/** The function under its name: `{ add: (a, b) => a + b }.add`, which changes neither its text nor its scope. */
export function named(f: ts.NodeFactory, name: string, fn: ts.Expression): ts.Expression {
  const holder = f.createObjectLiteralExpression([f.createPropertyAssignment(name, fn)]);
  return f.createPropertyAccessExpression(holder, name);
}

function isAnonymous(t: TypeScript, node: ts.Expression): boolean {
  return t.isArrowFunction(node) || (t.isFunctionExpression(node) && node.name === undefined);
}

function bare(t: TypeScript, node: ts.Expression): ts.Expression {
  let at = node;
  while (t.isParenthesizedExpression(at) || t.isAsExpression(at) || t.isSatisfiesExpression(at)) at = at.expression;
  return at;
}
