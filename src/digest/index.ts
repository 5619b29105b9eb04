export { type CallIdentity, digestOfCall } from './call-key.js';
export { digest, digestScheme } from './digest.js';
export { D, DigestReference, isDigestReference } from './reference.js';
export { type Digest, isDigest } from './types.js';
