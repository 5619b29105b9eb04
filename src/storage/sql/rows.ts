import { isDeepStrictEqual } from 'node:util';
import type { CallRecord, Json, Metadata } from '../../calls/record.js';
import { type Digest, isDigest } from '../../digest/types.js';
import { CorruptEntryError, SerializationError } from '../../errors.js';
import { step } from '../../internal/value-path.js';
import type { SqlValue } from './engine/sqljs-module.js';
import { fromPythonJson, toPythonJson } from './python-json.js';
import type { SqliteRow } from './sqlite-connection.js';

/** One call as it stands in the three tables, without keys and ids. */
export interface CallRows {
  /** name, module, version, code_digest, result */
  readonly call: SqliteRow;
  /** position, name, value; by position */
  readonly arguments: readonly SqliteRow[];
  /** name, data */
  readonly metadata: readonly SqliteRow[];
}

/**
 * The namespace that carries the id of our digest scheme, as `{"scheme": "..."}`: the tables of the Python library have
 * no column for it, and Python takes it for metadata like any other. Its own records have none.
 */
const ownNamespace = 'fleche';
const pythonScheme = 'python';

/** @throws SerializationError if the record holds what the tables cannot. */
export function toRows(record: CallRecord): CallRows {
  const { name, module, version, codeDigest, result, metadata, scheme } = record;
  const namespaces = Object.entries(metadata);
  const taken = metadata[ownNamespace];
  if (taken !== undefined && (scheme !== pythonScheme || schemeIn(taken) !== undefined)) {
    throw refused(`metadata${step(ownNamespace)}`, `the namespace ${ownNamespace}, which is fleche's own`);
  }
  const rows = namespaces.map(([namespace, data]): SqliteRow => {
    const path = `metadata${step(namespace)}`;
    if (typeof data !== 'object' || data === null || Array.isArray(data)) throw refused(path, 'what is no object');
    return [text(namespace, 'the namespace of metadata'), toPythonJson(data, path)];
  });
  if (scheme !== pythonScheme) rows.push([ownNamespace, toPythonJson({ scheme }, 'scheme')]);
  return {
    call: [
      text(name, 'name'),
      module === null ? null : text(module, 'module'),
      version === null ? null : toPythonJson(version, 'version'),
      codeDigest === null ? null : digest(codeDigest, 'codeDigest'),
      result === null ? null : digest(result, 'result'),
    ],
    arguments: Object.entries(record.arguments).map(([parameter, value], position) => [
      position,
      text(parameter, 'the name of a parameter'),
      digest(value, `arguments${step(parameter)}`),
    ]),
    metadata: rows,
  };
}

/** @throws CorruptEntryError if the rows are not those of a call. */
export function fromRows(rows: CallRows, key: Digest, location: string): CallRecord {
  const corrupt = (reason: string, cause?: unknown): CorruptEntryError =>
    new CorruptEntryError({ key, location, reason, cause });
  const digestOrNull = (value: SqlValue | undefined, what: string): Digest | null => {
    if (value === null || (typeof value === 'string' && isDigest(value))) return value;
    throw corrupt(`${what} is no digest`);
  };
  const textOf = (value: SqlValue | undefined, what: string): string => {
    if (typeof value === 'string') return value;
    throw corrupt(`${what} is no text`);
  };
  const json = (value: SqlValue | undefined, what: string): unknown => {
    try {
      return fromPythonJson(textOf(value, what));
    } catch (error) {
      throw error instanceof SyntaxError ? corrupt(`${what} is not JSON`, error) : error;
    }
  };
  const versionOf = (value: SqlValue | undefined): string | number | null => {
    // Databases of the library's first releases hold the number itself.
    const version = value === null || typeof value === 'number' ? value : json(value, 'the version');
    if (version === null || typeof version === 'number' || typeof version === 'string') return version;
    throw corrupt('the version is neither a text nor a number');
  };

  const [name, module, version, codeDigest, result] = rows.call;
  const parameters = rows.arguments.map(([, parameter, value]): [string, Digest] => {
    const called = textOf(parameter, 'the name of a parameter');
    const argument = digestOrNull(value, `the argument ${called}`);
    if (argument === null) throw corrupt(`the argument ${called} is no digest`);
    return [called, argument];
  });
  let scheme = pythonScheme;
  const metadata: [string, Metadata[string]][] = [];
  for (const [namespace, data] of rows.metadata) {
    const called = textOf(namespace, 'the namespace of metadata');
    const parsed = json(data, `the metadata ${called}`);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw corrupt(`the metadata ${called} is no object`);
    }
    const fields = parsed as Record<string, Json>;
    const own = called === ownNamespace ? schemeIn(fields) : undefined;
    if (own === undefined) metadata.push([called, fields]);
    else scheme = own;
  }
  return {
    name: textOf(name, 'the name of the function'),
    module: module === null ? null : textOf(module, 'the module'),
    version: versionOf(version),
    codeDigest: digestOrNull(codeDigest, 'the digest of the code'),
    arguments: Object.fromEntries(parameters),
    result: digestOrNull(result, 'the result'),
    metadata: Object.fromEntries(metadata),
    scheme,
  };
}

/** Whether two records that were made of rows say the same; the order of parameters counts, that of metadata does not. */
export function isSameRecord(one: CallRecord, other: CallRecord): boolean {
  const names = (record: CallRecord): string[] => Object.keys(record.arguments);
  return isDeepStrictEqual(names(one), names(other)) && isDeepStrictEqual(one, other);
}

function schemeIn(data: Readonly<Record<string, unknown>>): string | undefined {
  return typeof data.scheme === 'string' && Object.keys(data).length === 1 ? data.scheme : undefined;
}

/** SQLite keeps texts as UTF-8, where half a surrogate pair would silently become another character. */
function text(value: string, path: string): string {
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value)) return value;
  throw refused(path, typeof value === 'string' ? 'a lone surrogate' : `a ${typeof value}`);
}

function digest(value: Digest, path: string): Digest {
  if (typeof value === 'string' && isDigest(value)) return value;
  throw refused(path, 'what is no digest');
}

function refused(path: string, what: string): SerializationError {
  return new SerializationError({ path, what, serializer: 'Sql' });
}
