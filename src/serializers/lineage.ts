/** Where a value has its behaviour from, when that is not the usual prototype of its kind. */
import { registeredClassOf } from '../internal/class-registry.js';
import { isClass } from '../internal/functions/describe-function.js';
import { type Callable, functionText, parsedFunction } from '../internal/functions/function-source.js';
import { referenceTo } from '../internal/functions/references.js';
import { privateFields } from '../internal/functions/scopes.js';
import { builtins } from './builtins.js';
import type { Describer } from './payload.js';
import { classOf, isReplaced } from './prototypes.js';
import type { Slot } from './slots.js';
import { isSharedSymbol } from './symbols.js';

/** The fields that say which prototype a value has. */
export interface Lineage {
  /** Whether it has private fields, so that only its class can make it. */
  readonly branded?: true;
  readonly class?: Callable;
  /** The name of its registered class. */
  readonly registered?: string;
  readonly prototype?: object | null;
  readonly whole?: true;
  /** The private fields: class and values, from the base on. */
  readonly private?: readonly (readonly [Class: Callable, values: object])[] | undefined;
}

/** A class in the chain of prototypes, the class of the value first. */
interface Ancestor {
  readonly Class: Callable;
  readonly isNamed: boolean;
  /** The names of its private instance fields; `undefined` when it has no private members. */
  readonly privateNames: readonly string[] | undefined;
}

/**
 * The fields that say which prototype `value` has.
 *
 * @throws SerializationError (through `describer`) if the rung does not take values with this prototype.
 */
export function lineageOf(value: object, slot: Slot, prototype: object | null, describer: Describer): Lineage {
  if (prototype === null) return { prototype: null };
  const registered = registeredClassOf(prototype);
  if (registered !== undefined) return registeredLineage(value, slot, prototype, registered.name, describer);
  const own = classOf(prototype);
  const what = own?.name ? `an instance of ${own.name}` : 'an object with a prototype of its own';
  const ancestors = ancestorsOf(value, slot, prototype);
  if (typeof ancestors === 'string') return describer.refuse(what, { hint: ancestors });
  const isBranded = ancestors.some((each) => each.privateNames !== undefined);
  const isForeign = ancestors.some((each) => each.isNamed);
  if (isBranded && isForeign)
    return describer.refuse(what, {
      hint: 'a class of a package keeps private fields in it; register it with registerClass(…)',
    });
  if (isBranded && !ancestors.every(({ Class }) => isClass(Class))) {
    return describer.refuse(what, { hint: 'it has private fields, and a function that is no class among its classes' });
  }
  if (!describer.reaches('cloudpickle')) return describer.refuse(what, { takenBy: isBranded ? 'dill' : 'cloudpickle' });
  if (isBranded && !describer.reaches('dill')) {
    return describer.refuse(`${what}, which has private fields`, { takenBy: 'dill' });
  }
  if (isForeign && Object.getOwnPropertySymbols(value).some((key) => !isSharedSymbol(key))) {
    return describer.refuse(what, {
      hint: 'a class of a package keeps state under symbols in it; register it with registerClass(…)',
    });
  }
  if (own === undefined || isReplaced(own, prototype)) return { prototype, whole: true };
  if (!isBranded) return { class: own, whole: true };
  return { branded: true, class: own, whole: true, private: privateOf(value, ancestors, what, describer) };
}

/** An instance of a registered class without `toData`: its own fields are all that there is. */
function registeredLineage(value: object, slot: Slot, prototype: object, name: string, describer: Describer): Lineage {
  const ancestors = ancestorsOf(value, slot, prototype);
  if (typeof ancestors === 'string' || ancestors.some((each) => each.privateNames !== undefined)) {
    return describer.refuse(`an instance of the registered ${name}`, {
      hint: 'its own fields are not all of it; register it with toData and fromData',
    });
  }
  return { registered: name };
}

/** The classes that an instance is of, or the words for why its state cannot be read. */
function ancestorsOf(value: object, slot: Slot, prototype: object): readonly Ancestor[] | string {
  const usual = builtins[slot].prototype(value);
  const found: Ancestor[] = [];
  for (
    let at: object | null = prototype;
    at !== null && at !== usual;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const Class = classOf(at);
    if (Class === undefined || at === Object.prototype) continue;
    if (functionText(Class) === undefined) {
      return isOfAnotherRealm(Class)
        ? 'it is of another realm; copy it with structuredClone()'
        : 'its state cannot be read; keep the data behind it, or register its class with registerClass(…)';
    }
    found.push({ Class, isNamed: referenceTo(Class) !== undefined, privateNames: privateNamesOf(Class) });
  }
  return found;
}

function isOfAnotherRealm(Class: Callable): boolean {
  const ours: unknown = (globalThis as { readonly [name: string]: unknown })[Class.name];
  return typeof ours === 'function' && ours !== Class;
}

function privateNamesOf(Class: Callable): readonly string[] | undefined {
  const parsed = parsedFunction(Class);
  if (parsed?.node?.type !== 'ClassExpression')
    return isClass(Class) && /#[\p{ID_Start}$_]/u.test(parsed?.text ?? '') ? [] : undefined;
  const names: string[] = [];
  let isBranded = false;
  for (const member of parsed.node.body.body) {
    if (member.type === 'StaticBlock' || member.static || member.key.type !== 'PrivateIdentifier') continue;
    isBranded = true;
    if (member.type === 'PropertyDefinition') names.push(member.key.name);
  }
  return isBranded ? names : undefined;
}

function privateOf(
  value: object,
  ancestors: readonly Ancestor[],
  what: string,
  describer: Describer,
): Lineage['private'] {
  const found = privateFields(value);
  let at = 0;
  const groups = ancestors.toReversed().map(({ Class, privateNames = [] }) => {
    const values: { [name: string]: unknown } = {};
    for (const name of privateNames) {
      const field = found[at];
      if (field?.name !== `#${name}`)
        return describer.refuse(what, { hint: `its private field #${name} cannot be read` });
      values[name] = field.value;
      at += 1;
    }
    return [Class, describer.spelled(values, (key) => `.#${String(key)}`)] as const;
  });
  return describer.spelled(groups, () => '');
}
