import assert from 'node:assert/strict';

/**
 * Asserts that two values are the same to every observer: strictly and deeply equal, -0 told from 0, holes from
 * `undefined`, with the same keys in the same order, and the same shape of shared references and cycles.
 *
 * @example
 * import { assertSame } from 'fleche/testing';
 * assertSame(structuredClone(new Map([[1, [2]]])), new Map([[1, [2]]]));
 */
export function assertSame(actual: unknown, expected: unknown): void {
  assert.deepStrictEqual(actual, expected);
  compareStructure(actual, expected);
}

/** What `deepStrictEqual` lets pass: the order of keys, and which references are one. */
function compareStructure(actual: unknown, expected: unknown): void {
  const partner = new Map<object, object>();
  const work: [unknown, unknown, string][] = [[actual, expected, 'value']];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [left, right, path] = next;
    if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) continue;
    const known = partner.get(left);
    if (known !== undefined) {
      assert.ok(known === right, `${path}: one object where the other has two`);
      continue;
    }
    partner.set(left, right);
    // Small Buffers share a pool of Node's: which of them do is not part of the value.
    if (Buffer.isBuffer(left)) continue;
    if (ArrayBuffer.isView(left)) {
      work.push([left.buffer, (right as ArrayBufferView).buffer, `${path}.buffer`]);
      continue;
    }
    const keys = Object.keys(left);
    assert.deepEqual(keys, Object.keys(right), `${path}: the order of keys`);
    for (const key of keys) {
      const property = Object.getOwnPropertyDescriptor(left, key);
      if (property !== undefined && 'value' in property) {
        work.push([property.value, (right as Record<string, unknown>)[key], `${path}.${key}`]);
      }
    }
    if (left instanceof Map) {
      work.push([[...left], [...(right as Map<unknown, unknown>)], `${path} entries`]);
    } else if (left instanceof Set) {
      work.push([[...left], [...(right as Set<unknown>)], `${path} members`]);
    }
  }
  assert.equal(new Set(partner.values()).size, partner.size, 'two objects where the other has one');
}
