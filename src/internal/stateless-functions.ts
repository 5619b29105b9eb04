/** Which functions can be handed out twice: those through which whoever has one changes nothing for whoever has another. */
import { types } from 'node:util';
import { madeBy } from './cached-marks.js';
import { registeredClassOf } from './class-registry.js';
import { capturesOf } from './functions/captures.js';
import { describeNative } from './functions/describe-function.js';
import { type Callable, isCallable, parsedFunction } from './functions/function-source.js';
import { referenceTo } from './functions/references.js';

/**
 * Why functions, as seen from all that they reach, must not be shared; `undefined` if they may be. A function has a state if
 * it assigns a variable that it captures, captures an object that may change, has properties of its own, or shows nothing of
 * that. Classes are taken for code: there is one of each, with one state, whoever has an instance.
 */
export function stateOf(functions: Iterable<Callable>): { readonly fn: Callable; readonly what: string } | undefined {
  const met = new Map<object, Callable>();
  for (const fn of functions) met.set(fn, fn);
  // A Map goes on to what is added while it is walked.
  for (const [value, fn] of met) {
    const found = typeof value === 'function' ? parts(value as Callable) : frozenParts(value);
    if (typeof found === 'string') return { fn, what: found };
    for (const part of found) if (isObject(part) && !met.has(part)) met.set(part, fn);
  }
  return undefined;
}

/** What a function has of its own beside what its text makes. */
const usual: ReadonlySet<PropertyKey> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

/** What a cached function was made from, which is all that it has of its own: the rest belongs to its maker. */
export function makersArguments(fn: Callable): readonly unknown[] | undefined {
  const made: unknown = Object.getOwnPropertyDescriptor(fn, madeBy)?.value;
  return Array.isArray(made) ? made.slice(1) : undefined;
}

/** The objects and functions that `fn` reaches, or the words for the state that it has. */
function parts(fn: Callable): readonly unknown[] | string {
  if (types.isProxy(fn)) return 'a Proxy';
  const given = makersArguments(fn);
  if (given !== undefined) return given.filter(isCallable);
  if (referenceTo(fn) !== undefined) return [];
  const parsed = parsedFunction(fn);
  if (parsed === undefined) {
    const native = describeNative(fn);
    if (native.kind === 'native') return 'a native function, whose state cannot be seen';
    if (hasMore(fn)) return 'a function with properties of its own';
    return [native.target, native.boundThis, ...native.boundArguments];
  }
  if (parsed.node?.type === 'ClassExpression' || /^class\b/.test(parsed.text)) return [];
  if (hasMore(fn)) return 'a function with properties of its own';
  if (parsed.node === undefined) return 'a function whose variables cannot be seen';
  const { captures, unseen } = capturesOf(fn, parsed);
  if (unseen !== undefined) return `a function that uses ${unseen}`;
  for (const [name, { assigned }] of captures) {
    if (assigned) return `a function that assigns the variable ${name} outside of it`;
  }
  return [...captures.values()].map(({ value }) => value);
}

function hasMore(fn: Callable): boolean {
  if (Reflect.ownKeys(fn).some((key) => !usual.has(key))) return true;
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  return isObject(prototype) && Reflect.ownKeys(prototype).some((key) => key !== 'constructor');
}

/** The parts of an object that a function captures, or the words for it if it may change. */
function frozenParts(value: object): readonly unknown[] | string {
  const may = 'a function that captures what may change';
  if (types.isProxy(value)) return may;
  if (types.isModuleNamespaceObject(value)) return Object.values(value) as unknown[];
  if (referenceTo(value) !== undefined) return [];
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null || Array.isArray(value);
  if (!isPlain || !Object.isFrozen(value) || (isObject(prototype) && registeredClassOf(prototype))) return may;
  return Object.values(Object.getOwnPropertyDescriptors(value)).flatMap(({ value: held, get, set }) => [
    held,
    get,
    set,
  ]);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || isCallable(value);
}
