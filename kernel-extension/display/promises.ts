/** Promises as the inspector shows them. */
import { inspect } from 'node:util';

/**
 * The kernel follows which cell a promise belongs to, and Node notes that in properties of the promise. They are hidden from
 * the inspector, wherever in a value a promise stands.
 */
export function hideNotesOfNode(): void {
  Object.defineProperty(Promise.prototype, inspect.custom, {
    configurable: true,
    writable: true,
    enumerable: false,
    value(this: Promise<unknown>): Promise<unknown> {
      for (const symbol of Object.getOwnPropertySymbols(this)) {
        if (!/^(?:async_id_symbol|trigger_async_id_symbol|kResourceStore)$/.test(symbol.description ?? '')) continue;
        if (Object.getOwnPropertyDescriptor(this, symbol)?.configurable) {
          Object.defineProperty(this, symbol, { enumerable: false });
        }
      }
      // The inspector goes on with it as with any promise.
      return this;
    },
  });
}
