import { types } from 'node:util';
import type { Digest } from '../digest/index.js';
import { ConfigurationError } from '../errors.js';
import { isClass } from '../internal/functions/describe-function.js';
import { functionText } from '../internal/functions/function-source.js';
import { bodyUses } from './body-uses.js';
import { codeDigester, type HashCode } from './code-digest.js';
import { type Origin, packageOrigin } from './origin.js';
import { type NeededPlace, type ParameterNames, type ProfiledParameter, profileParameters } from './parameters.js';

/** Any function, whatever it takes. */
// biome-ignore lint/suspicious/noExplicitAny: a constraint; `unknown[]` would refuse every function with parameters.
export type AnyFunction = (...args: any[]) => unknown;

/** How a function is told from others; see `FlecheOptions`. */
export interface IdentityOptions {
  readonly name?: string;
  readonly module?: string;
  readonly version?: string | number;
  readonly hashModule?: boolean;
  readonly hashVersion?: boolean;
  readonly hashCode?: HashCode;
  readonly ignore?: ParameterNames;
  readonly require?: ParameterNames;
}

/** What is known of a function before any call of it. */
export interface FunctionProfile {
  readonly name: string;
  readonly module: string | null;
  readonly version: string | number | null;
  /** The digest of its code as it is now; `null` when code is not part of the key. */
  readonly codeDigest: () => Digest | null;
  readonly parameters: readonly ProfiledParameter[];
  /** The places in the arguments without which a call runs uncached. */
  readonly needed: readonly NeededPlace[];
  /** Whether the body depends on `arguments`: how many were given, and those beyond the parameters. */
  readonly usesArguments: boolean;
  /** Whether `this` is part of the key: the body depends on it, and it is not ignored. */
  readonly usesThis: boolean;
  readonly isAsync: boolean;
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
  if (isClass(fn)) {
    throw new ConfigurationError(
      `cannot cache the class ${label}: cache its methods, or a function that makes instances`,
    );
  }
  if (types.isGeneratorFunction(fn)) {
    throw new ConfigurationError(
      `cannot cache the generator ${label}: cache a function that returns the collected values`,
    );
  }
  const hashCode = options.hashCode ?? 'closure';
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
  const uses = bodyUses(fn);
  if (uses.outer.length > 0) {
    const named = uses.outer.map((each) => (each === 'eval' ? '`this` (through `eval`)' : `\`${each}\``)).join(' and ');
    throw new ConfigurationError(
      `cannot cache ${label}: an arrow has the ${named} of the code around it, which nobody can see from outside, so that a change of it would go unnoticed; make it a \`function\` or a decorated method, or give it what it needs as arguments`,
    );
  }
  const { parameters, needed, ignoresThis } = profileParameters(fn, label, {
    ...(options.ignore !== undefined && { ignore: options.ignore }),
    ...(options.require !== undefined && { require: options.require }),
    capturesCount: hashCode === 'closure',
    hasThis: !uses.isArrow,
  });
  let found: { readonly origin: Origin | undefined } | undefined;
  // Not before the first call: what the function captures may not exist when it is decorated.
  const origin = (): Origin | undefined => {
    found ??= { origin: packageOrigin(fn) };
    return found.origin;
  };
  return {
    name: name === '' ? '<anonymous>' : name,
    get module() {
      return options.hashModule === false ? null : (options.module ?? origin()?.module ?? null);
    },
    get version() {
      return options.hashVersion === false ? null : (options.version ?? origin()?.version ?? null);
    },
    codeDigest: codeDigester(fn, hashCode, label),
    parameters,
    needed,
    usesArguments: uses.arguments && !parameters.some(({ name: parameter }) => parameter === 'arguments'),
    usesThis: uses.this && !ignoresThis,
    isAsync: types.isAsyncFunction(fn),
  };
}
