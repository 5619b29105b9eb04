import { createHash } from 'node:crypto';
import { types } from 'node:util';
import type { Digest } from '../digest/index.js';
import { ConfigurationError } from '../errors.js';
import { canonicalSource } from '../internal/functions/canonical-source.js';
import { functionText } from '../internal/functions/function-source.js';
import { functionParameters, type Parameter } from '../internal/functions/parameters.js';

/** Any function, whatever it takes. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint; `unknown[]` would refuse every function with parameters.
export type AnyFunction = (...args: any[]) => unknown;

/** How a function is told from others; see `FlecheOptions`. */
export interface IdentityOptions {
  readonly name?: string;
  readonly module?: string;
  readonly version?: string | number;
  readonly hashCode?: 'source' | false;
  readonly ignore?: readonly string[];
  readonly require?: readonly string[];
}

/** What is known of a function before any call of it. */
export interface FunctionProfile {
  readonly name: string;
  readonly module: string | null;
  readonly version: string | number | null;
  /** The digest of its code as it is now; `null` when code is not part of the key. */
  readonly codeDigest: () => Digest | null;
  readonly parameters: readonly ProfiledParameter[];
  /** Whether arguments beyond the parameters reach the body, through `arguments`. */
  readonly seesExtraArguments: boolean;
  /** Whether the body depends on `this`. */
  readonly usesThis: boolean;
  readonly isAsync: boolean;
}

/** A parameter, and what the key does with it. */
export interface ProfiledParameter extends Parameter {
  /** Left out of key and record. */
  readonly ignored: boolean;
  /** A call that does not give it runs uncached. */
  readonly required: boolean;
  /** Where it stands, for errors: `args[0]`. */
  readonly path: string;
}

/**
 * Reads from `fn` and `options` what a call's key and record are made of.
 *
 * @throws ConfigurationError for generators, for names of parameters that do not exist, and for a function that nothing
 * would tell from another one.
 */
export function profileFunction(fn: AnyFunction, options: IdentityOptions): FunctionProfile {
  const name = options.name ?? fn.name;
  const label = name === '' ? 'an anonymous function' : name;
  if (types.isGeneratorFunction(fn)) {
    throw new ConfigurationError(
      `cannot cache the generator ${label}: cache a function that returns the collected values`,
    );
  }
  const hashCode = options.hashCode ?? 'source';
  if (name === '' && hashCode === false) {
    throw new ConfigurationError(
      'cannot cache an anonymous function with hashCode: false, since nothing would tell it from others; give it a name',
    );
  }
  const source = functionText(fn);
  if (source === undefined && options.name === undefined) {
    throw new ConfigurationError(
      `cannot read the code of ${label} (it is native, bound or a proxy), so nothing would tell it from others of that name; cache an arrow that calls it, or give it a name of its own: fleche({ name: '…' }, fn)`,
    );
  }
  const parameters = functionParameters(fn) ?? [{ name: 'arguments', rest: true, default: undefined }];
  const names = parameters.map((parameter) => parameter.name);
  const chosen = (option: 'ignore' | 'require'): ReadonlySet<string> => {
    for (const given of options[option] ?? []) {
      if (!names.includes(given)) {
        throw new ConfigurationError(
          `${option}: ${label} has no parameter ${JSON.stringify(given)}; it has ${names.join(', ') || 'none'}`,
        );
      }
    }
    return new Set(options[option]);
  };
  const ignored = chosen('ignore');
  const required = chosen('require');
  const codeDigest = hashCode === false ? null : sourceDigest(fn, source);
  return {
    name: name === '' ? '<anonymous>' : name,
    module: options.module ?? null,
    version: options.version ?? null,
    codeDigest: () => codeDigest,
    parameters: parameters.map((parameter, i) => ({
      ...parameter,
      ignored: ignored.has(parameter.name),
      required: required.has(parameter.name),
      path: `args[${i}]`,
    })),
    seesExtraArguments: source !== undefined && /\barguments\b/.test(source),
    usesThis: source !== undefined && !isArrow(fn, source) && /\b(this|super)\b/.test(source),
    isAsync: types.isAsyncFunction(fn),
  };
}

/** The digest of the function's own text, without formatting and comments. */
function sourceDigest(fn: AnyFunction, source: string | undefined): Digest | null {
  const text = canonicalSource(fn) ?? source;
  return text === undefined ? null : (createHash('sha256').update(`source\0${text}`).digest('hex') as Digest);
}

/** Arrows and methods have no `prototype`; of those only arrows keep the `this` of where they stand. */
function isArrow(fn: AnyFunction, source: string): boolean {
  return !Object.hasOwn(fn, 'prototype') && /^(async\s*)?(\(|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>)/u.test(source);
}
