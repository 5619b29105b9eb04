import { types } from 'node:util';
import { isClass } from '../../internal/functions/describe-function.js';
import { type Callable, functionText } from '../../internal/functions/function-source.js';
import { classOf } from '../../serializers/prototypes.js';
import { type Slot, slotOf } from '../../serializers/slots.js';

/** What a value is inside; `opaque` is what keeps its state where nobody can read it. */
export type Kind = Slot | 'arguments' | 'function' | 'opaque';

/** What `value` is inside, whatever its prototype says. */
export function kindOf(value: object): Kind {
  if (types.isProxy(value)) return 'opaque';
  if (typeof value === 'function') return 'function';
  if (types.isArgumentsObject(value)) return 'arguments';
  // Memory that is shared or may grow cannot be stored, but it can be compared.
  if (ArrayBuffer.isView(value)) return 'view';
  if (types.isArrayBuffer(value)) return 'bytes';
  const slot = slotOf(value);
  if (typeof slot === 'string' && slot !== 'object') return slot;
  return isOpaque(value) ? 'opaque' : 'object';
}

function isOpaque(value: object): boolean {
  if (types.isPromise(value) || types.isGeneratorObject(value) || types.isExternal(value)) return true;
  if (types.isModuleNamespaceObject(value)) return true;
  // The prototype of a class is no instance of what the class extends.
  if (classOf(value) !== undefined) return false;
  return ancestorsOf(value).some((Class) => Class.name !== 'Object' && functionText(Class) === undefined);
}

/** Whether `value` is a class, or the prototype of one. */
export function isClassOrPrototype(value: unknown): boolean {
  if (typeof value === 'function') return isClass(value as Callable);
  return typeof value === 'object' && value !== null && classOf(value) !== undefined;
}

/** The classes that `value` is an instance of, the innermost base last. */
export function ancestorsOf(value: object): readonly Callable[] {
  const found: Callable[] = [];
  for (let at: unknown = Object.getPrototypeOf(value); at !== null; at = Object.getPrototypeOf(at)) {
    const Class = classOf(at as object);
    if (Class !== undefined) found.push(Class);
  }
  return found;
}

/** Whether `value` may have private fields: of a class that it is an instance of, or static ones of its own. */
export function mayHavePrivateFields(value: object): boolean {
  const Classes = typeof value === 'function' ? [value as Callable] : ancestorsOf(value);
  return Classes.some((Class) => isClass(Class) && /#[\p{ID_Start}$_]/u.test(functionText(Class) ?? ''));
}
