import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { isFlecheError } from '../../errors.js';
import { buildNdArray, describeNdArray, type NdElements, type NdLibrary } from '../../internal/nd-array.js';
import { type NamedValue, valuesOf } from './named-value.js';

const { data } = valuesOf('n-d arrays');

/**
 * N-d arrays of the libraries that are installed where the tests run: of every type of elements, without axes, empty,
 * transposed, sliced and backwards.
 *
 * @example
 * import { digest } from 'fleche';
 * import { ndArrays } from 'fleche/testing';
 * for (const { name, make } of ndArrays()) console.log(name, digest(make()));
 */
export function ndArrays(): readonly NamedValue[] {
  const made: NamedValue[] = [];
  const add = (library: NdLibrary, dtype: string, shape: readonly number[], elements: NdElements): void => {
    const make = (): object => buildNdArray({ library, dtype, shape, elements: elements.slice() as NdElements });
    if (!isInstalled(make)) return;
    const check = (actual: unknown): void => {
      const found = describeNdArray(actual as object);
      assert.ok(found !== undefined, `not an n-d array: ${String(actual)}`);
      assert.deepStrictEqual([found.library, found.dtype, found.shape], [library, dtype, shape]);
      assert.deepStrictEqual(found.elements().slice(), elements);
    };
    made.push(data(`${library} ${dtype} ${shape.join('×') || '0-d'}`, make, { check }));
  };
  for (const [dtype, Elements] of numpyTypes) {
    const size = dtype.startsWith('complex') ? 12 : 6;
    add('numpy-ts', dtype, [2, 3], filled(Elements, size, dtype === 'bool' ? 2 : 100));
  }
  add('numpy-ts', 'float64', [5, 5], new Float64Array(25).fill(1));
  add('numpy-ts', 'float32', [2, 3, 4], filled(Float32Array, 24, 100));
  add('numpy-ts', 'int64', [3], new BigInt64Array([-1n, 0n, 2n ** 62n]));
  add('numpy-ts', 'float64', [4], new Float64Array([Number.NaN, -0, 0, Number.NEGATIVE_INFINITY]));
  add('numpy-ts', 'float64', [], new Float64Array([3.5]));
  add('numpy-ts', 'uint8', [0, 3], new Uint8Array(0));
  for (const [dtype, Elements] of scijsTypes) add('ndarray', dtype, [2, 3], filled(Elements, 6, 100));
  add('ndarray', 'int32', [4], new Int32Array([1, -2, 3, -4]));
  add('ndarray', 'float32', [2, 0], new Float32Array(0));
  add('ndarray', 'float32', [2, 3, 4], filled(Float32Array, 24, 100));
  add('@stdlib/ndarray', 'float64', [2, 2], new Float64Array([1, 2, 3, 4]));
  add('@stdlib/ndarray', 'float64', [], new Float64Array([1]));
  return [...made, ...strided()];
}

type ElementsConstructor = { from(numbers: readonly unknown[]): NdElements };

const numpyTypes: readonly (readonly [string, unknown])[] = [
  ['int8', Int8Array],
  ['uint8', Uint8Array],
  ['int16', Int16Array],
  ['uint16', Uint16Array],
  ['int32', Int32Array],
  ['uint32', Uint32Array],
  ['int64', BigInt64Array],
  ['uint64', BigUint64Array],
  ['float16', Float32Array],
  ['float32', Float32Array],
  ['float64', Float64Array],
  ['complex64', Float32Array],
  ['complex128', Float64Array],
  ['bool', Uint8Array],
];

const scijsTypes: readonly (readonly [string, unknown])[] = [
  ['int8', Int8Array],
  ['int16', Int16Array],
  ['int32', Int32Array],
  ['uint8', Uint8Array],
  ['uint8_clamped', Uint8ClampedArray],
  ['uint16', Uint16Array],
  ['uint32', Uint32Array],
  ['float32', Float32Array],
  ['float64', Float64Array],
  ['bigint64', BigInt64Array],
  ['biguint64', BigUint64Array],
];

function filled(Elements: unknown, size: number, limit: number): NdElements {
  const isBig = Elements === BigInt64Array || Elements === BigUint64Array;
  const numbers = Array.from({ length: size }, (_, i) => (i * 7 + 1) % limit);
  return (Elements as ElementsConstructor).from(isBig ? numbers.map(BigInt) : numbers);
}

/** What the arrays of both libraries can do to show the same elements in another way. */
interface Viewable {
  transpose(...axes: number[]): object;
  slice(...axes: string[]): object;
  step(...steps: number[]): object;
  lo(...starts: number[]): Viewable;
  hi(...ends: number[]): object;
}

/** Arrays whose elements do not lie one after the other: transposed, sliced, backwards. */
function strided(): readonly NamedValue[] {
  const parts = { dtype: 'float64', shape: [3, 4] };
  const numbers = (): Float64Array => Float64Array.from({ length: 12 }, (_, i) => i / 3);
  const array = (library: NdLibrary): Viewable =>
    buildNdArray({ ...parts, library, elements: numbers() }) as unknown as Viewable;
  const values = [
    data('numpy-ts, transposed', () => array('numpy-ts').transpose()),
    data('numpy-ts, every other column', () => array('numpy-ts').slice(':', '::2')),
    data('numpy-ts, backwards', () => array('numpy-ts').slice('::-1', '::-1')),
    data('numpy-ts, one row', () => array('numpy-ts').slice('1')),
    data('numpy-ts, a window', () => array('numpy-ts').slice('1:3', '1:3')),
    data('numpy-ts, one row for all', () => stretched('numpy-ts')),
    data('ndarray, one row for all', () => stretched('ndarray')),
    data('ndarray, transposed', () => array('ndarray').transpose(1, 0)),
    data('ndarray, every other column', () => array('ndarray').step(1, 2)),
    data('ndarray, backwards', () => array('ndarray').step(-1, -1)),
    data('ndarray, a window', () => array('ndarray').lo(1, 1).hi(2, 2)),
  ];
  return values.filter(({ make }) => isInstalled(make));
}

/** One row that is shown four times: with a stride of 0. */
function stretched(library: 'numpy-ts' | 'ndarray'): object {
  const elements = Float64Array.of(1, 2.5, -3);
  const row = buildNdArray({ library, dtype: 'float64', shape: [3], elements });
  if (library === 'numpy-ts') return numpy().broadcast_to(row, [4, 3]);
  const { constructor: View } = buildNdArray({ library, dtype: 'float64', shape: [1, 3], elements });
  return Reflect.construct(View, [elements, 4, 3, 0, 1, 0]) as object;
}

function numpy(): { broadcast_to(array: object, shape: readonly number[]): object } {
  return createRequire(import.meta.url)('numpy-ts') as ReturnType<typeof numpy>;
}

function isInstalled(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (isFlecheError(error, 'EngineMissing')) return false;
    throw error;
  }
}
