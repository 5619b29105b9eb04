/**
 * Which digest scheme last wrote into a database: a number in the place that SQLite keeps for applications
 * (`PRAGMA user_version`), which the Python library leaves at 0. Each call names its own scheme besides.
 */
import { digestScheme } from '../../digest/digest.js';
import { warnOnce } from '../../internal/warn.js';
import type { SqliteConnection } from './sqlite-connection.js';

const prefix = 'fleche-';
const own = Number(digestScheme.slice(prefix.length));

/** Notes in the database that calls of `scheme` are in it; a later scheme stays noted. */
export function markScheme(connection: SqliteConnection, scheme: string): void {
  if (scheme === digestScheme && schemeOf(connection) < own) connection.all(`PRAGMA user_version = ${own}`);
}

/** Tells the user once if another scheme wrote the database: its calls stay readable, and are never a hit. */
export function tellOfOtherScheme(connection: SqliteConnection, location: string): void {
  const found = schemeOf(connection);
  if (found === 0 || found === own) return;
  warnOnce(
    `${location} was written with the digest scheme ${prefix}${found}, this version computes ${digestScheme}: the calls in it can be looked at, but their keys are not those of calls made now, which are run and saved beside them`,
  );
}

function schemeOf(connection: SqliteConnection): number {
  return Number(connection.all('PRAGMA user_version')[0]?.[0] ?? 0);
}
