import { shared } from './state.js';

/**
 * Tells the user that something was not as good as it should be, without stopping the call. Goes through Node's
 * warnings, so that `--no-warnings`, `process.on('warning')` and the kernel's cells treat it as they treat any other.
 */
export function warn(message: string): void {
  process.emitWarning(message, 'FlecheWarning');
}

/**
 * As {@link warn}, but only once in a process for the same `cause`, the message itself unless given: what recurs at each
 * call is told once, also where the message names each call's own file or digest.
 */
export function warnOnce(message: string, cause: string = message): void {
  const told = shared('warnings', () => new Set<string>());
  if (told.has(cause)) return;
  told.add(cause);
  warn(message);
}
