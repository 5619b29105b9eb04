import type { Engine } from './engine/engine.js';
import type { DatabaseFile } from './engine/file-table.js';
import type { SqlJsDatabase, SqlJsStatement, SqlValue } from './engine/sqljs-module.js';
import { SqliteFailure } from './sqlite-failure.js';

/** One row of a result, in the order of its columns. */
export type SqliteRow = readonly SqlValue[];

/** What is asked of an engine that runs SQL: small, so that another one can stand in. */
export interface SqliteConnection {
  /** Runs a statement and gives all its rows. It is prepared once and never left open: an open one keeps its lock. */
  all(sql: string, values?: readonly SqlValue[]): SqliteRow[];
  /** How many rows the last INSERT or DELETE changed. */
  changes(): number;
  close(): void;
}

/** A connection of sql.js. What SQLite refuses is a {@link SqliteFailure}. */
export class SqlJsConnection implements SqliteConnection {
  readonly #engine: Engine;
  readonly #database: SqlJsDatabase;
  readonly #statements = new Map<string, SqlJsStatement>();

  /** @param file The database, `undefined` for a new one in memory. */
  constructor(engine: Engine, file: DatabaseFile | undefined) {
    this.#engine = engine;
    this.#database = this.#guard(() => (file === undefined ? engine.openInMemory() : engine.open(file)));
  }

  all(sql: string, values: readonly SqlValue[] = []): SqliteRow[] {
    const statement = this.#guard(() => this.#statements.get(sql) ?? this.#database.prepare(sql));
    this.#statements.set(sql, statement);
    return this.#guard(
      () => {
        statement.bind(values);
        const rows: SqlValue[][] = [];
        while (statement.step()) rows.push(statement.get());
        statement.reset();
        return rows;
      },
      () => statement.reset(),
    );
  }

  changes(): number {
    return this.#database.getRowsModified();
  }

  close(): void {
    this.#statements.clear();
    this.#guard(() => this.#database.close());
  }

  #guard<T>(action: () => T, tidy: () => void = () => {}): T {
    this.#engine.takeFailure();
    try {
      return action();
    } catch (error) {
      // sql.js passes on what SQLite says as a plain error or a text. All else, as the end of the stack, came in the middle.
      if (typeof error !== 'string' && !(error instanceof Error && error.name === 'Error')) {
        this.#engine.broken = true;
        throw error;
      }
      const failure = new SqliteFailure(error, this.#engine.takeFailure());
      tidy();
      throw failure;
    }
  }
}
