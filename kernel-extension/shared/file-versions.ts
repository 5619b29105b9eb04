/** What the user's files hold, told from what they held before: a change of the same size in the same moment counts. */
import { createHash } from 'node:crypto';
import { readFileSync, type Stats, statSync } from 'node:fs';

/**
 * The coarsest clock of a file system, FAT's, has steps of 2 s. What was read so soon after it was written may have been
 * written again in the same step.
 */
const STEP_MS = 2000;

/** A file at one moment. */
export interface FileContent {
  readonly text: string;
  readonly version: string;
}

interface Known {
  readonly stamp: string;
  readonly version: string;
  /** Whether whoever writes to the file cannot but change its stamp. */
  readonly isSettled: boolean;
}

/** Tells versions of files apart by what is in them, and reads only those that may have changed. */
export class FileVersions {
  readonly #known = new Map<string, Known>();

  /** A digest of what the file holds; `undefined`: there is no such file. */
  of(name: string): string | undefined {
    const stats = statSync(name, { throwIfNoEntry: false });
    const known = this.#known.get(name);
    if (known?.isSettled && stats !== undefined && known.stamp === stampOf(stats)) return known.version;
    return this.#taken(name)?.version;
  }

  /** What the file holds and the version of just that; `undefined`: there is no such file. */
  read(name: string): FileContent | undefined {
    const taken = this.#taken(name);
    return taken && { text: decoded(taken.bytes), version: taken.version };
  }

  #taken(name: string): { readonly bytes: Buffer; readonly version: string } | undefined {
    const stats = statSync(name, { throwIfNoEntry: false });
    const now = Date.now();
    const bytes = stats?.isFile() ? contentOf(name) : undefined;
    if (stats === undefined || bytes === undefined) {
      this.#known.delete(name);
      return undefined;
    }
    const version = createHash('sha256').update(bytes).digest('base64');
    const isSettled = now - Math.max(stats.mtimeMs, stats.ctimeMs) > STEP_MS;
    this.#known.set(name, { stamp: stampOf(stats), version, isSettled });
    return { bytes, version };
  }
}

/** Editors put a new file in place of the old one, and some programs set its time back. */
function stampOf({ mtimeMs, ctimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
}

function contentOf(name: string): Buffer | undefined {
  try {
    return readFileSync(name);
  } catch {
    // It has gone in this moment, or nobody may read it.
    return undefined;
  }
}

/** As TypeScript reads files: the mark at the beginning tells of UTF-16. */
function decoded(bytes: Buffer): string {
  const mark = bytes.toString('latin1', 0, 2);
  const encoding = mark === '\xff\xfe' ? 'utf-16le' : mark === '\xfe\xff' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}
