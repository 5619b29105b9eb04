import { type Digest, digest } from '../digest/index.js';
import type { FunctionProfile, ProfiledParameter } from './profile.js';

/** Arguments that belong to no parameter, when the body can see them. */
const extra = '...';

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
  for (let i = 0; i < parameters.length; i += 1) {
    const parameter = parameters[i] as ProfiledParameter;
    if (parameter.ignored) continue;
    if (parameter.rest) {
      visit(parameter.name, given.slice(i), parameter.name);
      return;
    }
    const value = given[i];
    const omitted = value === undefined && parameter.default?.literal === true;
    visit(parameter.name, omitted ? parameter.default.value : value, parameter.path);
  }
  if (profile.seesExtraArguments && given.length > parameters.length) {
    visit(extra, given.slice(parameters.length), 'arguments');
  }
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

/** The names of required parameters that `given` leaves out. */
export function missingArguments(profile: FunctionProfile, given: readonly unknown[]): readonly string[] {
  return profile.parameters.flatMap(({ name, required }, i) => (required && given[i] === undefined ? [name] : []));
}
