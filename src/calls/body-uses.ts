/** What a function takes besides its parameters: `this`, and `arguments`. */
import type { AnyNode, Class, Function as FunctionNode } from 'acorn';
import { type Callable, parsedFunction } from '../internal/functions/function-source.js';
import { children, isFunction } from '../internal/functions/scopes-of-text.js';

/** What the code of a function depends on beside its parameters and what it captures. */
export interface BodyUses {
  /** Whether it uses `this` or `super`. */
  readonly this: boolean;
  /** Whether it uses `arguments`. */
  readonly arguments: boolean;
  /** Whether it is an arrow: then what it uses of these is that of the function around it, which nobody can see. */
  readonly isArrow: boolean;
}

/** Reads from the text of `fn` what it uses. A text that cannot be parsed is taken to use what it mentions. */
export function bodyUses(fn: Callable): BodyUses {
  const parsed = parsedFunction(fn);
  if (parsed === undefined) return { this: false, arguments: false, isArrow: false };
  if (parsed.node === undefined) {
    const { text } = parsed;
    return { this: /\b(this|super)\b/.test(text), arguments: /\barguments\b/.test(text), isArrow: false };
  }
  const { node } = parsed;
  const code = node.type === 'Property' || node.type === 'MethodDefinition' ? node.value : node;
  if (!isFunction(code)) return { this: false, arguments: false, isArrow: false };
  const found = { this: false, arguments: false };
  for (const part of [...(code as FunctionNode).params, code.body]) look(part, found);
  return { ...found, isArrow: code.type === 'ArrowFunctionExpression' };
}

function look(node: AnyNode, found: { this: boolean; arguments: boolean }): void {
  switch (node.type) {
    case 'ThisExpression':
    case 'Super':
      found.this = true;
      return;
    case 'Identifier':
      if (node.name === 'arguments') found.arguments = true;
      return;
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return;
    case 'ClassDeclaration':
    case 'ClassExpression':
      for (const part of evaluatedOutside(node as Class)) look(part, found);
      return;
    case 'MemberExpression':
      look(node.object, found);
      if (node.computed) look(node.property, found);
      return;
    case 'Property':
      if (node.computed) look(node.key, found);
      look(node.value, found);
      return;
    case 'CallExpression':
      // A direct eval may use anything.
      if (node.callee.type === 'Identifier' && node.callee.name === 'eval') found.this = found.arguments = true;
      break;
    default:
  }
  for (const child of children(node)) look(child, found);
}

/** The parts of a class that see the `this` of the function around it. */
function evaluatedOutside(node: Class): AnyNode[] {
  const keys = node.body.body.flatMap((member) => ('computed' in member && member.computed ? [member.key] : []));
  return node.superClass ? [node.superClass, ...keys] : keys;
}
