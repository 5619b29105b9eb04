/** Functions and classes of the user's own: text, captured values, and what hangs on them. */
import type { Class, Function as FunctionNode } from 'acorn';
import type { CodeDescription } from '../internal/functions/describe-function.js';
import type { Callable, ParsedFunction } from '../internal/functions/function-source.js';
import { privateFields } from '../internal/functions/scopes.js';
import { type ClassText, classText } from './class-text.js';
import { describeOwn } from './code-properties.js';
import { compile, type Evaluable } from './factory.js';
import type { Describer, Payload } from './payload.js';
import { isStrict, variablesOf } from './shared-scopes.js';

/** The payload of a function or class of which everything is known. */
export function describeText(
  fn: Callable,
  description: CodeDescription,
  parsed: ParsedFunction,
  describer: Describer,
): Payload {
  const { kind, captures } = description;
  const names = [...captures.keys()];
  const scope = describer.purpose === 'value' ? describer.scope(fn) : undefined;
  const shared = new Set(variablesOf(scope).flatMap(({ name, users }) => (users.has(fn) ? [name] : [])));
  const own = names.filter((name) => {
    const capture = captures.get(name);
    return capture?.value === fn && !capture.assigned && !shared.has(name);
  });
  const given = names.filter((name) => !own.includes(name) && !shared.has(name));
  const values = given.map((name) => captures.get(name)?.value);
  const steps = (index: PropertyKey): string => ` → captured ${given[Number(index)]}`;
  const type = parsed.node.type === 'ClassExpression' ? describeClass(parsed, parsed.node, describer) : undefined;
  const ancestry = ancestryOf(fn, parsed);
  const isOutput = (name: string): boolean => describer.purpose === 'identity' && captures.get(name)?.assigned === true;
  if (describer.purpose !== 'value') {
    return {
      kind,
      code: { source: description.source, name: nameOf(fn), given, own },
      ...ancestry.made,
      whole: true,
      // What the code itself assigns is its output.
      values: describer.spelled(
        values.map((value, index) => (isOutput(given[index] ?? '') ? undefined : value)),
        steps,
      ),
      captured: true,
      ...ancestry.parent,
      ...(describer.purpose === 'state' && type && withPrivateStatics(fn, type, describer)),
      ...describeOwn(fn, parsed, type?.members, describer),
    };
  }
  const form = parsed.form === 'expression' ? 'expression' : 'object member';
  const evaluated = type?.text ?? (form === 'expression' ? parsed.text : memberText(parsed));
  const evaluable: Evaluable = {
    text: evaluated,
    form,
    strict: isStrict(fn, description),
    name: nameOf(fn),
    given,
    late: [],
    own,
  };
  try {
    compile(evaluable);
  } catch (cause) {
    describer.refuse(`a ${kind} that cannot stand alone`, { hint: String(cause), cause });
  }
  describer.captured(fn, description);
  const { text, strict, name } = evaluable;
  const hangingOn = {
    ...(type && withPrivateStatics(fn, type, describer)),
    ...describeOwn(fn, parsed, type?.members, describer),
  };
  return {
    kind: scope === undefined ? kind : `${kind} in scope`,
    ...(scope && { scope }),
    code: {
      text: parsed.text,
      ...(text !== parsed.text && { evaluated: text }),
      form,
      strict,
      name,
      given,
      own,
      // A class that shares variables with others of the value is never one that is there already, with variables of its own.
      ...(kind === 'class' && scope === undefined && describer.identity(fn)),
    },
    ...ancestry.made,
    whole: true,
    values: describer.spelled(values, steps),
    captured: true,
    ...ancestry.parent,
    ...hangingOn,
  };
}

function nameOf(fn: Callable): string {
  return typeof fn.name === 'string' ? fn.name : '';
}

function describeClass(parsed: ParsedFunction, node: Class, describer: Describer): ClassText {
  const result = classText(parsed, node, describer.reaches('dill'));
  if (typeof result === 'string') {
    return describer.refuse(result, { hint: 'write the name out, or set the member after the class is made' });
  }
  if (result.privateStatics.length > 0 && !describer.reaches('dill')) {
    return describer.refuse('a class with private static fields', { takenBy: 'dill' });
  }
  return result;
}

function withPrivateStatics(fn: Callable, { privateStatics: names }: ClassText, describer: Describer): object {
  if (names.length === 0) return {};
  const found = new Map(privateFields(fn).map(({ name, value }) => [name, value]));
  const values: { [name: string]: unknown } = {};
  for (const name of names) {
    if (!found.has(`#${name}`)) {
      return describer.refuse('a class with private static fields', { hint: `its #${name} cannot be read` });
    }
    values[name] = found.get(`#${name}`);
  }
  return { privateStatic: describer.spelled(values, (key) => `.#${String(key)}`) };
}

/** A method whose name was computed gets a fixed one: the expression has no meaning any more. */
function memberText(parsed: ParsedFunction): string {
  const { node, text, offset } = parsed;
  if (!('computed' in node && node.computed && 'key' in node)) return text;
  const open = text.lastIndexOf('[', node.key.start - offset);
  const close = text.indexOf(']', node.key.end - offset);
  return `${text.slice(0, open)}computed${text.slice(close + 1)}`;
}

interface Ancestry {
  /** What is needed to make it. */
  readonly made: { readonly base?: unknown; readonly prototype?: unknown };
  /** What its `prototype` inherits from, if not from what follows from that. */
  readonly parent: { readonly parent?: unknown };
}

/** What a function inherits from, and what its instances do, as far as that is not usual. */
function ancestryOf(fn: Callable, parsed: ParsedFunction): Ancestry {
  const { node } = parsed;
  const proto = Object.getPrototypeOf(fn) as object | null;
  if (node.type !== 'ClassExpression') {
    return { made: proto === usualPrototype(parsed) ? {} : { prototype: proto }, parent: {} };
  }
  const parent = Object.getPrototypeOf((fn as unknown as { prototype: object }).prototype) as object | null;
  // A class that extends something else than a class any more is made to extend `null`, and then moved.
  const base = node.superClass && isBase(proto) && parent !== null ? proto : null;
  const [usual, usualParent]: (object | null)[] = !node.superClass
    ? [Function.prototype, Object.prototype]
    : base === null
      ? [Function.prototype, null]
      : [base, (base as { readonly prototype: object }).prototype];
  return {
    made: { ...(node.superClass && { base }), ...(proto !== usual && { prototype: proto }) },
    parent: parent === usualParent ? {} : { parent },
  };
}

function isBase(proto: object | null): boolean {
  if (typeof proto !== 'function') return false;
  try {
    Reflect.construct(Object, [], proto);
  } catch {
    return false;
  }
  const { prototype } = proto as { readonly prototype: unknown };
  return typeof prototype === 'object' || typeof prototype === 'function';
}

const usualPrototypes = [() => {}, async () => {}, function* () {}, async function* () {}].map(
  (each) => Object.getPrototypeOf(each) as object,
);

function usualPrototype({ node }: ParsedFunction): object | undefined {
  const { async = false, generator = false } = ('value' in node ? node.value : node) as FunctionNode;
  return usualPrototypes[(async ? 1 : 0) + (generator ? 2 : 0)];
}
