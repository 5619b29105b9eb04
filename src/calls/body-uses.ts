/** What a function takes besides its parameters: `this`, and `arguments`. */
import type { AnyNode, Class, Function as FunctionNode } from 'acorn';
import { type Callable, parsedFunction } from '../internal/functions/function-source.js';
import { children, isFunction } from '../internal/functions/scopes-of-text.js';

/** What the code of a function depends on beside its parameters and what it captures. */
export interface BodyUses {
  /** Whether it uses `this` or `super`, as its caller gives them. */
  readonly this: boolean;
  /** Whether it uses its `arguments`. */
  readonly arguments: boolean;
  /** What an arrow uses of the function around it, which nobody can see: `this`, `super`, `eval`. */
  readonly outer: readonly string[];
  readonly isArrow: boolean;
}

const nothing: BodyUses = { this: false, arguments: false, outer: [], isArrow: false };

/** Reads from the text of `fn` what it uses. A text that cannot be parsed is taken to use what it mentions. */
export function bodyUses(fn: Callable): BodyUses {
  const parsed = parsedFunction(fn);
  if (parsed === undefined) return nothing;
  if (parsed.node === undefined)
    return usesOf(mentioned(parsed.text), /^(async\b)?\s*(\(|[\w$]+\s*=>)/.test(parsed.text));
  const { node } = parsed;
  const code = node.type === 'Property' || node.type === 'MethodDefinition' ? node.value : node;
  if (!isFunction(code)) return nothing;
  const found = new Set<string>();
  for (const part of [...(code as FunctionNode).params, code.body]) look(part, found);
  return usesOf(found, code.type === 'ArrowFunctionExpression');
}

function usesOf(found: ReadonlySet<string>, isArrow: boolean): BodyUses {
  if (isArrow) return { ...nothing, outer: [...found], isArrow };
  const mayBeAny = found.has('eval');
  return {
    ...nothing,
    this: mayBeAny || found.has('this') || found.has('super'),
    arguments: mayBeAny || found.has('arguments'),
  };
}

function mentioned(text: string): ReadonlySet<string> {
  return new Set(text.match(/\b(this|super|arguments|new\.target)\b/g));
}

function look(node: AnyNode, found: Set<string>): void {
  switch (node.type) {
    case 'ThisExpression':
      found.add('this');
      return;
    case 'Super':
      found.add('super');
      return;
    case 'MetaProperty':
      if (node.meta.name === 'new') found.add('new.target');
      return;
    case 'Identifier':
      if (node.name === 'arguments') found.add('arguments');
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
      if (node.callee.type === 'Identifier' && node.callee.name === 'eval') found.add('eval');
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
