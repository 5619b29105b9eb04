/**
 * Tells the user that something was not as good as it should be, without stopping the call. Goes through Node's
 * warnings, so that `--no-warnings`, `process.on('warning')` and the kernel's cells treat it as they treat any other.
 */
export function warn(message: string): void {
  process.emitWarning(message, 'FlecheWarning');
}
