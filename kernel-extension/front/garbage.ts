/** Gives memory back that the checks of many cells have left behind. */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much has to have come together, in bytes: a collection takes some 150 ms. */
const WORTHWHILE = 24 << 20;

/** What the heap of this thread took after the last collection, in bytes. */
let taken = 0;
let gc: (() => void) | undefined;

/** Collects the garbage of this thread, where it is worth that, and returns the pages to the system. */
export function collectGarbage(): void {
  if (heapBytes() - taken < WORTHWHILE) return;
  // V8's function is in the contexts that are made while the flag is set; no cell gets to see it.
  gc ??= withFlag('expose-gc', () => runInNewContext('gc') as () => void);
  // Else what lives keeps twice its size in half-empty pages.
  withFlag('compact-on-every-full-gc', gc);
  taken = heapBytes();
}

/** What the heap takes: V8 keeps the pages of what it has collected itself. */
function heapBytes(): number {
  return getHeapStatistics().total_physical_size;
}

function withFlag<T>(name: string, action: () => T): T {
  setFlagsFromString(`--${name}`);
  try {
    return action();
  } finally {
    setFlagsFromString(`--no-${name}`);
  }
}
