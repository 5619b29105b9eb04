import { resolve } from 'node:path';
import { ConfigurationError } from '../../errors.js';

const supported =
  'give sqlite:///calls.db (relative), sqlite:////absolute/calls.db, sqlite:// (in memory) or the path of a file';

/**
 * The database file that a URL of SQLAlchemy's form or a bare path means, absolute; `undefined` for one in memory.
 *
 * @throws ConfigurationError for any other URL; says what is supported.
 */
export function parseSqliteUrl(url: string): string | undefined {
  const path = pathOf(url);
  if (path.includes('\0')) throw new ConfigurationError(`${JSON.stringify(url)} holds a NUL character; ${supported}`);
  return path === '' || path === ':memory:' ? undefined : resolve(path);
}

function pathOf(url: string): string {
  if (typeof url !== 'string' || url === '') throw new ConfigurationError(`no database is named; ${supported}`);
  // One letter and a colon begin a path of Windows.
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1];
  if (scheme === undefined) return url;
  const match = /^sqlite:\/\/(?:\/(.*))?$/is.exec(url);
  if (match === null) throw new ConfigurationError(`${url} is no database that Sql can use; ${supported}`);
  const path = match[1] ?? '';
  if (path.includes('?')) throw new ConfigurationError(`${url} has options, of which Sql knows none; ${supported}`);
  return path;
}
