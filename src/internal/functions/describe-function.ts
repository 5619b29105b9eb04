/** What is known about a function: one description for whoever digests it and for whoever writes it down. */
import { canonicalSource } from './canonical-source.js';
import { type Capture, capturesOf } from './captures.js';
import { type Callable, functionText, type ParsedFunction, parsedFunction } from './function-source.js';
import { exportedFrom, type Reference, referenceTo } from './references.js';
import { InspectorUnavailable, lookInto, scriptUrl } from './scopes.js';
import { firstWithoutValue } from './values-missing.js';

export type { Capture } from './captures.js';
export { type Reference, referenceName } from './references.js';

/** What a function is, in the terms that decide what it does. */
export type FunctionDescription =
  /** Code that every process has or a package exports: its name says all. */
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** Made by `bind`. */
  | {
      readonly kind: 'bound';
      readonly target: Callable;
      readonly boundThis: unknown;
      readonly boundArguments: readonly unknown[];
    }
  /** Code without text and without a name. */
  | { readonly kind: 'native'; readonly why: string }
  | CodeDescription;

/** A function or class of the user's own. */
export interface CodeDescription {
  readonly kind: 'function' | 'class';
  /** Its text, free of formatting; see `canonicalSource`. */
  readonly source: string;
  /** Its parsed text; `undefined` when it cannot be parsed. */
  readonly parsed: ParsedFunction | undefined;
  /** The variables of outer scopes that it uses, by name, as they are now. Sorted by name. */
  readonly captures: ReadonlyMap<string, Capture>;
  /** What a class extends, in a box; the name in its text says nothing. */
  readonly base: { readonly value: unknown } | undefined;
  /** What it uses that cannot be seen, in words (`the \`this\` of an outer function`): two such may differ and look alike. */
  readonly unseen: string | undefined;
}

/**
 * Describes `fn`. Captured values are read anew each time.
 *
 * @param thorough also looks for outer variables with the names of globals of the language, at the cost of a look into V8
 * for every function that uses one.
 */
export function describeFunction(fn: Callable, thorough = false): FunctionDescription {
  const reference = exported.get(fn) ?? referenceTo(fn);
  if (reference !== undefined) return { kind: 'reference', reference };
  const parsed = parsedFunction(fn);
  if (parsed === undefined) return describeNative(fn);
  if (parsed.node === undefined) {
    const kind = /^class\b/.test(parsed.text) ? 'class' : 'function';
    const unseen = 'syntax that cannot be read';
    return {
      kind,
      source: canonicalSource(fn) ?? parsed.text,
      parsed: undefined,
      captures: new Map(),
      base: undefined,
      unseen,
    };
  }
  const { captures, unseen: hidden, script } = capturesOf(fn, parsed, thorough);
  // A function without captures is told by its text, whoever wrote it.
  const found = script === undefined ? undefined : exportOfScript(scriptUrl(script), fn);
  if (found !== undefined) return { kind: 'reference', reference: found };
  const unseen = hidden ?? (thorough ? missingValue(fn, captures) : undefined);
  const { node } = parsed;
  const isClass = node.type === 'ClassExpression';
  return {
    kind: isClass ? 'class' : 'function',
    source: canonicalSource(fn) ?? parsed.text,
    parsed,
    captures: new Map([...captures].sort(([a], [b]) => (a < b ? -1 : 1))),
    base: isClass && node.superClass ? { value: Object.getPrototypeOf(fn) as unknown } : undefined,
    unseen,
  };
}

/** Says which captured variable has no value yet, if one has none. */
function missingValue(fn: Callable, captures: ReadonlyMap<string, Capture>): string | undefined {
  const doubtful = [...captures].filter(([, { value, box }]) => value === undefined && box === undefined);
  const missing =
    doubtful.length === 0
      ? undefined
      : firstWithoutValue(
          fn,
          doubtful.map(([name]) => name),
        );
  return missing === undefined ? undefined : `the variable ${missing}, which has no value yet`;
}

/** What packages export, once it was found. */
const exported = new WeakMap<Callable, Reference>();

/** The reference to a function that stands in the script with this URL, if that is a file of a package that exports it. */
export function exportOfScript(url: string, fn: Callable): Reference | undefined {
  const found = exportedFrom(url, fn);
  if (found !== undefined) exported.set(fn, found);
  return found;
}

/** Whether `fn` is a class, by its text. */
export function isClass(fn: Callable): boolean {
  return /^class\b/.test(functionText(fn) ?? '');
}

const boundFunctions = new WeakMap<Callable, FunctionDescription & { readonly kind: 'bound' }>();

/** Describes a function without text: bound, or native. */
export function describeNative(fn: Callable): FunctionDescription & { readonly kind: 'bound' | 'native' } {
  const known = boundFunctions.get(fn);
  if (known !== undefined) return known;
  try {
    const { bound } = lookInto(fn);
    if (bound === undefined) return { kind: 'native', why: 'it has no text and no name' };
    const { target, boundThis, boundArguments } = bound;
    const description = { kind: 'bound', target: target as Callable, boundThis, boundArguments } as const;
    boundFunctions.set(fn, description);
    return description;
  } catch (error) {
    if (error instanceof InspectorUnavailable) return { kind: 'native', why: error.message };
    throw error;
  }
}
