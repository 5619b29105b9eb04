/** Which variables of a script keep the value that they have, by the text of the script. */
import { type AnyNode, type Options, type Program, parse } from 'acorn';
import { scriptSource } from './scopes.js';
import { blockNames, boundNames, children, hoistedNames } from './scopes-of-text.js';

/** What a text says about the names in it, in whichever scope they are. */
export interface FixedNames {
  /** Whether a variable of this name is never assigned after its declaration. */
  isFixed(name: string): boolean;
  /** Whether it is imported, so that only the module which exports it may assign it. */
  isImported(name: string): boolean;
  /** Whether it is declared at the top of the text, outside of all functions. */
  isTopLevel(name: string): boolean;
}

const nothing: FixedNames = { isFixed: () => false, isImported: () => false, isTopLevel: () => false };
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
          for (const name of boundNames(id)) (node.kind === 'var' ? changing : declared).add(name);
        }
        break;
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        imported.add(node.local.name);
        break;
      case 'FunctionDeclaration':
        // In sloppy code a function in a block is a variable of the function around it, too.
        if (node.id) (declared.has(node.id.name) ? changing : declared).add(node.id.name);
        for (const param of node.params) for (const name of boundNames(param)) declared.add(name);
        break;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        for (const param of node.params) for (const name of boundNames(param)) declared.add(name);
        break;
      case 'ClassDeclaration':
        if (node.id) declared.add(node.id.name);
        break;
      default:
    }
    stack.push(...children(node));
  }
  const top = new Set([...blockNames(program.body), ...program.body.flatMap(hoistedNames)]);
  return {
    isTopLevel: (name) => top.has(name),
    isFixed: (name) => declared.has(name) && !changing.has(name) && !imported.has(name),
    isImported: (name) => imported.has(name) && !declared.has(name) && !changing.has(name),
  };
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
