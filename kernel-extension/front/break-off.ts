/**
 * The last means against code that no interrupt reaches: V8 is told to terminate what the main thread executes. Nothing of
 * it is caught there: no `finally` runs.
 */
import { Session } from 'node:inspector';
import { CLEAR_STACK, Phase, Word } from '../shared/memory.js';

/** Time between two attempts: there may be several such pieces of code, one behind another; in milliseconds. */
const RETRY_MS = 100;

/** Terminates what the main thread executes, as long as `isWanted` says so; asked with each attempt. */
export function breakOff(words: Int32Array, isWanted: () => boolean): void {
  if (!isWanted()) return;
  // A main thread that is awake gets a moment to say so; where a signal is under way it must not be overtaken.
  setTimeout(() => {
    if (isWanted() && Atomics.load(words, Word.phase) === Phase.outside) terminate();
    setTimeout(() => breakOff(words, isWanted), RETRY_MS);
  }, RETRY_MS);
}

function terminate(): void {
  // A session that stayed would keep the process alive.
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for('${CLEAR_STACK}')]?.()` });
  session.post('Runtime.terminateExecution', () => session.disconnect());
}
