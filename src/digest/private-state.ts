/** The state of an instance that its own properties do not show. */
import { type Callable, isCallable, parsedFunction } from '../internal/functions/function-source.js';
import { InspectorUnavailable, privateFields } from '../internal/functions/scopes.js';
import type { ClassInWalk } from './classes.js';
import { compare } from './key-order.js';
import { Refusal } from './refusal.js';

/** A private field: of the class itself, or what is kept in a map of the class, as compilers do. */
export interface PrivateField {
  readonly name: string;
  readonly value: unknown;
}

const nothing: readonly PrivateField[] = [];

/** The private fields of an instance, in an order that depends on their names alone. */
export function privateStateOf(value: object, prototype: object, type: ClassInWalk): readonly PrivateField[] {
  const { maps } = type.code();
  const kept = maps.flatMap(([name, map]) => (map.has(value) ? [{ name, value: map.get(value) }] : []));
  const own = type.hasPrivateFields && declaresPrivateFields(prototype) ? read(value, type) : nothing;
  if (kept.length + own.length === 0) return nothing;
  // Fields of one name in a class and its base stay in the order of inheritance.
  return [...own, ...kept].sort((a, b) => compare(a.name, b.name));
}

function read(value: object, type: ClassInWalk): readonly PrivateField[] {
  try {
    return privateFields(value).filter((field) => !isPrivateMethod(field));
  } catch (cause) {
    if (!(cause instanceof InspectorUnavailable)) throw cause;
    throw new Refusal(
      `an instance of ${type.name || 'a class'}, which has private fields`,
      `they can only be seen through node:inspector: ${cause.message}; give the class a method [Symbol.for('fleche.digest')]()`,
      { cause },
    );
  }
}

/** Methods are code; a field may hold a function. */
function isPrivateMethod({ name, value }: PrivateField): boolean {
  if (!isCallable(value)) return false;
  const text = Function.prototype.toString.call(value).replace(/^(?:async|get|set|static|\*|\s)+/, '');
  return text.startsWith(`${name}(`) || text.startsWith(`${name} (`);
}

const declaring = new WeakMap<object, boolean>();

/** Whether a class on the way up has private fields, and not only the sign of them in a text. */
function declaresPrivateFields(prototype: object): boolean {
  let declares = declaring.get(prototype);
  if (declares === undefined) {
    declares = false;
    for (let at: object | null = prototype; at !== null && !declares; at = Object.getPrototypeOf(at) as object | null) {
      const Class: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      declares = isCallable(Class) && mayDeclare(Class);
    }
    declaring.set(prototype, declares);
  }
  return declares;
}

function mayDeclare(Class: Callable): boolean {
  const parsed = parsedFunction(Class);
  if (parsed === undefined) return false;
  if (parsed.node?.type !== 'ClassExpression') return parsed.node === undefined && parsed.text.includes('#');
  return parsed.node.body.body.some(
    (member) => member.type === 'PropertyDefinition' && !member.static && member.key.type === 'PrivateIdentifier',
  );
}
