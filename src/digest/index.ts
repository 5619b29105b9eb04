export { type CallIdentity, digest, digestOfCall, digestScheme } from './digest.js';
export { D, DigestReference, isDigestReference } from './reference.js';
export { type Digest, isDigest } from './types.js';
