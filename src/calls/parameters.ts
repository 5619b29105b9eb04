/** The parameters of a function, and what a call's key does with each. */
import type { Function as FunctionNode, ObjectPattern, Pattern } from 'acorn';
import { ConfigurationError } from '../errors.js';
import { freeVariables } from '../internal/functions/free-variables.js';
import { type Callable, parsedFunction } from '../internal/functions/function-source.js';
import { functionParameters, type Parameter } from '../internal/functions/parameters.js';
import { isFunction } from '../internal/functions/scopes-of-text.js';
import { type Place, untoldDefaults } from './omissions.js';

/** A parameter, and what the key does with it. */
export interface ProfiledParameter extends Parameter {
  /** Left out of key and record. */
  readonly ignored: boolean;
  /** The properties of a destructured one that are left out of key and record. */
  readonly ignoredProperties: readonly string[];
  /** Where it stands, for errors: `args[0]`. */
  readonly path: string;
}

/** A place in the arguments without which a call runs uncached. */
export interface NeededPlace extends Place {
  readonly why: 'required' | 'its default may differ';
}

/** All that a function takes. */
export interface Parameters {
  readonly parameters: readonly ProfiledParameter[];
  readonly needed: readonly NeededPlace[];
  readonly ignoresThis: boolean;
}

/** Names of parameters: one, or several. */
export type ParameterNames = string | readonly string[];

/** Which parameters the user singled out, and what the key has besides. */
export interface ParameterOptions {
  readonly ignore?: ParameterNames;
  readonly require?: ParameterNames;
  /** Whether the key has the captured variables. */
  readonly capturesCount: boolean;
  /** Whether the function has a `this` of its own. */
  readonly hasThis: boolean;
}

/** @throws ConfigurationError for a name in `ignore` or `require` that no parameter has. */
export function profileParameters(fn: Callable, label: string, options: ParameterOptions): Parameters {
  const parameters = functionParameters(fn) ?? [{ name: 'arguments', rest: true, default: undefined }];
  const patterns = patternsOf(fn);
  const places = new Map<string, Place[]>();
  const add = (name: string, path: readonly (number | string)[]): void => {
    places.set(name, [...(places.get(name) ?? []), { path, name }]);
  };
  for (const [i, { name }] of parameters.entries()) {
    if (name === '__proto__')
      throw new ConfigurationError(`cannot cache ${label}: no record holds a parameter ${name}`);
    add(name, [i]);
    for (const property of propertiesOf(patterns[i])) add(property, [i, property]);
  }
  const ignored = chosen('ignore', options.ignore, places, options.hasThis, label);
  const required = chosen('require', options.require, places, false, label);
  const isIgnored = ({ path }: Place): boolean =>
    ignored.some(({ path: other }) => other.every((part, i) => part === path[i]));
  return {
    parameters: parameters.map((parameter, i) => ({
      ...parameter,
      ignored: isIgnored({ path: [i], name: parameter.name }),
      ignoredProperties: ignored.flatMap(({ path }) => (path[0] === i && path.length === 2 ? [path[1] as string] : [])),
      path: `args[${i}]`,
    })),
    needed: [
      ...required.map((place) => ({ ...place, why: 'required' as const })),
      ...untoldDefaults(patterns, capturedValues(fn, options.capturesCount))
        .filter((place) => !isIgnored(place))
        .map((place) => ({ ...place, why: 'its default may differ' as const })),
    ],
    ignoresThis: toNames(options.ignore).includes('this'),
  };
}

/** The places that `given` leaves empty and that the call needs. */
export function missingPlaces(needed: readonly NeededPlace[], given: readonly unknown[]): readonly NeededPlace[] {
  return needed.filter(({ path }) => {
    let at: unknown = given;
    for (const part of path) {
      if (at === undefined || at === null) return true;
      at = (at as Record<number | string, unknown>)[part];
    }
    return at === undefined;
  });
}

function chosen(
  option: 'ignore' | 'require',
  given: ParameterNames | undefined,
  places: ReadonlyMap<string, readonly Place[]>,
  knowsThis: boolean,
  label: string,
): readonly Place[] {
  return toNames(given).flatMap((name) => {
    if (name === 'this' && knowsThis) return [];
    const found = places.get(name);
    if (found !== undefined) return found;
    throw new ConfigurationError(
      `${option}: ${label} has no parameter ${JSON.stringify(name)}; it has ${[...places.keys()].join(', ') || 'none'}`,
    );
  });
}

function toNames(given: ParameterNames | undefined): readonly string[] {
  return typeof given === 'string' ? [given] : (given ?? []);
}

function patternsOf(fn: Callable): readonly Pattern[] {
  const node = parsedFunction(fn)?.node;
  const code = node?.type === 'Property' || node?.type === 'MethodDefinition' ? node.value : node;
  return code !== undefined && isFunction(code) ? (code as FunctionNode).params : [];
}

/** The names of the properties that an object pattern takes apart. */
function propertiesOf(parameter: Pattern | undefined): readonly string[] {
  const pattern = parameter?.type === 'AssignmentPattern' ? parameter.left : parameter;
  if (pattern?.type !== 'ObjectPattern') return [];
  return (pattern as ObjectPattern).properties.flatMap((each) => {
    if (each.type === 'RestElement' || each.computed) return [];
    return [each.key.type === 'Identifier' ? each.key.name : String((each.key as { value?: unknown }).value)];
  });
}

/** Whether the key has the value of a captured variable: not of one that the function itself assigns. */
function capturedValues(fn: Callable, capturesCount: boolean): (name: string) => boolean {
  const parsed = parsedFunction(fn);
  if (!capturesCount || parsed?.node === undefined) return () => false;
  const { variables } = freeVariables(parsed);
  return (name) => variables.get(name)?.assigned === false;
}
