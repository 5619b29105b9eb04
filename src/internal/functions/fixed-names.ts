/** Which variables of a script keep the value that they have, by the text of the script. */
import { type AnyNode, type Function as FunctionNode, type Options, type Program, parse } from 'acorn';
import { scriptSource } from './scopes.js';
import { blockNames, boundNames, children, hoistedNames, isFunction } from './scopes-of-text.js';

/** What a text says about the names in it, in whichever scope they are. */
export interface FixedNames {
  /** Whether a variable of this name is never assigned after its declaration. */
  isFixed(name: string): boolean;
  /** Whether it is imported, so that only the module which exports it may assign it. */
  isImported(name: string): boolean;
  /**
   * Whether a scope with these names is that of the text as a whole: its top, or that of a function around all of it. Such a
   * scope has a name that no other one has.
   */
  isTop(names: readonly string[]): boolean;
}

const nothing: FixedNames = { isFixed: () => false, isImported: () => false, isTop: () => false };
/** Larger texts take longer to parse than many looks into V8. */
const longest = 1_000_000;

const known = new Map<string, FixedNames>();

/** What is fixed in the script with this number of V8's. Found once. */
export function fixedNames(script: string): FixedNames {
  let found = known.get(script);
  if (found === undefined) {
    const source = scriptSource(script);
    found = (source.length <= longest && fixedNamesOf(source)) || nothing;
    known.set(script, found);
  }
  return found;
}

/** What is fixed in a text; nothing where it cannot be parsed, or code that is made at run time may assign anything. */
export function fixedNamesOf(source: string): FixedNames {
  const program = parsed(source);
  if (program === undefined) return nothing;
  const changing = new Set<string>();
  const declared = new Set<string>();
  const imported = new Set<string>();
  const times = new Map<string, number>();
  const declare = (name: string, to: Set<string>): void => {
    to.add(name);
    times.set(name, (times.get(name) ?? 0) + 1);
  };
  const stack: AnyNode[] = [program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    switch (node.type) {
      case 'WithStatement':
        return nothing;
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'eval') return nothing;
        break;
      case 'AssignmentExpression':
        for (const name of assignedNames(node.left)) changing.add(name);
        break;
      case 'UpdateExpression':
        for (const name of assignedNames(node.argument)) changing.add(name);
        break;
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.left.type !== 'VariableDeclaration') for (const name of assignedNames(node.left)) changing.add(name);
        break;
      case 'VariableDeclaration':
        // A `var` has a value before its own, and what is only declared gets one later.
        for (const { id } of node.declarations) {
          for (const name of boundNames(id)) declare(name, node.kind === 'var' ? changing : declared);
        }
        break;
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        imported.add(node.local.name);
        break;
      case 'FunctionDeclaration':
        // In sloppy code a function in a block is a variable of the function around it, too.
        if (node.id) declare(node.id.name, declared.has(node.id.name) ? changing : declared);
        for (const param of node.params) for (const name of boundNames(param)) declare(name, declared);
        break;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        for (const param of node.params) for (const name of boundNames(param)) declare(name, declared);
        break;
      case 'ClassDeclaration':
        if (node.id) declare(node.id.name, declared);
        break;
      default:
    }
    stack.push(...children(node));
  }
  const top = new Set([...wrapperNames, ...topNames(program.body)]);
  return {
    isTop: (names) => names.every((name) => top.has(name)) && names.some((name) => (times.get(name) ?? 0) < 2),
    isFixed: (name) => declared.has(name) && !changing.has(name) && !imported.has(name),
    isImported: (name) => imported.has(name) && !declared.has(name) && !changing.has(name),
  };
}

/** What the function has that CommonJS wraps a module in. */
const wrapperNames = ['exports', 'require', 'module', '__filename', '__dirname'];

/** The names that statements declare, also those in functions that are around all of a text and called at once. */
function topNames(statements: readonly AnyNode[]): string[] {
  return [
    ...blockNames(statements),
    ...statements.flatMap(hoistedNames),
    ...statements.flatMap((statement) => {
      if (statement.type === 'BlockStatement') return topNames(statement.body);
      if (statement.type !== 'ExpressionStatement') return [];
      return wrappers(statement.expression).flatMap(({ params, body }) => [
        ...params.flatMap(boundNames),
        ...(body.type === 'BlockStatement' ? topNames(body.body) : []),
      ]);
    }),
  ];
}

/** The functions around all of a text: `(function () { … })()`, also with `(function (factory) { … })(function () { … })`. */
function wrappers(node: AnyNode): FunctionNode[] {
  if (node.type === 'UnaryExpression') return wrappers(node.argument);
  if (isFunction(node)) return [node as FunctionNode];
  if (node.type !== 'CallExpression') return [];
  const { callee } = node;
  const called = callee.type === 'MemberExpression' ? callee.object : callee;
  return isFunction(called)
    ? [called, ...node.arguments].flatMap((each) => (isFunction(each) ? [each as FunctionNode] : []))
    : [];
}

/** The variables that an assignment to this target changes. */
function assignedNames(target: AnyNode): string[] {
  return target.type === 'MemberExpression' ? [] : boundNames(target as Parameters<typeof boundNames>[0]);
}

function parsed(source: string): Program | undefined {
  const options: Options = { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true };
  const asFunction = {
    allowReturnOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowAwaitOutsideFunction: false,
  };
  for (const each of [options, { ...options, ...asFunction, sourceType: 'script' as const }]) {
    try {
      return parse(source, each);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}
