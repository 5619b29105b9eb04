import { createHash } from 'node:crypto';
import type { CallRecord } from '../../../src/calls/record.js';
import type { Digest } from '../../../src/digest/types.js';

/** The digest of a text, as a key. */
export function keyOf(text: string): Digest {
  return createHash('sha256').update(text).digest('hex') as Digest;
}

/** A record that differs from one `name` to the next. */
export function recordOf(name: string): CallRecord {
  return {
    name,
    module: 'module',
    version: null,
    codeDigest: null,
    arguments: { b: keyOf(`${name} b`), a: keyOf(`${name} a`) },
    result: keyOf(`${name} result`),
    metadata: { runtime: { walltime: 0.5 } },
    scheme: 'test-scheme',
  };
}
