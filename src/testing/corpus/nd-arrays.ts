import assert from 'node:assert/strict';
import { isFlecheError } from '../../errors.js';
import { buildNdArray, describeNdArray, type NdElements, type NdLibrary } from '../../internal/nd-array.js';
import { type NamedValue, valuesOf } from './named-value.js';

/** N-d arrays of the libraries that are installed where the tests run. */
export function ndArrays(): readonly NamedValue[] {
  const made: NamedValue[] = [];
  const add = (library: NdLibrary, dtype: string, shape: readonly number[], elements: NdElements): void => {
    const make = (): object => buildNdArray({ library, dtype, shape, elements: elements.slice() as NdElements });
    try {
      make();
    } catch (error) {
      if (isFlecheError(error, 'EngineMissing')) return;
      throw error;
    }
    const check = (actual: unknown): void => {
      const found = describeNdArray(actual as object);
      assert.ok(found !== undefined, `not an n-d array: ${String(actual)}`);
      assert.deepStrictEqual([found.library, found.dtype, found.shape], [library, dtype, shape]);
      assert.deepStrictEqual(found.elements().slice(), elements);
    };
    made.push(valuesOf('n-d arrays').data(`${library} ${dtype} ${shape.join('×') || '0-d'}`, make, { check }));
  };
  add('numpy-ts', 'float64', [5, 5], new Float64Array(25).fill(1));
  add(
    'numpy-ts',
    'float32',
    [2, 3, 4],
    Float32Array.from({ length: 24 }, (_, i) => i / 3),
  );
  add('numpy-ts', 'int64', [3], new BigInt64Array([-1n, 0n, 2n ** 62n]));
  add('numpy-ts', 'bool', [2, 2], new Uint8Array([1, 0, 0, 1]));
  add('numpy-ts', 'complex128', [2], new Float64Array([1, 2, 3, -4]));
  add('numpy-ts', 'float16', [2], new Float32Array([1.5, -2]));
  add('numpy-ts', 'float64', [], new Float64Array([3.5]));
  add('numpy-ts', 'uint8', [0, 3], new Uint8Array(0));
  add('ndarray', 'float64', [2, 3], new Float64Array([1, 2, 3, 4, 5, 6]));
  add('ndarray', 'int32', [4], new Int32Array([1, -2, 3, -4]));
  add('@stdlib/ndarray', 'float64', [2, 2], new Float64Array([1, 2, 3, 4]));
  return made;
}
