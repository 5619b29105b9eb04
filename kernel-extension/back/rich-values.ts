/** Values as the result of a cell shows them. */
import { inspect } from 'node:util';
import type { MimeBundle } from '../magics/types.js';

/** A value with this method tells by itself how it is shown: it returns representations by MIME type. */
const DISPLAY = Symbol.for('Jupyter.display');

/**
 * The representations of a value; none of `undefined`. `run` runs each piece of user code, such as a method that
 * describes the value.
 */
export async function displayed(value: unknown, run: <T>(step: () => T) => T): Promise<MimeBundle | undefined> {
  if (value === undefined) return undefined;
  const describe = (value as { [DISPLAY]?: unknown } | null)?.[DISPLAY];
  const rich = typeof describe === 'function' ? await run(() => describe.call(value) as object) : undefined;
  const text = (rich as { 'text/plain'?: string } | undefined)?.['text/plain'] ?? run(() => inspect(value));
  return { ...rich, 'text/plain': text };
}
