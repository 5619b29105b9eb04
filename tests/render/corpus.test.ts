import { describe, expect, test } from 'vitest';
import { previewValue } from '../../src/render/index.js';
import { ndArrays, values } from '../../src/testing/index.js';

/** Control characters of C0 and C1, line separators, and what turns the direction of text. */
const raw = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe('the preview of every value of the corpus', () => {
  test.each([...values, ...ndArrays()].map(({ name, make }) => [name, make] as const))('%s', (_, make) => {
    for (const limit of [60, 20]) {
      const preview = previewValue(make(), limit);
      expect(preview).not.toBe('');
      expect([...preview].length).toBeLessThanOrEqual(limit);
      expect(preview).not.toMatch(raw);
    }
  });

  test('runs no getter and no code of the value', () => {
    const untouchable = new Proxy({}, { get: () => expect.unreachable(), ownKeys: () => expect.unreachable() });
    expect(() => previewValue({ untouchable })).not.toThrow();
  });
});
