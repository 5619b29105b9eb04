/** Child processes that the main thread waits for, blocked: an interrupt has to reach them. */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { uptime } from 'node:os';
import { type SharedMemory, Word } from '../shared/memory.js';
import { InterruptError, type Interrupts } from './interrupts.js';

type Run = (...args: unknown[]) => unknown;

/** Tells the front when the main thread waits for a child. @param current The cell that the calling code belongs to. */
export function watchSyncChildren({ words }: SharedMemory, interrupts: Interrupts, current: () => number): void {
  const childProcess = createRequire(import.meta.url)('node:child_process') as Record<string, Run>;
  for (const name of ['spawnSync', 'execSync', 'execFileSync']) {
    const original = childProcess[name] as Run;
    childProcess[name] = {
      [name](...args: unknown[]): unknown {
        Atomics.store(words, Word.waitsForChild, Math.floor(uptime() * 100));
        let outcome: { readonly value: unknown } | { readonly error: unknown };
        try {
          outcome = { value: original(...args) };
        } catch (error) {
          outcome = { error };
        }
        Atomics.store(words, Word.waitsForChild, 0);
        // Otherwise it would be an error of the child that ends the cell.
        if (interrupts.take(current())) throw new InterruptError();
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      },
    }[name] as Run;
  }
  syncBuiltinESMExports();
}
