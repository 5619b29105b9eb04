/** Which classes can make an instance so that nobody notices: nothing that runs then reads or changes anything of others. */
import type { AnyNode, Class, Expression, Function as FunctionNode, Pattern, PropertyDefinition, Super } from 'acorn';
import { boundNames, children } from './scopes-of-text.js';

/** Classes of the language that may be called without arguments. */
const makers: ReadonlySet<string> = new Set(['Array', 'Map', 'Object', 'Set', 'WeakMap', 'WeakSet']);

/** The names of the public properties that the constructor sets: each must be without a setter. */
export interface QuietClass {
  readonly assigned: ReadonlySet<string>;
}

/**
 * Says whether making an instance is quiet, given arguments from which everything can be read; `undefined` if it is not.
 *
 * @param isGlobal whether a name means what the language means by it.
 */
export function quietClass(node: Class, isGlobal: (name: string) => boolean): QuietClass | undefined {
  const assigned = new Set<string>();
  for (const member of node.body.body) {
    if (member.type === 'PropertyDefinition' && !member.static) {
      if (member.value && !isQuiet(member.value, nothing, isGlobal)) return undefined;
    }
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    if (!isQuietConstructor(member.value, node, assigned, isGlobal)) return undefined;
  }
  return { assigned };
}

const nothing: ReadonlySet<string> = new Set();

function isQuietConstructor(
  { params, body }: FunctionNode,
  node: Class,
  assigned: Set<string>,
  isGlobal: (name: string) => boolean,
): boolean {
  const given = new Set(params.flatMap((param: Pattern) => boundNames(param)));
  if (body.type !== 'BlockStatement' || params.some(computesNames)) return false;
  return body.body.every((statement, index) => {
    if (statement.type === 'EmptyStatement') return true;
    if (statement.type !== 'ExpressionStatement') return false;
    const { expression } = statement;
    if (isSuperCall(expression)) {
      return (
        index === 0 && node.superClass != null && expression.arguments.every((each) => isQuiet(each, given, isGlobal))
      );
    }
    if (statement.directive !== undefined) return true;
    if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return false;
    const { left, right } = expression;
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression' || left.computed) return false;
    if (left.property.type === 'Identifier') assigned.add(left.property.name);
    return isQuiet(right, given, isGlobal);
  });
}

function isSuperCall(node: Expression): node is Expression & { type: 'CallExpression'; callee: Super } {
  return node.type === 'CallExpression' && node.callee.type === 'Super';
}

/** Whether evaluating an expression does nothing but read variables, what was `given`, and make new objects. */
function isQuiet(node: AnyNode, given: ReadonlySet<string>, isGlobal: (name: string) => boolean): boolean {
  const quiet = (each: AnyNode): boolean => isQuiet(each, given, isGlobal);
  switch (node.type) {
    case 'Literal':
    case 'ThisExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return true;
    case 'Identifier':
      return given.has(node.name) || (isGlobal(node.name) && ['undefined', 'NaN', 'Infinity'].includes(node.name));
    case 'TemplateLiteral':
      return node.expressions.length === 0;
    case 'MemberExpression':
      return !node.computed && node.object.type === 'Identifier' && given.has(node.object.name);
    case 'UnaryExpression':
      return node.operator === '!' || node.operator === 'typeof' || node.operator === 'void'
        ? quiet(node.argument)
        : node.argument.type === 'Literal';
    case 'LogicalExpression':
      return quiet(node.left) && quiet(node.right);
    case 'ConditionalExpression':
      return quiet(node.test) && quiet(node.consequent) && quiet(node.alternate);
    case 'ArrayExpression':
      return node.elements.every((each) => each === null || quiet(each));
    case 'ObjectExpression':
      return node.properties.every((each) => each.type === 'Property' && !each.computed && quiet(each.value));
    case 'NewExpression':
      return (
        node.callee.type === 'Identifier' &&
        makers.has(node.callee.name) &&
        isGlobal(node.callee.name) &&
        node.arguments.length === 0
      );
    default:
      return false;
  }
}

/** Whether naming what a parameter takes runs code. */
export function computesNames(node: AnyNode): boolean {
  return (node.type === 'Property' && node.computed) || children(node).some(computesNames);
}

/** The names of the private fields of instances; `undefined` when there is nothing private in them. */
export function privateNames(node: Class): readonly string[] | undefined {
  const own = node.body.body.filter(
    (member) => member.type !== 'StaticBlock' && !member.static && member.key.type === 'PrivateIdentifier',
  );
  if (own.length === 0) return undefined;
  return own
    .filter((member): member is PropertyDefinition => member.type === 'PropertyDefinition')
    .map(({ key }) => (key as { readonly name: string }).name);
}
