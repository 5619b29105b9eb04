import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ndarray from 'ndarray';
import * as np from 'numpy-ts';
import { afterAll, describe, expect, it } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { buildNdArray, describeNdArray, type NdArray, type NdElements } from '../../src/internal/nd-array.js';

/** The description of `value`, which must be an array. */
function described(value: object): NdArray {
  const description = describeNdArray(value);
  if (description === undefined) throw new Error('not recognised as an n-d array');
  return description;
}

/** Takes `value` apart, as a storage does, and puts it together again from parts that share no memory with it. */
function roundTrip(value: object): object {
  const { library, dtype, shape, elements } = described(value);
  return buildNdArray({ library, dtype, shape, elements: elements().slice() as NdElements });
}

/** Every index of an array of this shape, in C order. */
function* indices(shape: readonly number[]): Generator<number[]> {
  const [length, ...rest] = shape;
  if (length === undefined) {
    yield [];
    return;
  }
  for (let i = 0; i < length; i += 1) for (const tail of indices(rest)) yield [i, ...tail];
}

interface Readable {
  readonly shape: readonly number[];
  get(...index: number[]): unknown;
}
/** The elements as the library itself reads them, in C order. */
function read(array: object): unknown[] {
  const readable = array as Readable;
  return [...indices(readable.shape)].map((index) => readable.get(...index));
}
function readNumpy(array: np.NDArray): unknown[] {
  return [...indices(array.shape)].map((index) => array.get(index));
}

describe('numpy-ts', () => {
  const base = np.arange(0, 24).reshape([2, 3, 4]);
  const shapes: Record<string, np.NDArray> = {
    'C order': base,
    transposed: base.T,
    'axes swapped': np.transpose(base, [1, 0, 2]),
    'every second column': base.slice(':', ':', '::2'),
    'reversed rows': base.slice(':', '::-1'),
    'reversed, one axis': np.arange(0, 5).slice('::-1'),
    'one slab at an offset, contiguous': base.slice('1'),
    'the first slab, contiguous, of longer data': base.slice('0'),
    broadcast: np.broadcast_to(np.array([1, 2, 3]), [2, 3]),
    'no elements': np.zeros([0, 3]),
    'no elements, length 0 last': np.zeros([3, 0]),
    'no axes': np.array(7),
    'special numbers': np.array([-0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]),
  };
  it.each(Object.entries(shapes))('%s', (_name, array) => {
    const copy = roundTrip(array) as np.NDArray;
    expect(copy).toBeInstanceOf(np.NDArray);
    expect([...copy.shape]).toEqual([...array.shape]);
    expect(copy.dtype).toBe(array.dtype);
    const expected = readNumpy(array);
    expect(readNumpy(copy)).toEqual(expected);
    expect([...(described(array).elements() as Float64Array)]).toEqual(expected);
  });

  const dtypes: Record<
    string,
    { dtype: NonNullable<Parameters<typeof np.array>[1]>; values: unknown[]; raw: NdElements }
  > = {
    int8: { dtype: 'int8', values: [-128, 127], raw: new Int8Array([-128, 127]) },
    uint8: { dtype: 'uint8', values: [0, 255], raw: new Uint8Array([0, 255]) },
    int16: { dtype: 'int16', values: [-32768, 32767], raw: new Int16Array([-32768, 32767]) },
    uint16: { dtype: 'uint16', values: [0, 65535], raw: new Uint16Array([0, 65535]) },
    int32: { dtype: 'int32', values: [-(2 ** 31), 2 ** 31 - 1], raw: new Int32Array([-(2 ** 31), 2 ** 31 - 1]) },
    uint32: { dtype: 'uint32', values: [0, 2 ** 32 - 1], raw: new Uint32Array([0, 2 ** 32 - 1]) },
    int64: {
      dtype: 'int64',
      values: [-(2n ** 63n), 2n ** 63n - 1n],
      raw: new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]),
    },
    uint64: { dtype: 'uint64', values: [0n, 2n ** 64n - 1n], raw: new BigUint64Array([0n, 2n ** 64n - 1n]) },
    float16: { dtype: 'float16', values: [0.5, -2], raw: new Float32Array([0.5, -2]) },
    float32: { dtype: 'float32', values: [0.5, -2], raw: new Float32Array([0.5, -2]) },
    float64: { dtype: 'float64', values: [0.1, -2], raw: new Float64Array([0.1, -2]) },
    bool: { dtype: 'bool', values: [1, 0], raw: new Uint8Array([1, 0]) },
    complex64: {
      dtype: 'complex64',
      values: [new np.Complex(1, -2), new np.Complex(0.5, 3)],
      raw: new Float32Array([1, -2, 0.5, 3]),
    },
    complex128: {
      dtype: 'complex128',
      values: [new np.Complex(1, -2), new np.Complex(0.1, 3)],
      raw: new Float64Array([1, -2, 0.1, 3]),
    },
  };
  it.each(Object.entries(dtypes))('dtype %s', (_name, { dtype, values, raw }) => {
    const array = np.array(values, dtype);
    expect(described(array)).toMatchObject({ library: 'numpy-ts', dtype, shape: [2] });
    expect(described(array).elements()).toEqual(raw);
    const copy = roundTrip(array) as np.NDArray;
    expect(copy.dtype).toBe(dtype);
    // float16 lies in a Float16Array where Node.js has one.
    expect(copy.data).toEqual(dtype === 'float16' ? array.data : raw);
    expect(readNumpy(copy)).toEqual(readNumpy(array));
  });

  it('complex numbers stay pairs when strides reorder them', () => {
    const array = np.array([new np.Complex(1, 2), new np.Complex(3, 4), new np.Complex(5, 6)]).slice('::-1');
    expect(described(array).elements()).toEqual(new Float64Array([5, 6, 3, 4, 1, 2]));
    expect(readNumpy(roundTrip(array) as np.NDArray)).toEqual(readNumpy(array));
  });

  it('an array that comes back has memory of its own', () => {
    const array = np.ones([2, 2]);
    const copy = roundTrip(array) as np.NDArray;
    copy.set([0, 0], 9);
    expect(array.get([0, 0])).toBe(1);
  });
});

describe('ndarray', () => {
  const base = ndarray(
    Float32Array.from({ length: 24 }, (_, i) => i),
    [2, 3, 4],
  );
  const arrays: Record<string, object> = {
    'C order': base,
    transposed: base.transpose(2, 0, 1),
    'stepped and reversed': base.step(1, -1, 2),
    'a corner at an offset': base.lo(1, 1, 1),
    'a corner at the origin': base.hi(1, 2, 2),
    'one slab, contiguous, at an offset': base.pick(1, null, null),
    'no axes': ndarray(new Float64Array([1, 2, 3])).pick(1),
    'no elements': ndarray(new Int8Array(0), [0, 2]),
    'explicit strides, overlapping': ndarray(new Int16Array([1, 2, 3, 4]), [3, 2], [1, 1], 0),
    'an axis of length 1 with an odd stride': ndarray(new Int16Array([1, 2, 3, 4]), [1, 4], [99, 1], 0),
  };
  it.each(Object.entries(arrays))('%s', (_name, array) => {
    const copy = roundTrip(array) as typeof base;
    expect(copy.constructor.name).toBe(array.constructor.name);
    expect(copy.shape).toEqual((array as typeof base).shape);
    expect(copy.dtype).toBe((array as typeof base).dtype);
    expect(read(copy)).toEqual(read(array));
  });

  const kinds = [
    new Int8Array([1, -1]),
    new Uint8Array([1, 255]),
    new Uint8ClampedArray([1, 255]),
    new Int16Array([1, -1]),
    new Uint16Array([1, 65535]),
    new Int32Array([1, -1]),
    new Uint32Array([1, 2 ** 32 - 1]),
    new Float32Array([0.5, -1]),
    new Float64Array([0.1, -1]),
    new BigInt64Array([1n, -(2n ** 63n)]),
    new BigUint64Array([1n, 2n ** 64n - 1n]),
  ];
  it.each(kinds.map((data) => [data.constructor.name, data] as const))('%s', (_name, data) => {
    // Reversed, so that the elements have to be gathered and are not the array's own memory.
    const array = ndarray(data as Float64Array, [2], [-1], 1);
    const copy = roundTrip(array) as typeof array;
    expect(copy.dtype).toBe(array.dtype);
    expect(copy.data).toEqual(data.slice().reverse());
  });

  it('plain lists as data are none of ours', () => {
    expect(describeNdArray(ndarray([1, 2, 3]))).toBeUndefined();
  });
});

describe('what only looks like an array', () => {
  it.each([
    ['a plain object', { data: new Float64Array(1), shape: [1] }],
    ['no prototype', Object.assign(Object.create(null), { data: new Float64Array(1), shape: [1] })],
    [
      'a class of the user',
      new (class View {
        data = new Float64Array(1);
        shape = [1];
      })(),
    ],
  ])('%s', (_name, value) => {
    expect(describeNdArray(value as object)).toBeUndefined();
  });
});

const stdlib = process.env.FLECHE_STDLIB_NDARRAY;
const missing = 'FLECHE_STDLIB_NDARRAY names no node_modules with @stdlib/ndarray (437 MB, so no dependency of ours)';

interface StdlibArray extends Readable {
  readonly data: NdElements;
  readonly dtype: unknown;
  readonly order: string;
}
type StdlibConstructor = new (...parameters: unknown[]) => StdlibArray;

describe('@stdlib/ndarray', () => {
  const before = process.cwd();
  afterAll(() => process.chdir(before));

  it('says what to install where it is missing', () => {
    let caught: unknown;
    try {
      buildNdArray({ library: '@stdlib/ndarray', dtype: 'float64', shape: [1], elements: new Float64Array(1) });
    } catch (error) {
      caught = error;
    }
    expect(isFlecheError(caught, 'EngineMissing') && caught.install).toBe('npm install @stdlib/ndarray');
  });

  it('comes back whole, whatever its strides, order and dtype', (context) => {
    if (stdlib === undefined) return context.skip(missing);
    // Libraries of the user are looked up from where they work.
    process.chdir(dirname(stdlib));
    const Ctor: StdlibConstructor = createRequire(join(stdlib, 'here.js'))('@stdlib/ndarray/ctor');
    const six = Float64Array.from({ length: 6 }, (_, i) => i + 0.1);
    const arrays: StdlibArray[] = [
      new Ctor('float64', six, [2, 3], [3, 1], 0, 'row-major'),
      new Ctor('float64', six, [2, 3], [1, 2], 0, 'column-major'),
      new Ctor('float64', six, [2, 2], [-3, 2], 3, 'row-major'),
      new Ctor('float64', six, [2], [1], 3, 'row-major'),
      new Ctor('float64', six, [], [0], 4, 'row-major'),
      new Ctor('float64', new Float64Array(0), [0, 2], [2, 1], 0, 'row-major'),
      new Ctor('float32', new Float32Array([0.5, 2]), [2], [1], 0, 'row-major'),
      new Ctor('int8', new Int8Array([-1, 2]), [2], [1], 0, 'row-major'),
      new Ctor('uint8', new Uint8Array([255, 2]), [2], [1], 0, 'row-major'),
      new Ctor('uint8c', new Uint8ClampedArray([255, 2]), [2], [1], 0, 'row-major'),
      new Ctor('int16', new Int16Array([-1, 2]), [2], [1], 0, 'row-major'),
      new Ctor('uint16', new Uint16Array([65535, 2]), [2], [1], 0, 'row-major'),
      new Ctor('int32', new Int32Array([-1, 2]), [2], [1], 0, 'row-major'),
      new Ctor('uint32', new Uint32Array([1, 2]), [2], [1], 0, 'row-major'),
    ];
    for (const array of arrays) {
      const copy = roundTrip(array) as StdlibArray;
      expect(copy).toBeInstanceOf(Ctor);
      expect(copy.shape).toEqual(array.shape);
      expect(String(copy.dtype)).toBe(String(array.dtype));
      expect(copy.data.constructor).toBe(array.data.constructor);
      expect(read(copy)).toEqual(read(array));
    }
  });
});
