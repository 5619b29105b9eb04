/** Decorators of class members, standard ones and those of TypeScript's `experimentalDecorators`. */
import type { AnyFunction } from '../calls/profile.js';
import { ConfigurationError } from '../errors.js';
import type { FlecheOptions } from './options.js';

/** Puts a cache in front of a function. */
export type Decorate = (fn: AnyFunction, options: FlecheOptions) => AnyFunction;

/**
 * The context of a standard decorator of a method or getter: the part of `ClassMethodDecoratorContext` that matters, which
 * takes members with any `this`.
 */
export interface MemberContext {
  readonly kind: 'method' | 'getter';
  readonly name: string | symbol;
  readonly static: boolean;
  readonly private: boolean;
}

/** What any standard decorator gets as its second argument. */
export interface StandardContext {
  readonly kind: string;
  readonly name: string | symbol;
}

/** Whether `value` is the context of a standard decorator. */
export function isStandardContext(value: unknown): value is StandardContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value && 'addInitializer' in value;
}

/** Whether the arguments are those of a legacy decorator of a member or of a parameter. */
export function isLegacy(args: readonly unknown[]): boolean {
  const [, key, last] = args;
  return typeof key === 'string' || typeof key === 'symbol' || (key === undefined && typeof last === 'number');
}

/** @throws ConfigurationError for anything but a method or a getter. */
export function decorateStandard(
  value: unknown,
  context: StandardContext,
  options: FlecheOptions,
  decorate: Decorate,
): AnyFunction {
  const { kind } = context;
  if (kind !== 'method' && kind !== 'getter') throw refusal(kind, context.name);
  return decorate(value as AnyFunction, named(context.name, options));
}

/** @throws ConfigurationError for anything but a method or a getter. */
export function decorateLegacy(
  args: readonly unknown[],
  options: FlecheOptions,
  decorate: Decorate,
): PropertyDescriptor {
  const [, key = 'constructor', descriptor] = args as [object, string | symbol | undefined, unknown];
  if (typeof descriptor === 'number') throw refusal('parameter', key);
  const { value, get, set } = (descriptor ?? {}) as PropertyDescriptor;
  const chosen = named(key, options);
  if (typeof value === 'function') {
    return { ...(descriptor as PropertyDescriptor), value: decorate(value as AnyFunction, chosen) };
  }
  if (get !== undefined) {
    return { ...(descriptor as PropertyDescriptor), get: decorate(get, chosen) as () => unknown };
  }
  throw refusal(set === undefined ? 'field' : 'setter', key);
}

/** The name of a getter's function is `get area`, that of the property is what people call it. */
function named(key: string | symbol, options: FlecheOptions): FlecheOptions {
  return options.name === undefined && typeof key === 'string' ? { ...options, name: key } : options;
}

function refusal(kind: string, key: string | symbol): ConfigurationError {
  const hint = kind === 'field' ? '; give the field a cached function instead: field = fleche(function () { … })' : '';
  return new ConfigurationError(`@fleche caches methods and getters, not the ${kind} ${String(key)}${hint}`);
}
