import { isFlecheError } from '../errors.js';

/**
 * What makes two errors one cause, which is told once: the part of the value at fault, whichever element of a list it is,
 * or what the storage objects to, whichever entry it is about.
 */
export function causeOf(error: unknown): string {
  if (isFlecheError(error, 'Serialization') || isFlecheError(error, 'Indigestible')) {
    return `${error.tag} ${error.path.replaceAll(/\[[^\]]*\]/g, '[]')}`;
  }
  if (!(error instanceof Error)) return String(error);
  const { code } = (error.cause ?? error) as { code?: unknown };
  return [isFlecheError(error) ? error.tag : error.name, code ?? ''].join(' ');
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
