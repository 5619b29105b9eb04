import assert from 'node:assert/strict';
import { Comparison } from './comparison/comparison.js';

/**
 * Asserts that two values are the same to every observer: of the same kinds and classes, with the same content in the
 * same order, -0 told from 0 and holes from `undefined`, with the same properties down to what is hidden, read-only or
 * frozen, with the same private fields, the same shape of shared references, cycles and views on one memory. Functions are
 * the same when their text and all that they capture are; classes likewise, so that a class that was read from a file is the
 * same as the one that was written.
 *
 * What does not count: the text of an error's stack, the memory around a view that it does not show, and the strides of an
 * n-d array.
 *
 * @throws AssertionError with the path to the first difference. What nobody can read (a promise, a WeakMap) is only the
 * same as itself.
 * @example
 * import { assertSame } from 'fleche/testing';
 * assertSame(structuredClone(new Map([[1, [2]]])), new Map([[1, [2]]]));
 */
export function assertSame(actual: unknown, expected: unknown): void {
  const difference = new Comparison().difference(actual, expected);
  if (difference !== undefined) assert.fail(difference);
}
