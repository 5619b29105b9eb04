import { type Digest, digest } from '../digest/index.js';
import type { ProfiledParameter } from './parameters.js';
import type { FunctionProfile } from './profile.js';

/**
 * Visits the arguments that count, by parameter name and in the order of the parameters. An omitted argument (or one
 * given as `undefined`, which is the same to the function) is its default where that is a literal.
 */
function visitArguments(
  profile: FunctionProfile,
  self: unknown,
  given: readonly unknown[],
  visit: (name: string, value: unknown, path: string) => void,
): void {
  if (profile.usesThis && self !== undefined) visit('this', self, 'this');
  const { parameters } = profile;
  let asDeclared = given.length === parameters.length;
  for (let i = 0; i < parameters.length; i += 1) {
    const parameter = parameters[i] as ProfiledParameter;
    if (parameter.ignored) continue;
    if (parameter.rest) {
      visit(parameter.name, given.slice(i), parameter.name);
      continue;
    }
    let value = given[i];
    if (value === undefined && parameter.default !== undefined) {
      asDeclared = false;
      if (parameter.default.literal) value = parameter.default.value;
    }
    if (parameter.ignoredProperties.length > 0) value = without(value, parameter.ignoredProperties);
    visit(parameter.name, value, parameter.path);
  }
  if (profile.usesArguments && !asDeclared) visit('arguments', visible(parameters, given), 'arguments');
}

/** What the body sees as `arguments`, where the parameters do not tell it. */
function visible(parameters: readonly ProfiledParameter[], given: readonly unknown[]): readonly unknown[] {
  const rest = parameters.find((parameter) => parameter.rest);
  return given.map((value, i) => {
    const { ignored, ignoredProperties } = parameters[i] ?? rest ?? { ignored: false, ignoredProperties: [] };
    return ignored ? undefined : without(value, ignoredProperties);
  });
}

/** A plain object without some of its properties. An instance counts as a whole: its class may say more than they do. */
function without(value: unknown, names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || names.length === 0) return value;
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== Object.prototype && prototype !== null) return value;
  const properties = Object.getOwnPropertyDescriptors(value);
  for (const name of names) Reflect.deleteProperty(properties, name);
  return Object.create(prototype, properties) as object;
}

/** The arguments of a call by parameter name. */
export function bindArguments(
  profile: FunctionProfile,
  self: unknown,
  given: readonly unknown[],
): Readonly<Record<string, unknown>> {
  const bound: Record<string, unknown> = {};
  visitArguments(profile, self, given, (name, value) => {
    bound[name] = value;
  });
  return bound;
}

/**
 * The digests of the arguments of a call by parameter name.
 *
 * @throws IndigestibleError with the path of the part at fault: `args[1].options.loader`.
 */
export function digestArguments(
  profile: FunctionProfile,
  self: unknown,
  given: readonly unknown[],
): Readonly<Record<string, Digest>> {
  const digests: Record<string, Digest> = {};
  visitArguments(profile, self, given, (name, value, path) => {
    digests[name] = digest(value, path);
  });
  return digests;
}
