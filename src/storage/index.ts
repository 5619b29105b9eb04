export { registerSerializer } from '../serializers/registry.js';
export type { ByteSource, Serializer } from '../serializers/types.js';
export {
  type BagOfHoldingH5FileOptions,
  CallBagOfHoldingH5File,
  ValueBagOfHoldingH5File,
} from './bag-of-holding-h5/bag-of-holding-h5-file.js';
export { CallMemory, ValueMemory } from './memory.js';
export { CallPickleFile, type PickleFileOptions, ValuePickleFile } from './pickle-file/pickle-file.js';
export { Sql, type SqlOptions } from './sql/sql.js';
export type { CallStorage, Hit, Storage, StorageCapabilities, ValueStorage } from './types.js';
export { CallVoid, ValueVoid } from './void.js';
