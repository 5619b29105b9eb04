import type { SqlJsDatabase, SqlJsStatement, SqlValue } from './engine/sqljs-module.js';
import type { SystemCallFailure } from './engine/system-calls.js';
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

/** A connection of sql.js. Everything it throws is a {@link SqliteFailure}. */
export class SqlJsConnection implements SqliteConnection {
  readonly #database: SqlJsDatabase;
  readonly #statements = new Map<string, SqlJsStatement>();
  readonly #takeFailure: () => SystemCallFailure | undefined;

  /** @param open Opens the database. @param takeFailure What the system said since it was last asked. */
  constructor(open: () => SqlJsDatabase, takeFailure: () => SystemCallFailure | undefined) {
    this.#takeFailure = takeFailure;
    this.#database = this.#guard(open);
  }

  all(sql: string, values: readonly SqlValue[] = []): SqliteRow[] {
    return this.#guard(() => {
      const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
      this.#statements.set(sql, statement);
      try {
        statement.bind(values);
        const rows: SqlValue[][] = [];
        while (statement.step()) rows.push(statement.get());
        return rows;
      } finally {
        statement.reset();
      }
    });
  }

  changes(): number {
    return this.#database.getRowsModified();
  }

  close(): void {
    this.#statements.clear();
    this.#guard(() => this.#database.close());
  }

  #guard<T>(action: () => T): T {
    this.#takeFailure();
    try {
      return action();
    } catch (error) {
      throw new SqliteFailure(error, this.#takeFailure());
    }
  }
}
