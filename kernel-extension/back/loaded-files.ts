/** The user's own files that Node.js has loaded by `require` and keeps: data, `.cjs` files and what these load. */
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FileVersions } from '../shared/file-versions.js';
import { resolutionBase } from '../shared/installation.js';

/** A file system's clock may be so much behind, in milliseconds: it goes by the ticks of the system. */
const TICK_MS = 20;

/** Makes Node.js load them again when they have changed. */
export class LoadedFiles {
  readonly #versions = new FileVersions();
  readonly #cache = createRequire(resolutionBase).cache;
  /** What they held when they were loaded; `undefined`: they were written in that moment, so nobody knows. */
  readonly #loaded = new Map<string, string | undefined>();

  /** Loads `file`, or what is compiled from it, and remembers what of the user's came with it. */
  load<T>(file: string, require: () => T): T {
    this.#forgetChanged();
    if (file in this.#cache) return require();
    const since = Date.now() - TICK_MS;
    const before = new Set(Object.keys(this.#cache));
    const version = this.#versions.of(file);
    try {
      return require();
    } finally {
      for (const each of Object.keys(this.#cache)) {
        if (before.has(each) || each.includes(`${path.sep}node_modules${path.sep}`)) continue;
        const now = this.#versions.of(each);
        const isKnown = each === file ? now === version : !this.#wasWritten(each, since);
        this.#loaded.set(each, isKnown ? now : undefined);
      }
    }
  }

  /** Also forgets what has loaded those that changed. */
  #forgetChanged(): void {
    const files = [...this.#loaded.keys()];
    const changed = new Set(files.filter((file) => !this.#isCurrent(file)));
    const hasChanged = ({ filename }: NodeModule): boolean => changed.has(filename);
    // A set goes on to what is added to it meanwhile.
    for (const _ of changed) {
      for (const file of files) if (this.#cache[file]?.children.some(hasChanged)) changed.add(file);
    }
    for (const file of changed) {
      delete this.#cache[file];
      this.#loaded.delete(file);
    }
  }

  #isCurrent(file: string): boolean {
    const version = this.#loaded.get(file);
    return version !== undefined && version === this.#versions.of(file);
  }

  #wasWritten(file: string, since: number): boolean {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats === undefined || Math.max(stats.mtimeMs, stats.ctimeMs) >= since;
  }
}
