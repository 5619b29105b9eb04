/** What a function counts as: what of it never changes, and how to read the rest. */
import { types } from 'node:util';
import { madeBy, wrappedFunction as wrapped } from '../internal/cached-marks.js';
import { canonicalSource } from '../internal/functions/canonical-source.js';
import { narrowed } from '../internal/functions/captures.js';
import {
  assignedStatics,
  type CapturedName,
  closureText,
  isCompiledImport,
} from '../internal/functions/closure-text.js';
import { describeNative, exportOfScript } from '../internal/functions/describe-function.js';
import { type Callable, type ParsedFunction, parsedFunction } from '../internal/functions/function-source.js';
import { type Held, OuterVariables } from '../internal/functions/outer-variables.js';
import { packageFileOf } from '../internal/functions/package-files.js';
import { packageVersion } from '../internal/functions/package-version.js';
import { type Reference, referenceTo } from '../internal/functions/references.js';
import { sourceText } from './source-text.js';

/** Something that a function captures, as it is now. */
export interface Part {
  /** As the user calls it; {@link base} for what a class extends. */
  readonly name: string;
  /** `undefined`: a variable whose declaration has not been reached. */
  readonly held: Held;
  /** Members of it that the function assigns: they do not count. */
  readonly outputs: ReadonlySet<string>;
}

/** What a function counts as. */
export interface FunctionShape {
  /** What never changes. */
  readonly text: string;
  /** Reads what does; `undefined` when there is nothing. */
  readonly read: (() => readonly Part[]) | undefined;
  /** Reads the captured variables that the function itself assigns: its outputs, or its state. */
  readonly readAssigned: (() => readonly Part[]) | undefined;
  /** Whether all that `read` gives is by now known to be the same objects and values for ever. */
  readonly isFixed: () => boolean;
  /** Whether the text is nothing but the text of the function. */
  readonly isTextAlone: boolean;
  /** What of it nobody can see, in words. */
  readonly unseen: string | undefined;
  /** Whether the code is that of a package or of Node. */
  readonly isLibrary: boolean;
  /** Whether it is found by a name, so that nothing of it is looked at: what a package exports, or Node and the language have. */
  readonly isNamed: boolean;
  /** Static members that the class assigns itself: they do not count. */
  readonly ownOutputs: ReadonlySet<string>;
}

/** The name of what a class extends; no variable can have it. */
export const base = 'extends';

const shapes = new WeakMap<Callable, FunctionShape>();

/** The shape of `fn`. Found once. */
export function functionShape(fn: Callable): FunctionShape {
  let shape = shapes.get(fn);
  if (shape === undefined) {
    shape = found(fn);
    shapes.set(fn, shape);
  }
  return shape;
}

const none: ReadonlySet<string> = new Set();
const never = (): boolean => false;
const plain = {
  isTextAlone: false,
  read: undefined,
  readAssigned: undefined,
  isFixed: never,
  unseen: undefined,
  isLibrary: false,
  isNamed: false,
  ownOutputs: none,
} as const;

function found(fn: Callable): FunctionShape {
  if (isRequire(fn)) return { ...plain, text: 'require', isLibrary: true, isNamed: true };
  const cached = cachedShape(fn);
  if (cached !== undefined) return cached;
  const reference = referenceTo(fn);
  if (reference !== undefined) return { ...plain, text: referenceText(reference), isLibrary: true, isNamed: true };
  const parsed = parsedFunction(fn);
  if (parsed === undefined) return nativeShape(fn);
  if (parsed.node === undefined)
    return { ...plain, text: parsed.text, isTextAlone: true, unseen: 'syntax that cannot be read' };
  return codeShape(fn, parsed);
}

function codeShape(fn: Callable, parsed: ParsedFunction): FunctionShape {
  const variables = new OuterVariables(fn, parsed);
  const { url, isLibrary } = variables.surroundings;
  const exported = isLibrary ? exportOfScript(url, fn) : undefined;
  if (exported !== undefined) return { ...plain, text: referenceText(exported), isLibrary, isNamed: true };
  const { text, names } = closureText(parsed, variables.names);
  const isDerived = parsed.node.type === 'ClassExpression' && Boolean(parsed.node.superClass);
  const ownOutputs = parsed.node.type === 'ClassExpression' ? assignedStatics(parsed.node) : none;
  const file = isLibrary ? packageFileOf(url) : undefined;
  const captured = names.filter(({ assigned }) => !assigned);
  const assigned = names.filter((name) => name.assigned);
  const read = (those: readonly CapturedName[]): Part[] => {
    const look = variables.look();
    return those.map((each) => ({ name: each.name, held: heldBy(each, look, variables), outputs: each.outputs }));
  };
  const baseNow = (): Part[] =>
    isDerived ? [{ name: base, held: { value: Object.getPrototypeOf(fn) as unknown }, outputs: none }] : [];
  return {
    isTextAlone: names.length === 0 && !isDerived,
    text: JSON.stringify([
      names.length === 0 && !isDerived ? canonicalSource(fn) : text,
      names.flatMap((name, i) => (name.assigned ? [i] : [])),
      // Where all of it is looked at it is the same wherever it comes from: a stored one comes from nowhere.
      variables.unseen === undefined && !variables.usesPackage
        ? ''
        : file !== undefined
          ? `${file.package} ${packageVersion(file)}`
          : isLibrary
            ? url
            : '',
    ]),
    read: captured.length > 0 || isDerived ? () => [...read(captured), ...baseNow()] : undefined,
    readAssigned: assigned.length > 0 ? () => read(assigned) : undefined,
    isFixed: () => !isDerived && variables.areFixed && names.every(({ member }) => member === undefined),
    unseen: variables.unseen,
    isLibrary,
    isNamed: false,
    ownOutputs,
  };
}

function heldBy(name: CapturedName, look: (variable: string) => Held, variables: OuterVariables): Held {
  const held = look(name.variable);
  if (held === undefined) return undefined;
  let { value } = held;
  try {
    if (variables.isImported(name.variable) && isOfLibrary(value)) variables.fix(name.variable, value);
    if (name.member !== undefined) {
      if (!isObject(value)) return undefined;
      const module = value;
      if (isModule(name.variable, module)) variables.settle(name.variable, () => module);
      value = module[name.member];
    }
    return { value: narrowed(value, name) };
  } catch {
    // An export whose declaration has not been reached.
    return undefined;
  }
}

/** Modules and functions of Node and of packages: what is imported of them stays what it is. */
function isOfLibrary(value: unknown): boolean {
  if (typeof value === 'function') return functionShape(value as Callable).isLibrary;
  return typeof value === 'object' && value !== null && !types.isProxy(value) && referenceTo(value) !== undefined;
}

/** Whether the variable is a constant of the compiler's. */
function isModule(variable: string, value: object): boolean {
  if (variable === 'exports') return true;
  return (
    isCompiledImport(variable) && ('__esModule' in value || 'default' in value || referenceTo(value) !== undefined)
  );
}

function nativeShape(fn: Callable): FunctionShape {
  const description = describeNative(fn);
  if (description.kind !== 'bound') return { ...plain, text: `native ${fn.name}`, unseen: 'native code' };
  const { target, boundThis, boundArguments } = description;
  const parts = [target, boundThis, ...boundArguments].map((value, i) => ({
    name: i === 0 ? 'its function' : i === 1 ? 'its `this`' : `its argument ${i - 1}`,
    held: { value },
    outputs: none,
  }));
  return { ...plain, text: 'bound', read: () => parts };
}

interface MadeOptions {
  readonly name?: string;
  readonly module?: string;
  readonly version?: string | number;
  readonly hashVersion?: boolean;
  readonly hashModule?: boolean;
  readonly hashCode?: string | false;
}

/** A cached function counts by what tells it from others: what its own keys are made of. */
function cachedShape(fn: Callable): FunctionShape | undefined {
  const target: unknown = Object.getOwnPropertyDescriptor(fn, wrapped)?.value;
  if (typeof target !== 'function') return undefined;
  const made: unknown = Object.getOwnPropertyDescriptor(fn, madeBy)?.value;
  const options = (Array.isArray(made) && isObject(made[1]) ? made[1] : {}) as MadeOptions;
  const { hashCode = 'closure', hashVersion = true, hashModule = true } = options;
  const text = JSON.stringify([
    'cached',
    options.name ?? target.name,
    hashModule ? (options.module ?? null) : null,
    hashVersion ? (options.version ?? null) : null,
    hashCode === 'source' ? sourceText(target as Callable) : hashCode,
  ]);
  const part: Part = { name: 'the function behind it', held: { value: target }, outputs: none };
  return { ...plain, text, read: hashCode === 'closure' ? () => [part] : undefined };
}

/** Code of a package counts by where it is found and by the version of the package. */
export function referenceText(reference: Reference): string {
  const version = reference.from === 'package' ? packageVersion(reference) : '';
  return JSON.stringify(['reference', reference, version]);
}

/** Whether `fn` loads modules as Node's `require` does, or wraps it. */
export function isRequire(fn: Callable): boolean {
  return fn.name === 'require' && 'resolve' in fn && 'cache' in fn;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
