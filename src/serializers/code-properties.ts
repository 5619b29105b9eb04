/** What hangs on functions and classes, and on their `prototype`, beyond what their text makes. */
import type { Class, Function as FunctionNode } from 'acorn';
import { type Callable, isCallable, type ParsedFunction } from '../internal/functions/function-source.js';
import { step } from '../internal/value-path.js';
import type { Members } from './class-text.js';
import type { Describer, Member } from './payload.js';
import { describeProperties } from './properties.js';
import { isReplaced } from './prototypes.js';

/** The fields of a payload for what its text does not tell. */
export function describeOwn(
  fn: Callable,
  parsed: ParsedFunction,
  members: Members | undefined,
  describer: Describer,
): object {
  const isMember = memberTest(fn, members, describer);
  const isMade = (key: PropertyKey, descriptor: PropertyDescriptor): boolean => {
    const { value, writable, enumerable, configurable } = descriptor;
    if (key === 'arguments' || key === 'caller') return !enumerable && members === undefined;
    if (key === 'prototype') return isObject(value) && writable === (members === undefined);
    const isHidden = !writable && !enumerable && (configurable === true || Object.isSealed(fn));
    if (key === 'length' && isHidden && value === parameterCount(parsed)) return true;
    if (key === 'name' && isHidden && typeof value === 'string') return true;
    return isMember(true, key, descriptor);
  };
  // The state of a class is not what tells it from others.
  const own = describer.purpose === 'identity' ? {} : describeProperties(fn, describer, isMade);
  const missing = ['length', 'name', ...declared(members, true)].filter((key) => !Object.hasOwn(fn, key));
  return {
    ...own,
    ...(missing.length > 0 && { missing }),
    ...describePrototype(fn, members, isMember, describer),
  };
}

type MemberTest = (isStatic: boolean, key: PropertyKey, descriptor: PropertyDescriptor) => boolean;

function describePrototype(
  fn: Callable,
  members: Members | undefined,
  isMember: MemberTest,
  describer: Describer,
): object {
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value as unknown;
  if (!isObject(prototype)) return {};
  if (members === undefined && isReplaced(fn, prototype)) return { ownPrototype: prototype };
  const onPrototype = describeProperties(
    prototype,
    describer,
    (key, descriptor) =>
      (key === 'constructor' && descriptor.value === fn && !descriptor.enumerable) || isMember(false, key, descriptor),
    '.prototype',
  );
  const missing = declared(members, false).filter((key) => !Object.hasOwn(prototype, key));
  if (members !== undefined && !Object.hasOwn(prototype, 'constructor')) missing.push('constructor');
  return {
    ...(Object.keys(onPrototype).length > 0 && {
      onPrototype: describer.spelled({ ...onPrototype }, () => '.prototype'),
    }),
    ...(missing.length > 0 && { missingOnPrototype: missing }),
  };
}

/** Tells which properties the text of a class makes, and notes the functions in them. */
function memberTest(fn: Callable, members: Members | undefined, describer: Describer): MemberTest {
  const parts = ['value', 'get', 'set'] as const;
  return (isStatic, key, descriptor) => {
    if (members === undefined || descriptor.enumerable) return false;
    const found: Member[] = [];
    for (const part of parts) {
      const held: unknown = descriptor[part];
      if (held === undefined) continue;
      const known = isCallable(held) && describer.member(held);
      // A method that was put in the place of another one, or under a second name, is one of its first place.
      if (known && (known.target !== fn || known.key !== key || known.isStatic !== isStatic)) return false;
      if (!isCallable(held) || !members.has(isStatic, key, held)) return false;
      found.push({ target: fn, isStatic, key, part });
    }
    for (const member of found) {
      const held = descriptor[member.part] as Callable;
      if (hasExtras(held)) {
        const at = `${isStatic ? '' : '.prototype'}${step(key)}`;
        describer.refuse('a method with properties of its own', { at, hint: 'keep them beside the class' });
      }
      describer.noteMember(held, member);
    }
    return found.length > 0;
  };
}

function hasExtras(method: Callable): boolean {
  if (!Object.isExtensible(method)) return true;
  const prototype = Object.getOwnPropertyDescriptor(method, 'prototype')?.value as object | undefined;
  if (prototype !== undefined && Reflect.ownKeys(prototype).length > 0) return true;
  return Reflect.ownKeys(method).length !== (prototype === undefined ? 2 : 3);
}

function declared(members: Members | undefined, isStatic: boolean): string[] {
  return (members?.declared ?? []).filter((each) => each.isStatic === isStatic).map(({ key }) => key);
}

/** The `length` that a function has by its text. */
function parameterCount({ node }: ParsedFunction): number {
  const code = ('value' in node ? node.value : node) as FunctionNode | Class;
  if (code.type !== 'ClassExpression') return countOf(code as FunctionNode);
  const [made] = (code as Class).body.body.filter(
    (member) => member.type === 'MethodDefinition' && member.kind === 'constructor',
  );
  return made?.type === 'MethodDefinition' ? countOf(made.value) : 0;
}

function countOf({ params }: FunctionNode): number {
  const optional = params.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return optional < 0 ? params.length : optional;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
