/**
 * A function as it counts in a digest: its code and what it captures, so that two closures over different values differ.
 * Formatting, comments and the names of captured variables do not count. Functions of the language, of Node and of packages
 * count by their names and the version of the package.
 */
import { types } from 'node:util';
import { IndigestibleError } from '../errors.js';
import { wrappedFunction as wrapped } from '../internal/cached-marks.js';
import { describeNative } from '../internal/functions/describe-function.js';
import { type Callable, parsedFunction } from '../internal/functions/function-source.js';
import { referenceTo } from '../internal/functions/references.js';
import { step } from '../internal/value-path.js';
import type { CodeNode } from './code.js';
import { functionShape, isRequire, type Part, referenceText } from './function-shape.js';
import { ownPropertiesOf } from './own-properties.js';
import { moved } from './refusal.js';
import type { Digest } from './types.js';
import type { Walker } from './walker.js';

/** The function that counts: what a cached one was made from, else the function itself. */
export function functionBehind(fn: Callable): Callable {
  if (types.isProxy(fn)) return fn;
  const target: unknown = Object.getOwnPropertyDescriptor(fn, wrapped)?.value;
  return typeof target === 'function' ? (target as Callable) : fn;
}

export class FunctionNode implements CodeNode {
  readonly maps: CodeNode['maps'] = [];
  readonly #fn: Callable;
  #parts: { readonly names: readonly string[]; readonly all: readonly unknown[] } | undefined;

  constructor(fn: Callable) {
    this.#fn = fn;
  }

  digest(walker: Walker): Digest {
    this.#parts ??= partsOf(this.#fn);
    const { names, all } = this.#parts;
    try {
      return walker.digest(all, '');
    } catch (error) {
      if (!(error instanceof IndigestibleError)) throw error;
      throw moved(error, placeOf(error.path, names));
    }
  }
}

function partsOf(fn: Callable): { names: readonly string[]; all: readonly unknown[] } {
  if (types.isProxy(fn) && !isRequire(fn)) throw new IndigestibleError({ path: '', what: 'a Proxy of a function' });
  const { text, unseen, isLibrary, isNamed, read, readAssigned } = functionShape(fn);
  if (unseen !== undefined && !isLibrary) throw refusal(fn, unseen);
  const parts = [...(read?.() ?? []), ...(readAssigned?.() ?? [])];
  const values = parts.map(({ name, held }) => {
    if (held === undefined) throw refusal(fn, `the variable ${name}, which has no value yet`);
    return named(held.value);
  });
  const own = isNamed ? undefined : ownPropertiesOf(fn);
  const all = ['function', text, values, ...(own === undefined ? [] : [own])];
  return { names: parts.map((part) => part.name), all };
}

function refusal(fn: Callable, unseen: string): IndigestibleError {
  const parsed = parsedFunction(fn);
  if (parsed === undefined) {
    const native = describeNative(fn);
    const hint = native.kind === 'native' ? native.why : unseen;
    return new IndigestibleError({ path: '', what: 'a native function', hint });
  }
  const kind = /^class\b/.test(parsed.text) ? 'class' : 'function';
  return new IndigestibleError({ path: '', what: `a ${kind} that uses ${unseen}`, hint: 'pass it as an argument' });
}

/** What has a name stands for itself: a whole module that a function uses is not looked into. */
export function named(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return value;
  const reference = referenceTo(value);
  return reference === undefined ? value : ['reference', referenceText(reference)];
}

/** A captured object without those members that the code assigns: they are its outputs. */
export function withoutOutputs({ held, outputs }: Part): unknown {
  const value = held?.value;
  if (outputs.size === 0 || typeof value !== 'object' || value === null || types.isProxy(value)) return named(value);
  const prototype = Object.getPrototypeOf(value) as object | null;
  const isSpecial = Array.isArray(value) || ArrayBuffer.isView(value) || types.isMap(value) || types.isSet(value);
  if (isSpecial || ![...outputs].some((member) => Object.hasOwn(value, member))) return named(value);
  const kept = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(([key]) => !outputs.has(key));
  return Object.create(prototype, Object.fromEntries(kept));
}

/** `[2][1].x` among the parts of a function is `.x` of its second captured variable: `["captured variable factor"].x`. */
function placeOf(inner: string, names: readonly string[]): string {
  const captured = /^\[2\]\[(\d+)\](.*)$/s.exec(inner);
  if (captured !== null) return step(`captured variable ${names[Number(captured[1])]}`) + captured[2];
  return /^\[3\]\.(?:own|members)(.*)$/s.exec(inner)?.[1] ?? '';
}
