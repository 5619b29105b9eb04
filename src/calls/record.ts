import type { Digest } from '../digest/types.js';

/** What JSON can hold: the type of metadata. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Metadata of a call by namespace: `{ runtime: { walltime: 0.4 } }`. */
export type Metadata = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/**
 * What a call storage holds of one call: who was called, with what, and what came of it. Arguments and result are
 * digests of values that a value storage holds. The fields are those of the Python library's `DigestedCall`; `scheme`
 * is ours: the id of the digest scheme that made the digests (`python` for records that the Python library wrote).
 */
export interface CallRecord {
  readonly name: string;
  /** The module that defines the function; `null` where it has none that stays the same. */
  readonly module: string | null;
  readonly version: string | number | null;
  /** The digest of the function's code; `null` when code is not part of the key. */
  readonly codeDigest: Digest | null;
  /** The digests of the arguments by parameter name, in the order of the parameters. */
  readonly arguments: Readonly<Record<string, Digest>>;
  readonly result: Digest | null;
  readonly metadata: Metadata;
  readonly scheme: string;
}
