/**
 * fleche: a persistent cache for function calls.
 *
 * @packageDocumentation
 */
import { provideNamedCaches } from './cache/active.js';
import { Cache } from './cache/cache.js';
import { CallMemory, ValueMemory } from './storage/memory.js';
import { CallVoid, ValueVoid } from './storage/void.js';

provideNamedCaches({
  memory: () => new Cache({ values: new ValueMemory(), calls: new CallMemory() }),
  void: () => new Cache({ values: new ValueVoid(), calls: new CallVoid() }),
});

export { type CacheOrName, type CacheSwitch, cache } from './cache/active.js';
export {
  Cache,
  type DigestLike,
  type FinishedCall,
  isCache,
  type PlannedCall,
  type PreparedCall,
} from './cache/cache.js';
export type { MemberContext } from './cache/decorators.js';
export { type Cached, type FlecheDecorator, fleche, helpersOf } from './cache/fleche.js';
export type { FlecheHelpers, RestOf } from './cache/helpers.js';
export type { LazyCall } from './cache/lazy-call.js';
export { type MetadataSwitch, meta, project, tags } from './cache/metadata.js';
export type { FlecheOptions } from './cache/options.js';
export type { CallRecord, Json, Metadata } from './calls/record.js';
export { D, type Digest, DigestReference, digest, digestScheme, isDigest } from './digest/index.js';
export * from './errors.js';
export { type AnyClass, type ClassRegistration, registerClass } from './internal/class-registry.js';
export type { FunctionHost } from './internal/functions/host.js';
export { environment } from './metadata/environment.js';
export { git } from './metadata/git.js';
export type { MeasuredCall, MetadataFields, MetadataProvider } from './metadata/provider.js';
export type { CallStorage, Hit, Storage, StorageCapabilities, ValueStorage } from './storage/types.js';
