/** One digest for the description of a class. */
import { createHash } from 'node:crypto';

/** The digest of what was taken apart. */
export function digestOf(flat: { readonly text: string; readonly buffers: readonly Uint8Array[] }): string {
  const hash = createHash('sha256').update(flat.text);
  for (const bytes of flat.buffers) hash.update(bytes);
  return hash.digest('hex').slice(0, 32);
}
