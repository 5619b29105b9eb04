import { isDigest } from '../digest/index.js';
import type { CallRecord } from './record.js';

/**
 * Takes what a storage read for a call record, or says what is missing for it to be one. The check is that of the
 * boundary: behind it everybody relies on the type.
 *
 * @returns the record, or a text that says what is wrong with it.
 */
export function parseCallRecord(value: unknown): CallRecord | string {
  if (!isObject(value)) return 'it holds no call record';
  const { name, module, version, codeDigest, result, metadata, scheme } = value;
  if (typeof name !== 'string') return 'the name of the call is no text';
  if (module !== null && typeof module !== 'string') return 'the module of the call is no text';
  if (version !== null && typeof version !== 'string' && typeof version !== 'number') {
    return 'the version of the call is neither text nor number';
  }
  if (!isDigestOrNull(codeDigest)) return 'the code digest of the call is no digest';
  if (!isDigestOrNull(result)) return 'the result of the call is no digest';
  if (!isObject(value.arguments)) return 'the arguments of the call are missing';
  for (const [argument, digest] of Object.entries(value.arguments)) {
    if (typeof digest !== 'string' || !isDigest(digest)) return `the argument ${argument} of the call is no digest`;
  }
  if (!isObject(metadata) || !Object.values(metadata).every(isObject)) return 'the metadata of the call are missing';
  if (typeof scheme !== 'string') return 'the digest scheme of the call is missing';
  return value as unknown as CallRecord;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDigestOrNull(value: unknown): boolean {
  return value === null || (typeof value === 'string' && isDigest(value));
}
