import { shared } from './state.js';

/**
 * Tells the user that something was not as good as it should be, without stopping the call. Goes through Node's
 * warnings, so that `--no-warnings`, `process.on('warning')` and the kernel's cells treat it as they treat any other.
 */
export function warn(message: string): void {
  process.emitWarning(message, 'FlecheWarning');
}

/** As {@link warn}, but the same message only once in a process: a cause that recurs at each call is told once. */
export function warnOnce(message: string): void {
  const told = shared('warnings', () => new Set<string>());
  if (told.has(message)) return;
  told.add(message);
  warn(message);
}
