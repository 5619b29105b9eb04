import { closeSync, fstatSync, openSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, isDigest } from '../../digest/index.js';

/**
 * The files of a storage: one per entry, named by its digest. Flat in `root`, as the Python library lays them out, or in
 * 256 directories by the first two characters, which is faster to list from about 10,000 entries on. Either layout finds
 * what the other wrote.
 */
export class EntryFiles {
  readonly root: string;
  readonly #shard: 0 | 2;

  constructor(root: string, shard: 0 | 2) {
    this.root = root;
    this.#shard = shard;
  }

  /** Where a new entry goes. */
  path(key: Digest): string {
    return this.#shard === 0 ? this.#flat(key) : this.#sharded(key);
  }

  #flat(key: Digest): string {
    return join(this.root, key);
  }

  #sharded(key: Digest): string {
    return join(this.root, key.slice(0, 2), key);
  }

  /** Where an entry may be: where a new one goes, then where the other layout has it. */
  #places(key: Digest): readonly [string, string] {
    return this.#shard === 0 ? [this.#flat(key), this.#sharded(key)] : [this.#sharded(key), this.#flat(key)];
  }

  /** Lets `use` read the entry's file; `undefined` when there is none. */
  read<T>(key: Digest, use: (descriptor: number, sizeBytes: number, path: string) => T): T | undefined {
    for (const path of this.#places(key)) {
      const descriptor = orAbsent(() => openSync(path, 'r'));
      if (descriptor === undefined) continue;
      try {
        return use(descriptor, fstatSync(descriptor).size, path);
      } finally {
        closeSync(descriptor);
      }
    }
    return undefined;
  }

  /** The size of the entry's file in bytes; `undefined` when there is none. */
  sizeBytes(key: Digest): number | undefined {
    for (const path of this.#places(key)) {
      const found = statSync(path, { throwIfNoEntry: false });
      if (found?.isFile()) return found.size;
    }
    return undefined;
  }

  /** Removes the entry's file in both layouts; `false` when there was none. */
  remove(key: Digest): boolean {
    let removed = false;
    for (const path of this.#places(key)) {
      if (orAbsent(() => unlinkSync(path) ?? true) === true) removed = true;
    }
    return removed;
  }

  /** The keys that start with `prefix`, each once. */
  *keys(prefix = ''): Iterable<Digest> {
    const names = orAbsent(() => readdirSync(this.root)) ?? [];
    const flat = new Set<string>();
    for (const name of names) {
      if (name.startsWith(prefix) && isDigest(name)) {
        flat.add(name);
        yield name;
      }
    }
    const start = prefix.slice(0, 2);
    for (const shard of names) {
      if (!/^[0-9a-f]{2}$/.test(shard) || !shard.startsWith(start)) continue;
      for (const name of orAbsent(() => readdirSync(join(this.root, shard))) ?? []) {
        if (name.startsWith(prefix) && name.startsWith(shard) && isDigest(name) && !flat.has(name)) yield name;
      }
    }
  }
}

/** What `look` gives, or `undefined` where there is nothing to look at. */
function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
