import { ConfigurationError } from '../errors.js';

const brand = Symbol.for('fleche.digestReference');

/**
 * Names a stored value by its digest, in full or by a prefix. A cached function that is given one as an argument gets the
 * value; its key is the same as with the value itself.
 *
 * @example
 * import { D, DigestReference } from 'fleche';
 * console.log(D('65d52a82') instanceof DigestReference); // true
 */
export class DigestReference {
  /** 4 to 64 lower-case hexadecimal characters. */
  readonly digest: string;

  constructor(digest: string) {
    this.digest = digest;
    Object.defineProperty(this, brand, { value: true });
  }

  toString(): string {
    return this.digest;
  }
}

/** Whether `value` is a {@link DigestReference}, of this copy of the package or another one. */
export function isDigestReference(value: object): value is DigestReference {
  return brand in value;
}

/**
 * Names a stored value by its digest or by the first characters of it.
 *
 * @param digest 4 to 64 hexadecimal characters.
 * @throws ConfigurationError if `digest` is anything else.
 * @example
 * import { cache, D, digest } from 'fleche';
 * const c = cache('memory');
 * c.cache.values.put(digest(3), 3);
 * console.log(cache().loadValue(D(digest(3).slice(0, 8)))); // 3
 */
export function D(digest: string): DigestReference {
  const text = String(digest).toLowerCase();
  if (!/^[0-9a-f]{4,64}$/.test(text)) {
    throw new ConfigurationError(
      `D(…) takes 4 to 64 hexadecimal characters of a digest, not ${JSON.stringify(digest)}; for the digest of a value use digest(…)`,
    );
  }
  return new DigestReference(text);
}
