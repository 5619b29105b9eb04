/** What the tests of pickle files share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach } from 'vitest';
import { type Digest, digest, isFlecheError } from '../../../src/index.js';

/** Where `import 'fleche'` finds the package as it is built. */
export const repository: string = fileURLToPath(new URL('../../..', import.meta.url));

export const key: Digest = digest('key');

/** Gives each test a directory of its own. */
export function ownDirectory(): { readonly path: string } {
  const directory = { path: '' };
  beforeEach(() => {
    directory.path = mkdtempSync(join(tmpdir(), 'fleche-pickle-'));
  });
  afterEach(() => rmSync(directory.path, { recursive: true, force: true }));
  return directory;
}

/** What `body` throws, as `tag: message`. */
export function reason(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    return isFlecheError(error) ? `${error.tag}: ${error.message}` : `other: ${String(error)}`;
  }
  return 'nothing thrown';
}
