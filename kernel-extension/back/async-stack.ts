/** Node's stack of asynchronous contexts. */
import { CLEAR_STACK } from '../shared/memory.js';
import { InterruptError } from './interrupts.js';

/**
 * Lets the front empty the stack before it terminates code: what a termination skips would have popped it, and Node ends
 * the process when it does not add up. What Node does after an error that nobody has caught is the one way in all versions.
 */
export function offerToClearStack(): void {
  const { _fatalException } = process as unknown as { _fatalException(error: unknown): boolean };
  (globalThis as Record<symbol, unknown>)[Symbol.for(CLEAR_STACK)] = () => {
    _fatalException.call(process, new InterruptError());
  };
}
