declare const digestBrand: unique symbol;

/** A SHA-256 digest in 64 lower-case hexadecimal characters. */
export type Digest = string & { readonly [digestBrand]: true };

const full = /^[0-9a-f]{64}$/;

/**
 * Whether `text` has the form of a full digest.
 *
 * @example
 * import { digest, isDigest } from 'fleche';
 * console.log(isDigest(digest(3)), isDigest('65d52a82')); // true false
 */
export function isDigest(text: string): text is Digest {
  return full.test(text);
}
