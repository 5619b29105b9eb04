/** Values as the result of a cell shows them. */
import { isHandle } from '../display/globals.js';
import { wantsColors } from '../display/plain-text.js';
import { represent } from '../display/represent.js';
import type { MimeBundle } from '../magics/types.js';

/**
 * The representations of a value; none of `undefined`, nor of what `display` has shown. `run` runs user code, such as a
 * method that describes the value.
 */
export async function displayed(
  value: unknown,
  run: <T>(step: () => T) => T,
  colors: boolean = wantsColors(),
): Promise<MimeBundle | undefined> {
  if (value === undefined || isHandle(value)) return undefined;
  return await run(() => represent(value, colors));
}
