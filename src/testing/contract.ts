/** What a contract suite needs of a test runner: `test` of vitest, of `node:test` and of others fit. */
export type TestFunction = (name: string, body: () => Promise<void> | void) => unknown;

/** How a contract suite gets hold of the storage under test. */
export interface ContractOptions<S> {
  readonly test: TestFunction;
  /**
   * Opens the storage that belongs to `directory`, an existing empty directory of the test's own. Called again with the
   * same directory it opens the same storage once more, as another process would.
   */
  readonly open: (directory: string) => S | Promise<S>;
}
