/** The text of a class, changed so that evaluating it again makes the class and runs nothing else of the user's. */
import type { AnyNode, Class, Expression, MethodDefinition, PropertyDefinition } from 'acorn';
import { canonicalNode } from '../internal/functions/canonical-source.js';
import { freeVariables } from '../internal/functions/free-variables.js';
import {
  type Callable,
  type ParsedFunction,
  parsedFunction,
  parseFunctionText,
} from '../internal/functions/function-source.js';
import { languageGlobals } from '../internal/functions/globals.js';

/** Stands for what the class extends. */
export const baseName = '$fleche_base';
/** Tells whether an instance is being restored, when constructors and initialisers do nothing, and what `super` is given. */
export const restoringName = '$fleche_restoring';
/** The static method that sets the private fields of an instance. */
export const setterName = '$fleche_set';
/** The static method that sets the private fields of the class itself. */
export const staticSetterName = '$fleche_set_static';

/** What a class declares, as far as writing and restoring it needs to know. */
export interface ClassText {
  /** The text to evaluate. */
  readonly text: string;
  /** The names of private instance fields, in order. */
  readonly privateFields: readonly string[];
  /** The names of private fields of the class itself, in order. */
  readonly privateStatics: readonly string[];
  /** Whether instances have private fields or methods, so that they cannot be made from outside. */
  readonly isBranded: boolean;
  readonly members: Members;
}

/** The code that a class puts on itself and on its prototype, to tell what was put there or replaced later. */
export class Members {
  readonly #known = new Set<string>();
  /** The keys that the text puts on the class and on its prototype, as far as it says them. */
  readonly declared: { readonly isStatic: boolean; readonly key: string }[] = [];

  add(member: MethodDefinition): void {
    const key = keyName(member);
    this.#known.add(id(member.static, key, canonicalNode(member.value)));
    if (key !== undefined && member.kind !== 'constructor') this.declared.push({ isStatic: member.static, key });
  }

  /** Whether the text of the class puts `fn` under `key`. */
  has(isStatic: boolean, key: PropertyKey, fn: Callable): boolean {
    const node = parsedFunction(fn)?.node;
    if (node === undefined) return false;
    const code = canonicalNode('value' in node ? (node.value as AnyNode) : node);
    return this.#known.has(id(isStatic, String(key), code)) || this.#known.has(id(isStatic, undefined, code));
  }
}

/** A computed name is not known from the text. */
function keyName({ computed, key }: MethodDefinition | PropertyDefinition): string | undefined {
  if (computed || key.type === 'PrivateIdentifier') return undefined;
  return key.type === 'Literal' ? String(key.value) : (key as { name: string }).name;
}

function id(isStatic: boolean, key: string | undefined, code: string): string {
  return JSON.stringify([isStatic, key ?? null, code]);
}

/**
 * @param restorable makes the private fields of instances restorable (dill).
 * @returns the words for what cannot be evaluated again, if there is such a thing.
 */
export function classText(parsed: ParsedFunction, node: Class, restorable: boolean): ClassText | string {
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const source = (from: AnyNode): string => parsed.text.slice(from.start - parsed.offset, from.end - parsed.offset);
  const privateFields: string[] = [];
  const privateStatics: string[] = [];
  const members = new Members();
  let isBranded = false;
  if (node.superClass) edits.push({ start: node.superClass.start, end: node.superClass.end, text: baseName });
  for (const member of node.body.body) {
    if (member.type === 'StaticBlock') {
      edits.push({ start: member.start, end: member.end, text: '' });
      continue;
    }
    if (member.computed && !isFixedKey(source(member.key)))
      return 'a class with a member whose name is computed from variables';
    const isPrivate = member.key.type === 'PrivateIdentifier';
    if (isPrivate && !member.static) isBranded = true;
    if (member.type === 'MethodDefinition') {
      members.add(member);
      continue;
    }
    if (isPrivate && member.static) {
      const { name } = member.key as { name: string };
      privateStatics.push(name);
      edits.push({ start: member.start, end: member.end, text: `static #${name};` });
      continue;
    }
    const key = keyName(member);
    if (member.static && key !== undefined) members.declared.push({ isStatic: true, key });
    if (isPrivate) privateFields.push((member.key as { name: string }).name);
    if (member.static && member.value) edits.push({ start: member.start, end: member.end, text: ';' });
    else if (restorable && member.value) edits.push(...guarded(member.value));
  }
  if (restorable) edits.push(...constructorEdits(node), ...setters(node, privateFields, privateStatics));
  return { text: edited(parsed, edits), privateFields, privateStatics, isBranded, members };
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

/** A key like `Symbol.iterator` is the same wherever it is evaluated. */
function isFixedKey(text: string): boolean {
  const parsed = parseFunctionText(`() => (${text})`);
  if (parsed === undefined) return false;
  const { variables, unseen } = freeVariables(parsed);
  return unseen === undefined && [...variables.keys()].every((name) => languageGlobals.has(name));
}

/** Keeps an initialiser from running while an instance is restored. */
function guarded(value: Expression): Edit[] {
  // A function does nothing by being made, and has its name from standing right behind the `=`.
  if (value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression') return [];
  return [
    { start: value.start, end: value.start, text: `${restoringName}.now ? undefined : (` },
    { start: value.end, end: value.end, text: ')' },
  ];
}

function constructorEdits(node: Class): Edit[] {
  const up = `super(...${restoringName}.args);`;
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' || member.kind !== 'constructor') continue;
    const at = member.value.body.start + 1;
    return [{ start: at, end: at, text: ` if (${restoringName}.now) { ${node.superClass ? up : ''} return; }` }];
  }
  if (!node.superClass) return [];
  // What a class without a constructor does by itself, except while an instance is restored.
  const at = node.body.start + 1;
  const own = `constructor(...$fleche_args) { if (${restoringName}.now) ${up} else super(...$fleche_args); }`;
  return [{ start: at, end: at, text: ` ${own}` }];
}

function setters(node: Class, privateFields: readonly string[], privateStatics: readonly string[]): Edit[] {
  const at = node.body.start + 1;
  const sets = privateFields.map((name) => `object.#${name} = values[${JSON.stringify(name)}];`).join(' ');
  const own = { start: at, end: at, text: ` static ${setterName}(object, values) { ${sets} }` };
  if (privateStatics.length === 0) return [own];
  const statics = privateStatics.map((name) => `this.#${name} = values[${JSON.stringify(name)}];`).join(' ');
  return [own, { start: at, end: at, text: ` static ${staticSetterName}(values) { ${statics} }` }];
}

function edited(parsed: ParsedFunction, edits: readonly Edit[]): string {
  let text = parsed.text;
  const order = edits.map((edit, index) => ({ edit, index }));
  // From the end, so that positions stay; of two at one place the later one goes in first.
  order.sort((a, b) => b.edit.start - a.edit.start || b.index - a.index);
  for (const { edit } of order) {
    text = text.slice(0, edit.start - parsed.offset) + edit.text + text.slice(edit.end - parsed.offset);
  }
  return text;
}
