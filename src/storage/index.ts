export { CallMemory, ValueMemory } from './memory.js';
export type { CallStorage, Hit, Storage, StorageCapabilities, ValueStorage } from './types.js';
export { CallVoid, ValueVoid } from './void.js';
