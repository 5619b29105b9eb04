/**
 * Makes instances of classes of this process that have private fields, and sets the fields. Only the constructor of a class
 * can give an object its private fields, so it has to run: only quiet ones may (`quiet-classes.ts`). The fields are set by
 * an arrow that is evaluated where a method of the class stands, while that is stopped.
 */
import type { Class } from 'acorn';
import { anythings } from './anything.js';
import { capturesOf } from './captures.js';
import { type Callable, isCallable, type ParsedFunction, parsedFunction } from './function-source.js';
import { languageGlobals } from './globals.js';
import { withPauses } from './pauses.js';
import { privateNames, quietClass } from './quiet-classes.js';
import { referenceTo } from './references.js';
import { methodsOf } from './shared-variables.js';

/** Makes an instance without any property, whose private fields hold anything. */
export type MakeInstance = () => object;

/** Sets the private fields that one class declares, by their names without `#`. */
export type SetPrivate = (instance: object, values: object) => void;

const makers = new WeakMap<Callable, { readonly make: MakeInstance | undefined }>();
const setters = new WeakMap<object, SetPrivate>();

/** How instances of `Class` are made, or `undefined` where that would run code that somebody notices. Tried once. */
export function liveInstances(Class: Callable): MakeInstance | undefined {
  let found = makers.get(Class);
  if (found === undefined) {
    try {
      const make = makerOf(Class);
      make?.();
      found = { make };
    } catch {
      // What it captures cannot be seen, nobody may be stopped, or a constructor does not take such arguments.
      found = { make: undefined };
    }
    makers.set(Class, found);
  }
  return found.make;
}

/** What sets the private fields of a class for which there were {@link liveInstances}. */
export function privateSetter(Class: object): SetPrivate | undefined {
  return setters.get(Class);
}

function makerOf(Class: Callable): MakeInstance | undefined {
  const branding: Callable[] = [];
  let root: Callable | undefined;
  for (let at: unknown = Class; root === undefined; at = Object.getPrototypeOf(at)) {
    if (!isCallable(at)) return undefined;
    const parsed = parsedFunction(at);
    if (parsed === undefined) {
      if (referenceTo(at)?.from !== 'global') return undefined;
      root = at;
      break;
    }
    if (parsed.node?.type !== 'ClassExpression') return undefined;
    const names = privateNames(parsed.node);
    if (names !== undefined) {
      if (!isQuietClass(at, Class, parsed as ParsedFunction, parsed.node)) return undefined;
      branding.unshift(at);
      setters.set(at, setters.get(at) ?? setterOf(at, names));
    }
    if (!parsed.node.superClass) root = at;
  }
  const [first] = branding;
  const base = root;
  // A class of the user's at the end that has nothing private needs not be asked.
  const isPlain = base !== first && parsedFunction(base) !== undefined;
  const prototype = (Class as unknown as { readonly prototype: object }).prototype;
  const begun = (): object =>
    isPlain ? (Object.create(prototype) as object) : construct(base, base === first ? anythings : [], Class);
  const stock: object[] = [];
  let count = 1;
  return () => {
    if (stock.length === 0) {
      // To change a class for a moment is expensive, so that more and more instances are made at once.
      stock.push(...Array.from({ length: count }, begun));
      count = Math.min(count * 2, 256);
      for (const each of branding) if (each !== base) brand(each, stock);
      for (const made of stock) for (const key of Reflect.ownKeys(made)) Reflect.deleteProperty(made, key);
    }
    return stock.pop() as object;
  };
}

/** Gives objects the private fields of a class that extends another: by constructing, with them in the place of `super`. */
function brand(Class: Callable, instances: readonly object[]): void {
  const parent = Object.getPrototypeOf(Class) as object | null;
  let at = 0;
  Object.setPrototypeOf(
    Class,
    constructorOf(() => instances[at] as object),
  );
  try {
    for (at = 0; at < instances.length; at += 1) construct(Class, anythings, Class);
  } finally {
    Object.setPrototypeOf(Class, parent);
  }
}

/** A constructor that gives what `made` gives, whoever calls it. */
export function constructorOf(made: () => object): object {
  function Made(): object {
    return made();
  }
  return Made;
}

function construct(Class: Callable, given: readonly unknown[], target: Callable): object {
  return Reflect.construct(
    Class as unknown as new () => object,
    given,
    target as unknown as new () => object,
  ) as object;
}

function isQuietClass(at: Callable, Class: Callable, parsed: ParsedFunction, node: Class): boolean {
  const { captures, unseen } = capturesOf(at, parsed, true);
  if (unseen !== undefined) return false;
  const quiet = quietClass(node, (name) => languageGlobals.has(name) && !captures.has(name));
  const isSet = (name: string): boolean => {
    for (
      let holder: unknown = (Class as unknown as { readonly prototype: unknown }).prototype;
      typeof holder === 'object' && holder !== null;
      holder = Object.getPrototypeOf(holder)
    ) {
      const found = Object.getOwnPropertyDescriptor(holder, name);
      if (found !== undefined) return found.set !== undefined;
    }
    return false;
  };
  return quiet !== undefined && ![...quiet.assigned].some(isSet);
}

/** @throws InspectorUnavailable where no method of the class can be stopped. */
function setterOf(Class: Callable, names: readonly string[]): SetPrivate {
  if (names.length === 0) return () => undefined;
  const sets = names.map((name) => `object.#${name} = values[${JSON.stringify(name)}];`).join(' ');
  for (const method of methodsOf(Class)) {
    return withPauses((pauseIn) =>
      pauseIn(method, (evaluate) => evaluate(`(object, values) => { ${sets} }`) as SetPrivate),
    );
  }
  throw new TypeError('there is no method');
}
