/** Which names the statements and patterns of a text declare. */
import type { AnyNode, Pattern } from 'acorn';

/** The names that a pattern binds. */
export function boundNames(pattern: Pattern | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => boundNames(each.type === 'RestElement' ? each.argument : each.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames);
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    default:
      return [];
  }
}

/** The names that statements declare in the block they stand in: `let`, `const`, `using`, functions and classes. */
export function blockNames(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
      return statement.declarations.flatMap((each) => boundNames(each.id));
    }
    const declares = statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration';
    return declares && statement.id ? [statement.id.name] : [];
  });
}

/** The names that `var` declares anywhere in the function whose body holds `node`. */
export function hoistedNames(node: AnyNode): string[] {
  if (isFunction(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return [];
  const own =
    node.type === 'VariableDeclaration' && node.kind === 'var'
      ? node.declarations.flatMap((each) => boundNames(each.id))
      : [];
  return [...own, ...children(node).flatMap(hoistedNames)];
}

/** Whether `node` is a function or arrow. */
export function isFunction(
  node: AnyNode,
): node is AnyNode & { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' } {
  return (
    node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
  );
}

/** The nodes right below `node`. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const field of Object.values(node) as unknown[]) {
    for (const item of Array.isArray(field) ? (field as unknown[]) : [field]) {
      if (isNode(item)) found.push(item);
    }
  }
  return found;
}

function isNode(item: unknown): item is AnyNode {
  return typeof item === 'object' && item !== null && typeof (item as { type?: unknown }).type === 'string';
}
