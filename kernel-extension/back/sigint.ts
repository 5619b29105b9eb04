/** SIGINT in the process of the kernel: it stops the segment that runs, and does nothing otherwise. */

import type { EventEmitter } from 'node:events';

type Listener = ((event: string) => void) | undefined;

interface Contextify {
  /** Lets Node's watchdog of vm scripts take the signal for good, and not only while a script runs. */
  startSigintWatchdog?(): void;
}

/**
 * Takes SIGINT for the segments, so that one at any other moment does not end the process. A segment then costs 2 µs instead
 * of 100 to 200, for none has to start the thread that waits for the signal.
 *
 * A listener for SIGINT, of the user or of a package, would take the signal back and leave it deadly when it is removed: it is
 * kept, but not called.
 */
export function reserveSigint(): void {
  const emitter: EventEmitter = process;
  const listen = emitter.listeners('newListener').find(({ name }) => name === 'startListeningIfSignal') as Listener;
  const contextify = (process as unknown as { binding(name: string): Contextify }).binding('contextify');
  // With a Node where these are not to be found, segments are as safe as their handshake makes them.
  if (listen === undefined || contextify.startSigintWatchdog === undefined) return;
  emitter.off('newListener', listen);
  emitter.on('newListener', (event) => {
    if (event !== 'SIGINT') listen(event);
  });
  contextify.startSigintWatchdog();
}
