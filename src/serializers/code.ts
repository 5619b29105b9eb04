/** Functions and classes: named where every process has them, by text and captured values where they are the user's. */
import type { Class } from 'acorn';
import { type CodeDescription, describeFunction, isClass } from '../internal/functions/describe-function.js';
import { type Callable, isCallable, type ParsedFunction } from '../internal/functions/function-source.js';
import { classText, type Members } from './class-text.js';
import { compile, type Evaluable } from './factory.js';
import type { Describer, Payload } from './payload.js';
import { describeProperties } from './properties.js';
import { isReplaced } from './prototypes.js';

/** The payload of a function or class. */
export function describeCode(fn: Callable, describer: Describer): Payload {
  const what = isClass(fn) ? 'a class' : 'a function';
  if (!describer.reaches('cloudpickle')) return describer.refuse(what, { takenBy: 'cloudpickle' });
  const made = describeMade(fn, describer);
  if (made !== undefined) return made;
  const description = describeFunction(fn, true);
  switch (description.kind) {
    case 'reference':
      return { kind: 'reference', reference: description.reference };
    case 'native':
      return describer.refuse('a native function', { hint: description.why });
    case 'bound': {
      const { target, boundThis, boundArguments } = description;
      const steps = (index: PropertyKey): string => ` → bound argument ${String(index)}`;
      return {
        kind: 'bound',
        target,
        self: boundThis,
        arguments: describer.spelled([...boundArguments], steps),
        whole: true,
      };
    }
    default: {
      if (description.unseen !== undefined || description.parsed === undefined) {
        const { unseen = 'syntax that cannot be read' } = description;
        return describer.refuse(`${what} that uses ${unseen}`);
      }
      return describeText(fn, description, description.parsed, describer);
    }
  }
}

/** On functions that another function made and can make again: that function and its arguments, in an array. */
const madeBy = Symbol.for('fleche.madeBy');

/** A cached function is written as the call that made it. */
function describeMade(fn: Callable, describer: Describer): Payload | undefined {
  const made: unknown = Object.getOwnPropertyDescriptor(fn, madeBy)?.value;
  if (!Array.isArray(made)) return undefined;
  const [target, ...given] = made as unknown[];
  const fromMaker = (_: PropertyKey, { enumerable }: PropertyDescriptor): boolean => enumerable !== true;
  return {
    kind: 'made',
    target,
    arguments: describer.spelled(given, () => ''),
    whole: true,
    ...describeProperties(fn, describer, fromMaker),
  };
}

function describeText(
  fn: Callable,
  description: CodeDescription,
  parsed: ParsedFunction,
  describer: Describer,
): Payload {
  const { node } = parsed;
  const form = parsed.form === 'expression' ? 'expression' : 'object member';
  const type = node.type === 'ClassExpression' ? describeClass(parsed, node as Class, describer) : undefined;
  const evaluated = type?.text ?? (form === 'expression' ? parsed.text : memberText(parsed));
  const names = [...description.captures.keys()];
  const own = names.filter((name) => {
    const capture = description.captures.get(name);
    return capture?.value === fn && !capture.assigned;
  });
  const given = names.filter((name) => !own.includes(name));
  const evaluable: Evaluable = {
    kind: description.kind,
    text: evaluated,
    form,
    // Only a plain sloppy function shows that it is one: by its own `caller`.
    strict: parsed.strict && !Object.hasOwn(fn, 'caller'),
    name: typeof fn.name === 'string' ? fn.name : '',
    given,
    late: [],
    own,
  };
  try {
    compile(evaluable);
  } catch (cause) {
    describer.refuse(`a ${description.kind} that cannot stand alone`, { hint: String(cause), cause });
  }
  for (const [name, { value, assigned }] of description.captures) describer.variable(name, value, assigned);
  const values = given.map((name) => description.captures.get(name)?.value);
  const { kind, text, strict, name } = evaluable;
  return {
    kind,
    code: { text: parsed.text, ...(text !== parsed.text && { evaluated: text }), form, strict, name, given, own },
    ...(description.base && { base: description.base.value }),
    whole: true,
    values: describer.spelled(values, (index) => ` → captured ${given[Number(index)]}`),
    captured: true,
    ...describeOwn(fn, type?.members, describer),
  };
}

function describeClass(parsed: ParsedFunction, node: Class, describer: Describer): { text: string; members: Members } {
  const result = classText(parsed, node, describer.reaches('dill'));
  return typeof result === 'string' ? describer.refuse(result) : result;
}

/** A method whose name was computed gets a fixed one: the expression has no meaning any more. */
function memberText(parsed: ParsedFunction): string {
  const { node, text, offset } = parsed;
  if (!('computed' in node && node.computed && 'key' in node)) return text;
  const open = text.lastIndexOf('[', node.key.start - offset);
  const close = text.indexOf(']', node.key.end - offset);
  return `${text.slice(0, open)}computed${text.slice(close + 1)}`;
}

/** What hangs on a function, and on its `prototype`, beyond what its text makes. */
function describeOwn(fn: Callable, members: Members | undefined, describer: Describer): object {
  const isMember = (isStatic: boolean, key: PropertyKey, descriptor: PropertyDescriptor): boolean =>
    !descriptor.enumerable &&
    [descriptor.value, descriptor.get, descriptor.set].every(
      (each: unknown) => each === undefined || (isCallable(each) && members?.has(isStatic, key, each)),
    );
  const own = describeProperties(fn, describer, (key, descriptor) => {
    if (key === 'prototype' || key === 'arguments' || key === 'caller') return !descriptor.enumerable;
    if (key === 'length' || key === 'name') return !descriptor.enumerable && !descriptor.writable;
    return isMember(true, key, descriptor);
  });
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value as object | undefined;
  if (typeof prototype !== 'object' || prototype === null) return own;
  if (members === undefined && isReplaced(fn, prototype)) return { ...own, ownPrototype: prototype };
  const onPrototype = describeProperties(
    prototype,
    describer,
    (key, descriptor) => (key === 'constructor' && descriptor.value === fn) || isMember(false, key, descriptor),
    '.prototype',
  );
  if (Object.keys(onPrototype).length === 0) return own;
  return { ...own, onPrototype: describer.spelled({ ...onPrototype }, () => '.prototype') };
}
