/**
 * Callbacks of timers that a cell has set run in segments: an interrupt can stop what they do. And one of the cell stops
 * the timers that it had set before.
 */
import type { Interrupts } from './interrupts.js';
import type { CellContext } from './output.js';
import type { Segments } from './segments.js';

type Callback = (this: unknown, ...args: unknown[]) => unknown;
type SetTimer = (callback: unknown, ...rest: unknown[]) => unknown;

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/** Watches the global `setTimeout`, `setInterval` and `setImmediate`. */
export function watchTimers(segments: Segments, interrupts: Interrupts, context: CellContext): void {
  const globals = globalThis as unknown as Record<(typeof TIMERS)[number], SetTimer>;
  for (const name of TIMERS) {
    const original = globals[name];
    const watched = {
      [name](callback: unknown, ...rest: unknown[]): unknown {
        return original(isUserCode(callback) && context.isInCell ? inSegment(callback) : callback, ...rest);
      },
    }[name] as SetTimer;
    const { prototype, ...properties } = Object.getOwnPropertyDescriptors(original);
    // `util.promisify` finds its own version there.
    globals[name] = Object.defineProperties(watched, properties);
  }

  function inSegment(callback: Callback): Callback {
    const { count } = interrupts;
    return function (...args) {
      const cell = context.current();
      if (interrupts.hasStopped(cell, count)) {
        clearTimeout(this as NodeJS.Timeout);
        return undefined;
      }
      return segments.run(cell, () => callback.apply(this, args));
    };
  }
}

/** Not so the function that resolves a promise: what follows it does not run within it. */
function isUserCode(callback: unknown): callback is Callback {
  return typeof callback === 'function' && !Function.prototype.toString.call(callback).endsWith('{ [native code] }');
}
