import type { AnyNode, Class, Identifier, MemberExpression } from 'acorn';
import type { ParsedFunction } from './function-source.js';
import { blockNames, boundNames, children, hoistedNames, isFunction } from './scopes-of-text.js';

/** A name that a function uses and does not declare. */
export interface FreeVariable {
  readonly name: string;
  /** The members that are read from it by name (`path.join` reads `join`). */
  readonly members: ReadonlySet<string>;
  /** Whether it is also used as a whole. */
  readonly whole: boolean;
  /** Whether the function assigns it. */
  readonly assigned: boolean;
  /**
   * Whether it is used when code of the text runs. What is only read when a class is defined (`extends`, static fields,
   * computed names) is not kept by V8.
   */
  readonly inCode: boolean;
}

/** What the text of a function reaches for outside of itself. */
export interface FreeVariables {
  readonly variables: ReadonlyMap<string, FreeVariable>;
  /** The identifiers in the text that name free variables. */
  readonly identifiers: ReadonlySet<AnyNode>;
  /** The identifiers and members that the text assigns. */
  readonly targets: ReadonlySet<AnyNode>;
  /** What it uses that nobody can see from outside: `this` of an arrow, `super` of a lone method, `eval`. */
  readonly unseen: string | undefined;
}

/** The free variables of a function or class, globals included. Remembered by text. */
export function freeVariables(parsed: ParsedFunction): FreeVariables {
  let result = known.get(parsed);
  if (result === undefined) {
    result = new Analysis(parsed).result();
    known.set(parsed, result);
  }
  return result;
}

const known = new WeakMap<ParsedFunction, FreeVariables>();

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | undefined;
}

interface Context {
  /** Whether `this`, `arguments` and `new.target` are those of a function inside the text. */
  readonly ownThis: boolean;
  /** Whether `super` is that of a class or object inside the text. */
  readonly ownSuper: boolean;
  /** Whether the code runs when the text itself is evaluated. */
  readonly atDefinition: boolean;
}

interface Use {
  name: string;
  members: Set<string>;
  whole: boolean;
  assigned: boolean;
  inCode: boolean;
}

class Analysis {
  readonly #uses = new Map<string, Use>();
  readonly #identifiers = new Set<AnyNode>();
  readonly #targets = new Set<AnyNode>();
  #unseen: string | undefined;

  constructor(parsed: ParsedFunction) {
    const { node } = parsed;
    const top: Context = { ownThis: false, ownSuper: false, atDefinition: true };
    if (node.type === 'Property' || node.type === 'MethodDefinition') {
      // A lone method: its key was computed long ago, its `super` is that of an object that nobody can see.
      this.#visit(node.value, undefined, top);
    } else {
      this.#visit(node, undefined, top);
    }
  }

  result(): FreeVariables {
    return {
      variables: this.#uses,
      identifiers: this.#identifiers,
      targets: this.#targets,
      unseen: this.#unseen,
    };
  }

  #use(
    identifier: Identifier,
    scope: Scope | undefined,
    context: Context,
    how: { member?: string; assigned?: boolean },
  ): void {
    const { name } = identifier;
    for (let at = scope; at !== undefined; at = at.outer) if (at.names.has(name)) return;
    if (name === 'arguments') {
      if (!context.ownThis) this.#unseen ??= 'the arguments of an outer function';
      return;
    }
    this.#identifiers.add(identifier);
    let use = this.#uses.get(name);
    if (use === undefined) {
      use = { name, members: new Set(), whole: false, assigned: false, inCode: false };
      this.#uses.set(name, use);
    }
    if (how.member !== undefined) use.members.add(how.member);
    else use.whole = true;
    use.assigned ||= how.assigned ?? false;
    use.inCode ||= !context.atDefinition;
  }

  #visitAll(nodes: readonly (AnyNode | null)[], scope: Scope | undefined, context: Context): void {
    for (const node of nodes) if (node !== null) this.#visit(node, scope, context);
  }

  #visit(node: AnyNode, scope: Scope | undefined, context: Context): void {
    if (isFunction(node)) {
      this.#function(node, scope, context);
      return;
    }
    switch (node.type) {
      case 'Identifier':
        this.#use(node, scope, context, {});
        return;
      case 'ThisExpression':
        if (!context.ownThis) this.#unseen ??= 'the `this` of an outer function';
        return;
      case 'Super':
        if (!context.ownSuper) this.#unseen ??= '`super` outside of its class';
        return;
      case 'MetaProperty':
        if (node.meta.name === 'import') this.#unseen ??= '`import.meta`';
        else if (!context.ownThis) this.#unseen ??= 'the `new.target` of an outer function';
        return;
      case 'MemberExpression':
        this.#member(node, scope, context);
        return;
      case 'AssignmentExpression':
        this.#assigned(node.left, scope, context);
        this.#visit(node.right, scope, context);
        return;
      case 'UpdateExpression':
        this.#assigned(node.argument, scope, context);
        return;
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'eval') this.#unseen ??= 'a direct `eval`';
        break;
      case 'Property':
        if (node.computed) this.#visit(node.key, scope, context);
        // The methods of an object have a `super` of their own.
        this.#visit(node.value, scope, node.method || node.kind !== 'init' ? { ...context, ownSuper: true } : context);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#class(node, scope, context);
        return;
      case 'BlockStatement':
        this.#visitAll(node.body, inner(scope, blockNames(node.body)), context);
        return;
      case 'SwitchStatement': {
        this.#visit(node.discriminant, scope, context);
        const names = blockNames(node.cases.flatMap((each) => each.consequent));
        this.#visitAll(node.cases, inner(scope, names), context);
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const head = node.type === 'ForStatement' ? node.init : node.left;
        const names = head ? blockNames([head]) : [];
        if (head && node.type !== 'ForStatement' && head.type !== 'VariableDeclaration') {
          this.#assigned(head, scope, context);
        }
        this.#visitAll(children(node), inner(scope, names), context);
        return;
      }
      case 'CatchClause':
        this.#visitAll(children(node), inner(scope, boundNames(node.param)), context);
        return;
      case 'LabeledStatement':
        this.#visit(node.body, scope, context);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      default:
    }
    this.#visitAll(children(node), scope, context);
  }

  #function(
    node: AnyNode & { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' },
    scope: Scope | undefined,
    context: Context,
  ): void {
    const names = [
      ...(node.type === 'FunctionExpression' && node.id ? [node.id.name] : []),
      ...node.params.flatMap(boundNames),
      ...hoistedNames(node.body),
      ...(node.body.type === 'BlockStatement' ? blockNames(node.body.body) : []),
    ];
    const own = node.type !== 'ArrowFunctionExpression';
    const within = { ...context, ownThis: context.ownThis || own, atDefinition: false };
    const body = node.body.type === 'BlockStatement' ? node.body.body : [node.body];
    this.#visitAll([...node.params, ...body], inner(scope, names), within);
  }

  #class(node: Class, scope: Scope | undefined, context: Context): void {
    const within = inner(scope, node.id ? [node.id.name] : []);
    if (node.superClass) this.#visit(node.superClass, within, context);
    const inside = { ...context, ownThis: true, ownSuper: true };
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        const names = [...blockNames(member.body), ...member.body.flatMap(hoistedNames)];
        this.#visitAll(member.body, inner(within, names), inside);
        continue;
      }
      if (member.computed) this.#visit(member.key, within, context);
      if (member.type === 'MethodDefinition') this.#visit(member.value, within, inside);
      else if (member.value) {
        this.#visit(member.value, within, member.static ? inside : { ...inside, atDefinition: false });
      }
    }
  }

  #member(node: MemberExpression, scope: Scope | undefined, context: Context): void {
    if (node.object.type === 'Identifier' && !node.computed && node.property.type === 'Identifier') {
      this.#use(node.object, scope, context, { member: node.property.name });
      return;
    }
    this.#visit(node.object, scope, context);
    if (node.computed) this.#visit(node.property, scope, context);
  }

  #assigned(target: AnyNode, scope: Scope | undefined, context: Context): void {
    this.#targets.add(target);
    switch (target.type) {
      case 'Identifier':
        this.#use(target, scope, context, { assigned: true });
        return;
      case 'ObjectPattern':
        for (const each of target.properties) {
          if (each.type === 'RestElement') this.#assigned(each.argument, scope, context);
          else {
            if (each.computed) this.#visit(each.key, scope, context);
            this.#assigned(each.value, scope, context);
          }
        }
        return;
      case 'ArrayPattern':
        for (const each of target.elements) if (each) this.#assigned(each, scope, context);
        return;
      case 'AssignmentPattern':
        this.#assigned(target.left, scope, context);
        this.#visit(target.right, scope, context);
        return;
      case 'RestElement':
        this.#assigned(target.argument, scope, context);
        return;
      default:
        this.#visit(target, scope, context);
    }
  }
}

function inner(outer: Scope | undefined, names: readonly string[]): Scope | undefined {
  return names.length === 0 ? outer : { names: new Set(names), outer };
}
