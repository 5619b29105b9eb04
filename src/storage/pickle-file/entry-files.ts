import { closeSync, existsSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, isDigest } from '../../digest/index.js';
import { ConfigurationError } from '../../errors.js';
import { removeFile } from '../../internal/atomic-file.js';

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
    return this.#places(key)[0];
  }

  /** Where an entry may be: where a new one goes, then where the other layout has it. */
  #places(key: Digest): readonly [string, string] {
    // A key is a part of a path: nothing else than a digest must get there.
    if (!isDigest(key)) throw new ConfigurationError(`${JSON.stringify(key)} is no digest, so no entry has it as key`);
    const flat = join(this.root, key);
    const sharded = join(this.root, key.slice(0, 2), key);
    return this.#shard === 0 ? [flat, sharded] : [sharded, flat];
  }

  /** Removes what the other layout has under `key`, which is out of date once a new entry is in its place. */
  removeOutdated(key: Digest): void {
    const [, there] = this.#places(key);
    if (existsSync(there)) removeFile(there);
  }

  /** Lets `use` read the entry's file; `undefined` when there is none. */
  read<T>(key: Digest, use: (descriptor: number, path: string) => T): T | undefined {
    for (const path of this.#places(key)) {
      const descriptor = orAbsent(() => openSync(path, 'r'));
      if (descriptor === undefined) continue;
      try {
        return use(descriptor, path);
      } finally {
        closeSync(descriptor);
      }
    }
    return undefined;
  }

  /** The size of the entry's file in bytes; `undefined` when there is none. */
  sizeBytes(key: Digest): number | undefined {
    for (const path of this.#places(key)) {
      const found = orAbsent(() => statSync(path, { throwIfNoEntry: false }));
      if (found?.isFile()) return found.size;
    }
    return undefined;
  }

  /**
   * Removes the entry's file in both layouts; `false` when there was none.
   *
   * @throws RejectedError if the disk takes no changes.
   */
  remove(key: Digest): boolean {
    const [here, there] = this.#places(key);
    const removedThere = removeFile(there);
    return removeFile(here) || removedThere;
  }

  /** The keys that start with `prefix`, each once. */
  *keys(prefix = ''): Iterable<Digest> {
    const names = namesIn(this.root);
    const shards = names.filter((name) => /^[0-9a-f]{2}$/.test(name) && name.startsWith(prefix.slice(0, 2)));
    const flat = names.filter((name): name is Digest => name.startsWith(prefix) && isDigest(name));
    yield* flat;
    if (shards.length === 0) return;
    const seen = new Set(flat);
    for (const shard of shards) {
      for (const name of namesIn(join(this.root, shard))) {
        if (name.startsWith(shard) && name.startsWith(prefix) && isDigest(name) && !seen.has(name)) yield name;
      }
    }
  }
}

/** The names in a directory, none when there is no such directory. */
function namesIn(directory: string): readonly string[] {
  try {
    return orAbsent(() => readdirSync(directory)) ?? [];
  } catch (cause) {
    throw new ConfigurationError(`the entries of a storage cannot be listed: ${(cause as Error).message}`, { cause });
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
