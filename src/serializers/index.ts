/** Turning values into bytes and back. */
export { type Flat, flatten, refused, restore, restoreHere, withPathPrefix } from './graph.js';
export { cloudpickle, dill, pickle } from './ladder.js';
export { registerSerializer, serializerNamed } from './registry.js';
export type { Rung } from './rungs.js';
export type { ByteSource, Serializer } from './types.js';
