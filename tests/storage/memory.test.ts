import { describe, test } from 'vitest';
import { CallMemory, ValueMemory } from '../../src/storage/memory.js';
import { CallVoid, ValueVoid } from '../../src/storage/void.js';
import { callStorageContract, valueStorageContract } from '../../src/testing/index.js';

describe('ValueMemory', () => valueStorageContract({ test, open: () => new ValueMemory() }));
describe('ValueVoid', () => valueStorageContract({ test, open: () => new ValueVoid() }));
describe('CallMemory', () => callStorageContract({ test, open: () => new CallMemory() }));
describe('CallVoid', () => callStorageContract({ test, open: () => new CallVoid() }));
