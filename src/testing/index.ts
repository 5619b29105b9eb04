export { callStorageContract } from './call-storage-contract.js';
export type { ContractOptions, TestFunction } from './contract.js';
export { type NamedValue, ndArrays, values } from './corpus/index.js';
export { assertSame } from './same.js';
export { valueStorageContract } from './value-storage-contract.js';
