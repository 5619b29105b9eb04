/** Captured variables whose declaration has not been reached: V8 up to Node 20 shows them as `undefined`. */
import type { Callable } from './function-source.js';
import { InspectorUnavailable } from './inspector.js';
import { withPauses } from './pauses.js';
import { probeOf } from './shared-variables.js';

/**
 * The first of these captured variables of `fn`, all of which read as `undefined`, that has no value at all. Those that
 * cannot be tried where the function stands count as having one.
 */
export function firstWithoutValue(fn: Callable, names: readonly string[]): string | undefined {
  const probes = names.flatMap((name) => {
    const probe = probeOf(fn, name);
    return probe === undefined ? [] : [{ name, probe }];
  });
  if (probes.length === 0) return undefined;
  try {
    return withPauses((pauseIn) => {
      const hasNone = ({ name, probe }: (typeof probes)[number]): boolean =>
        pauseIn(probe, (evaluate) => evaluate(`(() => { try { ${name}; } catch { return true; } })()`)) === true;
      return probes.find(hasNone)?.name;
    });
  } catch (error) {
    if (error instanceof InspectorUnavailable) return undefined;
    throw error;
  }
}
