/**
 * The code of a class, which counts with its instances: a method that was edited in another cell makes `f(model)` another
 * call. Static state does not count; neither does the code of classes of packages, of the language and of Node, which
 * are told by their names.
 */
import { types } from 'node:util';
import { IndigestibleError } from '../errors.js';
import { describeFunction } from '../internal/functions/describe-function.js';
import { type Callable, isCallable } from '../internal/functions/function-source.js';
import { packageFileOf } from '../internal/functions/package-files.js';
import { referenceTo } from '../internal/functions/references.js';
import { InspectorUnavailable, lookInto, scriptUrl } from '../internal/functions/scopes.js';
import type { Digest } from './types.js';

/** The digest of a part of a class's code. */
export type DigestOf = (part: unknown) => Digest;

/** What a class's code comes to. */
export interface ClassCode {
  /** `undefined`: it counts by its name alone. */
  readonly digest: Digest | undefined;
  /** Weak collections that its code captures: where compilers keep private fields. By the names of the variables. */
  readonly weakMaps: readonly (readonly [string, WeakMap<object, unknown>])[];
}

/** What does not change with time: classes whose code captures nothing. */
const fixed = new WeakMap<object, { readonly members: readonly unknown[]; readonly code: ClassCode }>();
/** Prototypes of classes that are told by their names. */
const named = new WeakSet<object>();
const byName: ClassCode = { digest: undefined, weakMaps: [] };

/** The classes whose code is being digested, outermost first: one that captures an instance of itself, say. */
const underWay: object[] = [];

/** The code of the class whose instances have `prototype`, and of those it extends. What it captures is read anew. */
export function classCode(prototype: object, digestOf: DigestOf): ClassCode {
  if (named.has(prototype)) return byName;
  const known = fixed.get(prototype);
  const members = membersOf(prototype);
  if (known !== undefined && isSame(known.members, members)) return known.code;
  const above = underWay.lastIndexOf(prototype);
  if (above >= 0) return { digest: digestOf(['recursion', underWay.length - above]), weakMaps: [] };
  underWay.push(prototype);
  try {
    const found = describeChain(prototype, digestOf);
    if (found.code === byName) named.add(prototype);
    else if (found.isFixed) fixed.set(prototype, { members, code: found.code });
    return found.code;
  } finally {
    underWay.pop();
  }
}

function describeChain(prototype: object, digestOf: DigestOf): { code: ClassCode; isFixed: boolean } {
  const parts: unknown[] = ['class'];
  const weakMaps: [string, WeakMap<object, unknown>][] = [];
  let isFixed = true;
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const Class: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (!isCallable(Class)) break;
    const description = describeFunction(Class);
    if (description.kind !== 'class' && description.kind !== 'function') break;
    const { captures, source, unseen } = description;
    if (captures.size > 0) {
      if (isOfPackage(Class)) break;
      isFixed = false;
    }
    const captured: unknown[] = [];
    for (const [name, { value, assigned }] of captures) {
      if (types.isWeakMap(value)) weakMaps.push([name, value]);
      if (!assigned) captured.push([name, capturedPart(value, digestOf)]);
    }
    const added = addedMembers(at, Class);
    if (added.length > 0) isFixed = false;
    parts.push([source, captured, unseen ?? '', added.map(([name, part]) => [name, capturedPart(part, digestOf)])]);
  }
  if (parts.length === 1) return { code: byName, isFixed: true };
  return { code: { digest: digestOf(parts), weakMaps }, isFixed };
}

/** What has no digest counts by its kind: the code is still told from most other code. */
function capturedPart(value: unknown, digestOf: DigestOf): unknown {
  const reference = typeof value === 'object' && value !== null ? referenceTo(value) : undefined;
  if (reference !== undefined) return ['reference', reference];
  try {
    return ['digest', digestOf(value)];
  } catch (error) {
    if (!(error instanceof IndigestibleError)) throw error;
    return ['kind', typeof value === 'object' ? (value?.constructor.name ?? 'object') : typeof value];
  }
}

function isOfPackage(Class: Callable): boolean {
  try {
    const { script } = lookInto(Class);
    return script !== undefined && packageFileOf(scriptUrl(script)) !== undefined;
  } catch (error) {
    if (error instanceof InspectorUnavailable) return false;
    throw error;
  }
}

/** The functions on a prototype that do not stand in the text of its class: they were put there later. */
function addedMembers(prototype: object, Class: Callable): (readonly [string, unknown])[] {
  const text = Function.prototype.toString.call(Class);
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { value, get, set }]) =>
      [value as unknown, get, set]
        .filter((part) => isCallable(part) && part !== Class && !text.includes(Function.prototype.toString.call(part)))
        .map((part) => [name, part] as const),
    );
}

/** What stands on a prototype chain, to notice when that changes. */
function membersOf(prototype: object): unknown[] {
  const members: unknown[] = [];
  for (let at: object | null = prototype; at !== null && at !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(at)) {
      const { value, get, set } = Object.getOwnPropertyDescriptor(at, name) as PropertyDescriptor;
      members.push(value ?? get, set);
    }
    at = Object.getPrototypeOf(at) as object | null;
    members.push(at);
  }
  return members;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((member, i) => member === b[i]);
}
