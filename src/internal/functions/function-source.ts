import { type AnyNode, type Expression, type MethodDefinition, type Options, type Property, parse } from 'acorn';
import { type FunctionHost, functionHost } from './host.js';

/** Any function or class. */
export type Callable = (...args: never[]) => unknown;

/** Whether `value` is a function or class. */
export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

/** How the text of a function must be wrapped to be an expression: as it is, or as a member of an object or a class. */
export type TextForm = 'expression' | 'object member' | 'class member';

/** The text of a function, parsed. */
export interface ParsedFunction {
  readonly text: string;
  readonly form: TextForm;
  /** Whether it parses as strict code; text that does not is sloppy for sure. */
  readonly strict: boolean;
  /** A function, arrow or class expression; for the other forms the member, whose `value` is the function. */
  readonly node: Expression | Property | MethodDefinition;
  /** Where the text begins in the positions of `node`. */
  readonly offset: number;
}

/** The text of `fn` as its host or V8 tells it, `undefined` when there is none (native and bound functions, proxies). */
export function functionText(fn: Callable): string | undefined {
  return described(fn)?.text;
}

/**
 * The parsed text of `fn`; `undefined` when it has no text, `{ text }` alone when acorn does not understand it (syntax
 * younger than acorn, or decorators). Remembered by function and by text.
 */
export function parsedFunction(
  fn: Callable,
): ParsedFunction | { readonly text: string; readonly node?: never } | undefined {
  return described(fn);
}

/** Makes `text` count as the text of `fn`, which was evaluated from a changed one. */
export function rememberText(fn: Callable, text: string): void {
  remembered.set(fn, text);
}

type Described = ParsedFunction | { readonly text: string; readonly node?: never };

let host: FunctionHost | undefined;
let byFunction = new WeakMap<Callable, Described | { readonly native: true }>();
const remembered = new WeakMap<Callable, string>();
const byText = new Map<string, Described>();
const textsKept = 2000;

function described(fn: Callable): Described | undefined {
  const now = functionHost();
  if (now !== host) {
    host = now;
    byFunction = new WeakMap();
  }
  let known = byFunction.get(fn);
  if (known === undefined) {
    const text = remembered.get(fn) ?? host?.source(fn) ?? Function.prototype.toString.call(fn);
    // No JavaScript text can end like this: two names in brackets are not an expression.
    known = /\{\s*\[native code\]\s*\}$/.test(text) ? { native: true } : describedText(text);
    byFunction.set(fn, known);
  }
  return 'native' in known ? undefined : known;
}

function describedText(text: string): Described {
  let known = byText.get(text);
  if (known === undefined) {
    known = parseFunctionText(text) ?? { text };
    if (byText.size >= textsKept) byText.clear();
    byText.set(text, known);
  }
  return known;
}

/** Parses the text of a function or class, or returns `undefined` when acorn does not understand it. */
export function parseFunctionText(text: string): ParsedFunction | undefined {
  // Strict first: modules and TypeScript are strict, and code that means something else in both is very rare.
  for (const strict of [true, false]) {
    for (const wrapper of wrappers) {
      const node = tryParse(wrapper, text, strict);
      if (node !== undefined) return { text, form: wrapper.form, strict, node, offset: wrapper.before.length };
    }
  }
  return undefined;
}

interface Wrapper {
  readonly form: TextForm;
  readonly before: string;
  readonly after: string;
  /** Finds the function in the expression that the wrapper makes. */
  pick(expression: Expression): ParsedFunction['node'] | undefined;
}

const wrappers: readonly Wrapper[] = [
  { form: 'expression', before: '(', after: '\n)', pick: (expression) => onlyFunction(expression) },
  {
    form: 'object member',
    before: '({',
    after: '\n})',
    pick: (object) => {
      const member = object.type === 'ObjectExpression' && object.properties.length === 1 && object.properties[0];
      return member && member.type === 'Property' && member.value.type === 'FunctionExpression' ? member : undefined;
    },
  },
  {
    form: 'class member',
    before: '(class extends Object{',
    after: '\n})',
    pick: (expression) => {
      const member =
        expression.type === 'ClassExpression' && expression.body.body.length === 1 && expression.body.body[0];
      return member && member.type === 'MethodDefinition' ? member : undefined;
    },
  },
  {
    // An arrow that uses `new.target` is only valid inside another function.
    form: 'expression',
    before: '(function(){(',
    after: '\n)})',
    pick: (expression) => {
      const statement = expression.type === 'FunctionExpression' && expression.body.body[0];
      return statement && statement.type === 'ExpressionStatement' ? onlyFunction(statement.expression) : undefined;
    },
  },
];

function onlyFunction(expression: Expression): Expression | undefined {
  switch (expression.type) {
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'ClassExpression':
      return expression;
    default:
      return undefined;
  }
}

function tryParse(wrapper: Wrapper, text: string, strict: boolean): ParsedFunction['node'] | undefined {
  const options: Options = {
    ecmaVersion: 'latest',
    // A module is strict and may say `import.meta`.
    sourceType: strict ? 'module' : 'script',
    allowSuperOutsideMethod: true,
    checkPrivateFields: false,
  };
  try {
    const program = parse(wrapper.before + text + wrapper.after, options);
    const statement: AnyNode | undefined = program.body.length === 1 ? program.body[0] : undefined;
    return statement?.type === 'ExpressionStatement' ? wrapper.pick(statement.expression) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
