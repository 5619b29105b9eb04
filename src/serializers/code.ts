/** Functions and classes: named where every process has them, by text and captured values where they are the user's. */
import { madeBy } from '../internal/cached-marks.js';
import { isClass } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { referenceTo } from '../internal/functions/references.js';
import { describeText } from './code-text.js';
import type { Describer, Payload } from './payload.js';
import { describeProperties } from './properties.js';
import { registeredAs } from './registered.js';

/** The payload of a function or class. */
export function describeCode(fn: Callable, describer: Describer): Payload {
  const registered = registeredAs(fn);
  if (registered !== undefined) return { kind: 'registered class', name: registered };
  const what = isClass(fn) ? 'a class' : 'a function';
  refuseTied(fn, describer);
  if (!describer.reaches('cloudpickle')) return describer.refuse(what, { takenBy: 'cloudpickle' });
  const made = describeMade(fn, describer);
  if (made !== undefined) return made;
  const member = describer.member(fn);
  if (member !== undefined) {
    const { target, ...where } = member;
    return { kind: 'member', target, ...where, whole: true };
  }
  const description = describer.description(fn);
  switch (description.kind) {
    case 'reference':
      return { kind: 'reference', reference: description.reference };
    case 'native':
      return describer.refuse('a native function', {
        hint: `${description.why}; keep a function of your own that calls it`,
      });
    case 'bound':
      return describeBound(fn, description, describer);
    default: {
      if (isOfAnotherRealm(fn)) {
        return describer.refuse(`${what} of another realm (a vm context)`, { hint: 'define it in the main one' });
      }
      const { unseen, parsed } = description;
      if (unseen !== undefined || parsed === undefined) {
        const reason = unseen ?? 'syntax that cannot be read';
        const hint = instead.find(([pattern]) => pattern.test(reason))?.[1];
        return describer.refuse(`${what} that uses ${reason}`, hint === undefined ? {} : { hint });
      }
      return describeText(fn, description, parsed, describer);
    }
  }
}

/** What to do where the text of a function is not all that there is. */
const instead: readonly (readonly [unseen: RegExp, hint: string])[] = [
  [/`this`/, 'make it a method, or keep `this` in a variable that it uses'],
  [/`super`/, 'keep its class, or call the other method by its class'],
  [/arguments/, 'give the outer function rest parameters'],
  [/new\.target|import\.meta/, 'keep that in a variable that it uses'],
  [/eval/, 'nobody can tell which variables that uses'],
  [/no value yet/, 'wait until the variable is assigned'],
];

/**
 * Refuses what belongs to one process and says so itself.
 *
 * @throws SerializationError (through `describer`)
 */
export function refuseTied(value: object, describer: Describer): void {
  const words: unknown = Object.getOwnPropertyDescriptor(value, tied)?.value;
  if (typeof words !== 'string') return;
  const [what = words, hint] = words.split('; ');
  describer.refuse(what, hint === undefined ? {} : { hint });
}

/** On what belongs to one process: the words for it, and what to keep instead. */
const tied = Symbol.for('fleche.tied');

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

function describeBound(
  fn: Callable,
  bound: { readonly target: Callable; readonly boundThis: unknown; readonly boundArguments: readonly unknown[] },
  describer: Describer,
): Payload {
  const { target, boundThis, boundArguments } = bound;
  const steps = (index: PropertyKey): string => ` → bound argument ${String(index)}`;
  // What `bind` itself gives, from the target as it is now.
  const plain = Function.prototype.bind.call(target, undefined, ...boundArguments) as object;
  const prototype = Object.getPrototypeOf(fn) as object | null;
  const isGiven = (key: PropertyKey, descriptor: PropertyDescriptor): boolean => {
    const given = key === 'name' || key === 'length' ? Object.getOwnPropertyDescriptor(plain, key) : undefined;
    return given !== undefined && given.value === descriptor.value && isHidden(descriptor, fn);
  };
  const missing = ['name', 'length'].filter((key) => !Object.hasOwn(fn, key));
  return {
    kind: 'bound',
    target,
    self: boundThis,
    arguments: describer.spelled([...boundArguments], steps),
    ...(prototype !== Object.getPrototypeOf(target) && { prototype }),
    whole: true,
    ...(missing.length > 0 && { missing }),
    ...describeProperties(fn, describer, isGiven),
  };
}

/** Whether a property is as the language makes the `name` and `length` of a function. */
function isHidden({ writable, enumerable, configurable }: PropertyDescriptor, fn: Callable): boolean {
  return !writable && !enumerable && (configurable === true || Object.isSealed(fn));
}

/** Whether what `fn` inherits from is the function prototype of another realm. */
function isOfAnotherRealm(fn: Callable): boolean {
  for (let at: unknown = fn; typeof at === 'function'; at = Object.getPrototypeOf(at) as unknown) {
    // The last function of the chain is the one from which all of a realm inherit.
    if (typeof Object.getPrototypeOf(at) === 'function') continue;
    return at !== Function.prototype && at !== fn && Object.hasOwn(at, 'bind') && referenceTo(at) === undefined;
  }
  return false;
}
