import { closeSync, openSync, readSync } from 'node:fs';
import { ConfigurationError, EngineMissingError } from '../../errors.js';
import { tellOfOtherScheme } from './scheme.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { Transactions } from './sqlite-handle.js';

/**
 * The tables and indexes of the Python library (fleche 0.22), in the very text that SQLAlchemy writes: SQLite keeps it,
 * and tools show it. Lines end in a blank.
 */
const definitions: Readonly<Record<string, readonly string[]>> = {
  calls: [
    `CREATE TABLE calls (
	"key" VARCHAR(64) NOT NULL, 
	name VARCHAR NOT NULL, 
	module VARCHAR, 
	version VARCHAR, 
	code_digest VARCHAR(64), 
	result VARCHAR(64), 
	PRIMARY KEY ("key")
)`,
  ],
  arguments: [
    `CREATE TABLE arguments (
	id INTEGER NOT NULL, 
	call_key VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	value VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_arguments_call_name UNIQUE (call_key, name), 
	FOREIGN KEY(call_key) REFERENCES calls ("key") ON DELETE CASCADE
)`,
  ],
  metadata: [
    `CREATE TABLE metadata (
	id INTEGER NOT NULL, 
	call_key VARCHAR(64) NOT NULL, 
	name VARCHAR NOT NULL, 
	data JSON NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_metadata_call_name UNIQUE (call_key, name), 
	FOREIGN KEY(call_key) REFERENCES calls ("key") ON DELETE CASCADE
)`,
    'CREATE INDEX ix_metadata_call_key ON metadata (call_key)',
    'CREATE INDEX ix_metadata_name ON metadata (name)',
  ],
};

const columns: Readonly<Record<string, readonly string[]>> = {
  calls: ['key', 'name', 'module', 'version', 'code_digest', 'result'],
  arguments: ['id', 'call_key', 'position', 'name', 'value'],
  metadata: ['id', 'call_key', 'name', 'data'],
};
const tables = Object.keys(definitions);

/**
 * Makes sure that the database is one of calls; an empty one becomes one.
 *
 * @throws ConfigurationError if it is somebody else's database: no table is added to it.
 * @throws EngineMissingError if the engine does not write to the disk after all.
 */
export function ensureSchema(transactions: Transactions): void {
  const { location, onDisk } = transactions;
  const missing = transactions.read((connection) => {
    const tablesMissing = missingTables(connection, location);
    if (tablesMissing.length === 0) tellOfOtherScheme(connection, location);
    return tablesMissing;
  });
  if (missing.length > 0) {
    transactions.write((connection) => {
      for (const table of missingTables(connection, location)) {
        for (const definition of definitions[table] as readonly string[]) connection.all(definition);
      }
    });
  }
  if (onDisk) checkThatItIsOnDisk(location);
}

/** Which tables are not there yet, all others being as they should. */
function missingTables(connection: SqliteConnection, location: string): string[] {
  const present = connection
    .all("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .map(([name]) => String(name));
  const missing = tables.filter((table) => !present.includes(table));
  if (missing.length === tables.length && present.length > 0) {
    throw new ConfigurationError(
      `${location} is a SQLite database of something else (it has ${present.slice(0, 3).join(', ')}); name another file`,
    );
  }
  for (const table of tables) {
    if (missing.includes(table)) continue;
    const found = connection.all(`PRAGMA table_info(${table})`).map(([, name]) => String(name));
    const absent = (columns[table] as readonly string[]).filter((column) => !found.includes(column));
    if (absent.length > 0) {
      throw new ConfigurationError(
        `${location} is not a database of calls: its table ${table} has no column ${absent.join(', ')}; name another file`,
      );
    }
  }
  return missing;
}

/** Were a system call not ours after all, all would go well, in memory, and be gone with the process. */
function checkThatItIsOnDisk(path: string): void {
  const magic = 'SQLite format 3\0';
  if (firstBytes(path, magic.length) === magic) return;
  throw new EngineMissingError({
    engine: 'sql.js',
    neededBy: 'Sql',
    install: 'npm install sql.js@1.16.0',
    cause: new Error(`this build does not write to ${path}`),
  });
}

function firstBytes(path: string, length: number): string {
  const bytes = Buffer.alloc(length);
  const descriptor = openSync(path, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}
