import { join, parse } from 'node:path';
import { ConfigurationError } from '../errors.js';
import { parseSqliteUrl } from '../storage/sql/url.js';

/** The kinds of storage that keep one file per entry, by the serializer that they use. */
export type PickleKind = 'pickle' | 'cloudpickle' | 'dill';

/** A storage of values as plain data. */
export type ValuesSpec =
  | { readonly kind: 'memory' | 'void' }
  | { readonly kind: PickleKind; readonly root: string; readonly compress?: boolean }
  | { readonly kind: 'h5'; readonly root: string };

/** A storage of calls as plain data. */
export type CallsSpec = ValuesSpec | { readonly kind: 'sql'; readonly url: string };

/** A cache as plain data. */
export interface CacheSpec {
  readonly values: ValuesSpec;
  readonly calls: CallsSpec;
}

/** What each kind needs: nothing, a directory or a database. In the order in which messages list them. */
const needs = {
  memory: undefined,
  void: undefined,
  pickle: 'root',
  cloudpickle: 'root',
  dill: 'root',
  h5: 'root',
  sql: 'url',
} as const;

type Kind = keyof typeof needs;
type Role = 'values' | 'calls';

/**
 * `memory, void, pickle:ROOT, …`: the kinds of storage for values or for calls, as they are written in words.
 *
 * @example
 * import { storageForms } from 'fleche/config';
 * console.log(storageForms('calls'));
 */
export function storageForms(role: Role): string {
  return kindsFor(role)
    .map((kind) => (needs[kind] === undefined ? kind : `${kind}:${needs[kind].toUpperCase()}`))
    .join(', ');
}

/**
 * A storage written as `KIND` or `KIND:ROOT`: `memory`, `pickle:.cache/values`, `sql:sqlite:///calls.db`.
 *
 * @throws ConfigurationError if there is no such kind, or if it lacks its directory or database; says what there is.
 * @example
 * import { parseStorage } from 'fleche/config';
 * console.log(parseStorage('values', 'pickle:.cache/values')); // { kind: 'pickle', root: '.cache/values' }
 */
export function parseStorage(role: 'values', text: string): ValuesSpec;
export function parseStorage(role: 'calls', text: string): CallsSpec;
export function parseStorage(role: Role, text: string): CallsSpec {
  const [, kind, place] = /^([^:]*)(?::(.*))?$/s.exec(text) as unknown as [string, string, string | undefined];
  const need = needs[knownKind(role, kind)];
  return checkStorage(role, { kind, ...(place === undefined ? {} : { [need ?? 'root']: place }) }) as CallsSpec;
}

/**
 * The two storages of one kind that lie beside each other, in `ROOT/values` and `ROOT/calls`.
 *
 * @example
 * import { besideEachOther, cacheFrom } from 'fleche/config';
 * const c = await cacheFrom(besideEachOther('pickle', '.cache'));
 */
export function besideEachOther(
  kind: PickleKind | 'h5',
  root: string,
  options: { compress?: boolean } = {},
): CacheSpec {
  const compress = options.compress === true ? { compress: true } : {};
  return {
    values: checkStorage('values', { kind, root: join(root, 'values'), ...compress }) as ValuesSpec,
    calls: checkStorage('calls', { kind, root: join(root, 'calls'), ...compress }),
  };
}

/**
 * Calls in a database, with their values in pickle files in the directory `NAME-values` beside it: `calls.db` has
 * `calls-values`. With a database in memory the values are in memory, too.
 *
 * @throws ConfigurationError if the URL is none of SQLite.
 * @example
 * import { cacheFrom, sqlWithValues } from 'fleche/config';
 * const c = await cacheFrom(sqlWithValues('sqlite:///calls.db'));
 */
export function sqlWithValues(url: string): CacheSpec {
  const calls = checkStorage('calls', { kind: 'sql', url });
  const file = parseSqliteUrl(url);
  if (file === undefined) return { values: { kind: 'memory' }, calls };
  const { dir, name } = parse(file);
  return { values: { kind: 'pickle', root: join(dir, `${name}-values`) }, calls };
}

/**
 * Checks plain data that claims to describe a storage, from a file or a user.
 *
 * @throws ConfigurationError saying what is wrong with it.
 */
export function checkStorage(role: Role, spec: unknown): CallsSpec {
  if (typeof spec !== 'object' || spec === null) {
    throw new ConfigurationError(`${role} must be an object such as { kind: 'memory' }, not ${String(spec)}`);
  }
  const given = spec as Readonly<Record<string, unknown>>;
  const kind = knownKind(role, given.kind);
  const need = needs[kind];
  if (need !== undefined && (typeof given[need] !== 'string' || given[need] === '')) {
    throw new ConfigurationError(
      need === 'root'
        ? `the ${role} storage ${kind} needs a directory: ${kind}:ROOT`
        : `the ${role} storage ${kind} needs a database: ${kind}:URL, such as sql:sqlite:///calls.db`,
    );
  }
  const compressible = kind === 'pickle' || kind === 'cloudpickle' || kind === 'dill';
  for (const [name, value] of Object.entries(given)) {
    if (name === 'kind' || name === need) continue;
    if (name !== 'compress' || !compressible) {
      throw new ConfigurationError(`the ${role} storage ${kind} takes no ${name}`);
    }
    if (typeof value !== 'boolean') throw new ConfigurationError(`compress is true or false, not ${String(value)}`);
  }
  return given as unknown as CallsSpec;
}

function knownKind(role: Role, kind: unknown): Kind {
  const kinds = kindsFor(role);
  if (kinds.includes(kind as Kind)) return kind as Kind;
  const problem =
    kind === 'sql' ? 'sql holds calls only' : `${JSON.stringify(kind ?? null)} is no kind of storage for ${role}`;
  throw new ConfigurationError(`${problem}; there are ${storageForms(role)}`);
}

function kindsFor(role: Role): readonly Kind[] {
  return (Object.keys(needs) as Kind[]).filter((kind) => role === 'calls' || kind !== 'sql');
}
