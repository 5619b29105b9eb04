import type { Class, Expression, Function as FunctionNode, Pattern, Property, SpreadElement } from 'acorn';
import { type Callable, type ParsedFunction, parsedFunction } from './function-source.js';

/** One parameter of a function, as its text declares it. */
export interface Parameter {
  /** Its name; for a destructured one its pattern without defaults (`{a,b:{c}}`). No two of a function are the same. */
  readonly name: string;
  /** Whether it takes all arguments that are left. */
  readonly rest: boolean;
  /** What it is when it is omitted, or `undefined` when it has no default. */
  readonly default: ParameterDefault | undefined;
}

/**
 * A default: its value if that is a literal (a number, string, boolean, `null`, `undefined`, bigint, template without
 * holes, or arrays and objects of such), else only the fact. The value is shared: do not change it.
 */
export type ParameterDefault = { readonly literal: true; readonly value: unknown } | { readonly literal: false };

/**
 * The parameters of a function, or of the constructor of a class; `undefined` where there is no text to read them from
 * (native and bound functions) or acorn cannot read it.
 */
export function functionParameters(fn: Callable): readonly Parameter[] | undefined {
  const parsed = parsedFunction(fn);
  if (parsed?.node === undefined) return undefined;
  let parameters = known.get(parsed);
  if (parameters === undefined) {
    const declared = declaredBy(parsed);
    if (declared === 'inherited') {
      const base: unknown = Object.getPrototypeOf(fn);
      return typeof base === 'function' ? functionParameters(base as Callable) : undefined;
    }
    parameters = unique(declared.map(parameter));
    known.set(parsed, parameters);
  }
  return parameters;
}

const known = new WeakMap<ParsedFunction, readonly Parameter[]>();

function declaredBy(parsed: ParsedFunction): readonly Pattern[] | 'inherited' {
  const { node } = parsed;
  const code = node.type === 'Property' || node.type === 'MethodDefinition' ? node.value : node;
  if (code.type === 'ClassExpression') return constructorParameters(code);
  return (code as FunctionNode).params;
}

function constructorParameters(node: Class): readonly Pattern[] | 'inherited' {
  for (const member of node.body.body) {
    if (member.type === 'MethodDefinition' && member.kind === 'constructor') return member.value.params;
  }
  return node.superClass ? 'inherited' : [];
}

function parameter(pattern: Pattern): Parameter {
  if (pattern.type === 'RestElement') return { name: patternText(pattern.argument), rest: true, default: undefined };
  if (pattern.type !== 'AssignmentPattern') return { name: patternText(pattern), rest: false, default: undefined };
  const value = literal(pattern.right);
  return {
    name: patternText(pattern.left),
    rest: false,
    default: value === undefined ? { literal: false } : { literal: true, value: value.value },
  };
}

function unique(parameters: readonly Parameter[]): readonly Parameter[] {
  const taken = new Set<string>();
  return parameters.map((each, index) => {
    // Empty patterns, and sloppy functions that use a name twice.
    const name = taken.has(each.name) ? `${each.name}#${index}` : each.name;
    taken.add(name);
    return name === each.name ? each : { ...each, name };
  });
}

function patternText(pattern: Pattern): string {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name;
    case 'AssignmentPattern':
      return patternText(pattern.left);
    case 'RestElement':
      return `...${patternText(pattern.argument)}`;
    case 'ArrayPattern':
      return `[${pattern.elements.map((element) => (element === null ? '' : patternText(element))).join(',')}]`;
    case 'ObjectPattern':
      return `{${pattern.properties.map((each) => (each.type === 'RestElement' ? patternText(each) : entryText(each))).join(',')}}`;
    default:
      return '…';
  }
}

function entryText(entry: {
  computed: boolean;
  key: Expression | { type: 'PrivateIdentifier' };
  value: Pattern;
}): string {
  const key = entry.computed ? '[…]' : keyOf(entry);
  const value = patternText(entry.value);
  return key === value ? value : `${key}:${value}`;
}

/** The value of a literal expression, in a box, or `undefined` when the expression is none. */
function literal(node: Expression): { value: unknown } | undefined {
  switch (node.type) {
    case 'Literal':
      return node.regex ? undefined : { value: node.value };
    case 'Identifier':
      return node.name === 'undefined' ? { value: undefined } : undefined;
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? { value: node.quasis[0]?.value.cooked ?? '' } : undefined;
    case 'UnaryExpression':
      return negated(node.operator, literal(node.argument));
    case 'ArrayExpression':
      return arrayLiteral(node.elements);
    case 'ObjectExpression':
      return objectLiteral(node.properties);
    default:
      return undefined;
  }
}

function negated(operator: string, operand: { value: unknown } | undefined): { value: unknown } | undefined {
  if (operand === undefined) return undefined;
  if (operator === 'void') return { value: undefined };
  if (operator === '-' && typeof operand.value === 'number') return { value: -operand.value };
  if (operator === '-' && typeof operand.value === 'bigint') return { value: -operand.value };
  return undefined;
}

function arrayLiteral(elements: readonly (Expression | SpreadElement | null)[]): { value: unknown } | undefined {
  const array: unknown[] = new Array(elements.length);
  for (const [index, element] of elements.entries()) {
    if (element === null) continue;
    const value = element.type === 'SpreadElement' ? undefined : literal(element);
    if (value === undefined) return undefined;
    array[index] = value.value;
  }
  return { value: array };
}

function objectLiteral(properties: readonly (Property | SpreadElement)[]): { value: unknown } | undefined {
  const object: { [key: string]: unknown } = {};
  for (const property of properties) {
    if (property.type === 'SpreadElement' || property.computed || property.kind !== 'init') return undefined;
    const key = keyOf(property);
    const value = literal(property.value);
    // `__proto__: …` in a literal is no property.
    if (value === undefined || key === '__proto__') return undefined;
    object[key] = value.value;
  }
  return { value: object };
}

function keyOf(entry: { key: Expression | { type: 'PrivateIdentifier' } }): string {
  if (entry.key.type === 'Identifier') return entry.key.name;
  return entry.key.type === 'Literal' ? String(entry.key.value) : '…';
}
