/**
 * Defaults that the key does not tell. An omitted argument is in the key as `undefined`; that is enough only where
 * everything that its default depends on is in the key too. `now = Date.now()` is not such a default: a call that leaves
 * `now` out has no key that would hold for the next one.
 */
import type { CallExpression, Expression, MemberExpression, NewExpression, Pattern, SpreadElement } from 'acorn';
import { boundNames } from '../internal/functions/scopes-of-text.js';

/** A place in the arguments that has to be filled, for the call to be told by its arguments. */
export interface Place {
  /** Position of the argument, then the properties or elements down to the place. */
  readonly path: readonly (number | string)[];
  /** How the user knows it: the name of the parameter or of the property. */
  readonly name: string;
}

/** What decides whether an expression gives the same at each call with the same key. */
export interface Known {
  /** The names of the parameters before it. */
  readonly earlier: ReadonlySet<string>;
  /** Whether the key has the value of the captured variable `name`. */
  readonly captured: (name: string) => boolean;
}

/** The places in `parameters` whose defaults the key does not tell. */
export function untoldDefaults(parameters: readonly Pattern[], captured: Known['captured']): readonly Place[] {
  const found: Place[] = [];
  const earlier = new Set<string>();
  for (const [index, parameter] of parameters.entries()) {
    inPattern(parameter, [index], { earlier, captured }, found);
    for (const name of boundNames(parameter)) earlier.add(name);
  }
  return found;
}

function inPattern(pattern: Pattern, path: readonly (number | string)[], known: Known, found: Place[]): void {
  switch (pattern.type) {
    case 'AssignmentPattern':
      if (!isTold(pattern.right, known)) found.push({ path, name: boundNames(pattern.left).join(', ') });
      inPattern(pattern.left, path, known, found);
      return;
    case 'ObjectPattern':
      for (const each of pattern.properties) {
        if (each.type === 'RestElement') continue;
        const { key } = each;
        // A computed key stands nowhere, so that its default always counts as taken.
        const place = each.computed
          ? ''
          : key.type === 'Identifier'
            ? key.name
            : String((key as { value?: unknown }).value);
        inPattern(each.value, [...path, place], known, found);
      }
      return;
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries()) {
        if (element !== null) inPattern(element, [...path, index], known, found);
      }
      return;
    case 'RestElement':
      inPattern(pattern.argument, path, known, found);
      return;
    default:
  }
}

/** Globals that give the same for the same arguments. */
const pure: ReadonlySet<string> = new Set(
  'Math Number String Boolean BigInt Array Object Map Set WeakMap WeakSet RegExp URL Error undefined NaN Infinity'.split(
    ' ',
  ),
);

function isTold(node: Expression | SpreadElement, known: Known): boolean {
  const all = (...parts: readonly (Expression | SpreadElement | null | undefined)[]): boolean =>
    parts.every((part) => part === null || part === undefined || isTold(part, known));
  switch (node.type) {
    case 'Literal':
    case 'ThisExpression':
    // What a function does when it is called counts as its body does.
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return true;
    case 'Identifier':
      return (
        known.earlier.has(node.name) || (node.name in globalThis ? pure.has(node.name) : known.captured(node.name))
      );
    case 'MemberExpression':
      return !isRandom(node) && all(node.object as Expression) && (!node.computed || all(node.property as Expression));
    case 'UnaryExpression':
      return node.operator !== 'delete' && all(node.argument);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return all(node.left as Expression, node.right);
    case 'ConditionalExpression':
      return all(node.test, node.consequent, node.alternate);
    case 'TemplateLiteral':
      return all(...node.expressions);
    case 'ArrayExpression':
      return all(...node.elements);
    case 'ObjectExpression':
      return node.properties.every((each) =>
        each.type === 'SpreadElement'
          ? all(each.argument)
          : (!each.computed || all(each.key as Expression)) && all(each.value),
      );
    case 'SpreadElement':
    case 'ParenthesizedExpression':
      return all(node.type === 'SpreadElement' ? node.argument : node.expression);
    case 'ChainExpression':
      return all(node.expression);
    case 'CallExpression':
    case 'NewExpression':
      return isPureCall(node, known) && node.arguments.every((each) => isToldArgument(each, known));
    default:
      return false;
  }
}

/** A call of the language, or of a method of an argument. */
function isPureCall({ callee }: CallExpression | NewExpression, known: Known): boolean {
  if (callee.type === 'Identifier') return callee.name in globalThis && pure.has(callee.name);
  if (callee.type !== 'MemberExpression' || callee.computed || isRandom(callee)) return false;
  let root = callee.object;
  while (root.type === 'MemberExpression') root = root.object;
  if (root.type !== 'Identifier') return false;
  if (known.earlier.has(root.name)) return isTold(callee.object as Expression, known);
  return root.name in globalThis && pure.has(root.name);
}

/** A function that is handed to a call may be called at once, so that what it gives counts. */
function isToldArgument(node: Expression | SpreadElement, known: Known): boolean {
  if (node.type === 'FunctionExpression') return false;
  if (node.type !== 'ArrowFunctionExpression') return isTold(node, known);
  if (node.body.type === 'BlockStatement') return false;
  return isTold(node.body, { ...known, earlier: new Set([...known.earlier, ...node.params.flatMap(boundNames)]) });
}

function isRandom({ object, property }: MemberExpression): boolean {
  if (object.type !== 'Identifier' || object.name !== 'Math') return false;
  return property.type !== 'Identifier' || property.name === 'random';
}
