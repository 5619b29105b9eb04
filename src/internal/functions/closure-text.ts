/**
 * The text of a function without the names of what it captures, and what these names stand for. So the text is the same
 * by whatever name a compiler reaches a variable: `k`, `exports.k`, `lib_1.k` and `(0, lib_1.k)` are one variable.
 */
import type { AnyNode, Class, Identifier, MemberExpression } from 'acorn';
import { canonicalNode } from './canonical-source.js';
import { type FreeVariables, freeVariables } from './free-variables.js';
import type { ParsedFunction } from './function-source.js';
import { children } from './scopes-of-text.js';

/** Something that a function captures: a variable of an outer scope, or a member of one that only holds a module. */
export interface CapturedName {
  /** As its user calls it. */
  readonly name: string;
  /** The variable of the outer scope. */
  readonly variable: string;
  /** The member of the variable that is meant; `undefined`: the variable itself. */
  readonly member: string | undefined;
  /** The members that are read from it by name. */
  readonly members: ReadonlySet<string>;
  /** Whether it is also used as a whole. */
  readonly whole: boolean;
  /** Whether the function assigns it. */
  readonly assigned: boolean;
  /** The members that the function assigns. */
  readonly outputs: ReadonlySet<string>;
}

/** A text and what its places stand for. */
export interface ClosureText {
  readonly text: string;
  readonly names: readonly CapturedName[];
}

/** The canonical text of a function in which the variables named in `captured` are numbered places. */
export function closureText(parsed: ParsedFunction, captured: ReadonlySet<string>): ClosureText {
  const writer = new Writer(parsed, captured);
  const text = `${parsed.strict ? 'strict' : 'sloppy'} ${parsed.form} ${writer.text(parsed.node)}`;
  return { text, names: [...writer.names.values()] };
}

interface Place {
  name: string;
  variable: string;
  member: string | undefined;
  members: Set<string>;
  whole: boolean;
  assigned: boolean;
  outputs: Set<string>;
  number: number;
}

class Writer {
  readonly names = new Map<string, Place>();
  readonly #free: FreeVariables;
  readonly #captured: ReadonlySet<string>;
  readonly #base: AnyNode | undefined;
  /** Nodes of which only a member is used. */
  readonly #read = new Set<AnyNode>();

  constructor(parsed: ParsedFunction, captured: ReadonlySet<string>) {
    this.#free = freeVariables(parsed);
    this.#captured = captured;
    this.#base = parsed.node.type === 'ClassExpression' ? (parsed.node.superClass ?? undefined) : undefined;
  }

  text(node: AnyNode): string {
    return canonicalNode(node, (each) => this.#rewritten(each));
  }

  #rewritten(node: AnyNode): string | undefined {
    // What a class extends is known by its prototype, whatever its name.
    if (node === this.#base) return '["base"]';
    if (node.type === 'SequenceExpression') {
      const [first, second, ...more] = node.expressions;
      const isPlain = first?.type === 'Literal' && first.value === 0 && second !== undefined && more.length === 0;
      return isPlain && (this.#place(second) ?? this.#unread(second)) !== undefined ? this.text(second) : undefined;
    }
    const place = this.#place(node);
    if (place !== undefined) {
      if (this.#free.targets.has(node)) place.assigned = true;
      else if (!this.#read.has(node)) place.whole = true;
      return `["captured",${place.number}]`;
    }
    const unread = this.#unread(node);
    if (unread !== undefined) return `["Identifier","name",${JSON.stringify(unread)}]`;
    if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
    const of = this.#place(node.object);
    if (of === undefined) return undefined;
    this.#read.add(node.object);
    (this.#free.targets.has(node) ? of.outputs : of.members).add(node.property.name);
    return undefined;
  }

  /** The place that a node stands for, made when it is met first. */
  #place(node: AnyNode): Place | undefined {
    if (node.type === 'Identifier') {
      if (!this.#isFree(node) || !this.#captured.has(node.name)) return undefined;
      return this.#made(node.name, undefined);
    }
    const split = this.#split(node);
    return split !== undefined && this.#captured.has(split.variable)
      ? this.#made(split.variable, split.member)
      : undefined;
  }

  #made(variable: string, member: string | undefined): Place {
    const key = member === undefined ? variable : `${variable}.${member}`;
    let place = this.names.get(key);
    if (place === undefined) {
      const name = member === undefined || member === 'default' ? variable : member;
      const nothing = { whole: false, assigned: false, members: new Set<string>(), outputs: new Set<string>() };
      place = { name, variable, member, ...nothing, number: this.names.size };
      this.names.set(key, place);
    }
    return place;
  }

  /** `k` for `exports.k` where it is only read while a class is defined, so that nobody sees it any more. */
  #unread(node: AnyNode): string | undefined {
    const split = this.#split(node);
    return split !== undefined && !this.#captured.has(split.variable) ? split.member : undefined;
  }

  /** `exports.k` and `lib_1.k`: how compilers write names that come from elsewhere. */
  #split(node: AnyNode): { readonly variable: string; readonly member: string } | undefined {
    if (!isMemberByName(node) || !this.#isFree(node.object)) return undefined;
    const { name } = node.object;
    if (!isCompiledImport(name) || this.#free.variables.get(name)?.whole !== false) return undefined;
    return { variable: name, member: node.property.name };
  }

  #isFree(node: AnyNode): boolean {
    return this.#free.identifiers.has(node);
  }
}

/** Whether compilers use this name for the exports of a cell or for what a module exports, and nobody else does. */
export function isCompiledImport(name: string): boolean {
  return name === 'exports' || /_\d+(__)?$/.test(name);
}

function isMemberByName(node: AnyNode): node is MemberExpression & { object: Identifier; property: Identifier } {
  return (
    node.type === 'MemberExpression' &&
    !node.computed &&
    node.object.type === 'Identifier' &&
    node.property.type === 'Identifier'
  );
}

/** The static members that a class assigns itself, by its own name or as `this`: a counter is an output. */
export function assignedStatics(node: Class): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (at: AnyNode, thisIsClass: boolean): void => {
    const target =
      at.type === 'AssignmentExpression' ? at.left : at.type === 'UpdateExpression' ? at.argument : undefined;
    if (target?.type === 'MemberExpression' && !target.computed && target.property.type === 'Identifier') {
      const { object } = target;
      const isClass =
        object.type === 'ThisExpression' ? thisIsClass : object.type === 'Identifier' && object.name === node.id?.name;
      if (isClass) found.add(target.property.name);
    }
    const isOther =
      at.type === 'FunctionExpression' || at.type === 'FunctionDeclaration' || at.type.startsWith('Class');
    for (const child of children(at)) visit(child, thisIsClass && !isOther);
  };
  for (const member of node.body.body) {
    const isStatic = member.type === 'StaticBlock' || member.static;
    const code = member.type === 'StaticBlock' ? member.body : member.value ? children(member.value) : [];
    for (const each of code) visit(each, isStatic);
  }
  return found;
}
