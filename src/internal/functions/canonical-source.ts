import type { AnyNode } from 'acorn';
import { type Callable, parsedFunction } from './function-source.js';

/**
 * The text of `fn` in a form that formatting, comments, quotes and redundant parentheses do not change, but names and
 * everything that runs do: its syntax tree. `undefined` when there is no text (native and bound functions).
 */
export function canonicalSource(fn: Callable): string | undefined {
  const parsed = parsedFunction(fn);
  if (parsed === undefined) return undefined;
  let canonical = canonicals.get(parsed);
  if (canonical === undefined) {
    canonical =
      parsed.node === undefined
        ? `text ${parsed.text}`
        : `${parsed.strict ? 'strict' : 'sloppy'} ${parsed.form} ${encode(parsed.node)}`;
    canonicals.set(parsed, canonical);
  }
  return canonical;
}

const canonicals = new WeakMap<object, string>();

/** What a node says besides its meaning, or twice. */
const redundant = new Set(['type', 'start', 'end', 'shorthand']);

/** What a part of a text is written as, or `undefined` to write it as it stands. */
export type Rewrite = (node: AnyNode) => string | undefined;

/** The same form of a part of a text, with some parts of it written otherwise. */
export function canonicalNode(node: AnyNode, rewrite?: Rewrite): string {
  return encode(node, rewrite);
}

function encode(node: AnyNode, rewrite?: Rewrite): string {
  const written = rewrite?.(node);
  if (written !== undefined) return written;
  if (node.type === 'Literal') return encodeLiteral(node);
  // The raw text of a template is visible to its tag.
  if (node.type === 'TemplateElement')
    return `["TemplateElement",${JSON.stringify([node.value.cooked, node.value.raw])}]`;
  const keyed = (node.type === 'Property' || isMember(node)) && !node.computed;
  let text = `["${node.type}"`;
  for (const key of Object.keys(node).sort()) {
    const field = fieldOf(node, key);
    // Absent, `null` and `false` are the same, so that fields which a later acorn adds do not change old texts.
    if (redundant.has(key) || field === undefined || field === null || field === false) continue;
    // Of functions `expression` is a flag that the body tells as well; of statements it is the content.
    if (key === 'expression' && field === true) continue;
    text += `,"${key}",${keyed && key === 'key' ? encodeKey(field) : encodeField(field, rewrite)}`;
  }
  return `${text}]`;
}

function encodeField(field: unknown, rewrite?: Rewrite): string {
  if (Array.isArray(field))
    return `[${field
      .filter((item) => !isEmptyStatement(item))
      .map((item) => encodeField(item, rewrite))
      .join(',')}]`;
  if (isNode(field)) return encode(field, rewrite);
  return JSON.stringify(field) ?? 'null';
}

/** `{ a: 1 }` and `{ 'a': 1 }` are the same object. */
function encodeKey(key: unknown): string {
  if (isNode(key) && key.type === 'Identifier') return JSON.stringify(key.name);
  if (isNode(key) && key.type === 'Literal') return JSON.stringify(String(key.value));
  return encodeField(key);
}

function encodeLiteral(node: AnyNode & { type: 'Literal' }): string {
  const { value } = node;
  if (node.regex) return `["RegExp",${JSON.stringify([node.regex.pattern, node.regex.flags])}]`;
  if (typeof value === 'bigint') return `["BigInt","${value}"]`;
  // JSON knows no Infinity, which 1e999 is.
  return typeof value === 'number' ? `["Number","${value}"]` : `["Literal",${JSON.stringify(value)}]`;
}

function isMember(node: AnyNode): node is AnyNode & { type: 'MethodDefinition' | 'PropertyDefinition' } {
  return node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
}

function isEmptyStatement(item: unknown): boolean {
  return isNode(item) && item.type === 'EmptyStatement';
}

function isNode(field: unknown): field is AnyNode {
  return typeof field === 'object' && field !== null && typeof (field as { type?: unknown }).type === 'string';
}

function fieldOf(node: AnyNode, key: string): unknown {
  return (node as unknown as { readonly [key: string]: unknown })[key];
}
