import { afterEach, beforeEach, vi } from 'vitest';
import { Cache } from '../../src/index.js';
import { CallMemory, ValueMemory } from '../../src/storage/index.js';

/** A cache in memory that nobody else uses. */
export const fresh = (): Cache => new Cache({ values: new ValueMemory(), calls: new CallMemory() });

/** Collects the warnings of each test of the file. */
export function collectWarnings(): string[] {
  const warnings: string[] = [];
  beforeEach(() => {
    warnings.length = 0;
    vi.spyOn(process, 'emitWarning').mockImplementation((message) => void warnings.push(String(message)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return warnings;
}
