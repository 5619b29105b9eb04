/**
 * N-dimensional arrays of the libraries that notebooks use, seen through one interface: recognised by their shape, so
 * that none of the libraries is loaded by us before a stored array of its kind comes back.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EngineMissingError } from '../errors.js';

/** The libraries whose arrays come back as what they were. The names are written to disk: they are permanent. */
export type NdLibrary = 'numpy-ts' | 'ndarray' | '@stdlib/ndarray';

/** The elements of an array: raw, in C order; complex numbers as pairs of real and imaginary part. */
export type NdElements =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** An n-d array, whoever made it. */
export interface NdArray {
  readonly library: NdLibrary;
  /** The library's own name for the type of the elements: `float64`, `complex128`, `bool`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /**
   * The visible elements in C order. This may be a view onto the array's own memory: copy it before anything else runs.
   * (A numpy-ts array lies in a WebAssembly memory of 256 MB that all arrays share; its buffer is never ours to keep.)
   */
  elements(): NdElements;
}

/** Describes `value` as an n-d array, or returns `undefined` when it is none that we know. */
export function describeNdArray(value: object): NdArray | undefined {
  // Every kind of array has `data` and `shape` somewhere; plain data almost never reaches the detailed checks.
  if (!hasDataAndShape(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return undefined;
  return describeNumpy(value) ?? describeNdarray(value) ?? describeStdlib(value);
}

function hasDataAndShape(value: object): boolean {
  try {
    return 'shape' in value && 'data' in value;
  } catch {
    // A proxy that was revoked, or whose handler throws.
    return false;
  }
}

/**
 * Makes an array of `library` again. The elements are copied where the library has memory of its own, else adopted.
 *
 * @throws EngineMissingError if the library is not installed where we run.
 */
export function buildNdArray(parts: {
  library: NdLibrary;
  dtype: string;
  shape: readonly number[];
  elements: NdElements;
}): object {
  const { library, dtype, elements } = parts;
  const shape = [...parts.shape];
  switch (library) {
    case 'numpy-ts': {
      const array = (load('numpy-ts') as NumpyModule).empty(shape, dtype);
      (array.data as Float64Array).set(elements as Float64Array);
      return array;
    }
    case 'ndarray':
      return (load('ndarray') as NdarrayModule)(elements, shape);
    case '@stdlib/ndarray': {
      const Constructor = load('@stdlib/ndarray/ctor') as StdlibConstructor;
      // It wants one stride, of 0, where there are no axes.
      const strides = shape.length === 0 ? [0] : cStrides(shape);
      return new Constructor(dtype, elements, shape, strides, 0, 'row-major');
    }
  }
}

/** Whether these are numbers of 16 bits, which newer versions of V8 have. */
function isHalves(data: unknown): data is ArrayLike<number> {
  return ArrayBuffer.isView(data) && Object.prototype.toString.call(data) === '[object Float16Array]';
}

interface NumpyArray {
  readonly _storage: { readonly _offset: number };
  readonly data: unknown;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly flags: { readonly C_CONTIGUOUS: boolean };
  copy(): NumpyArray;
}
interface NumpyModule {
  empty(shape: readonly number[], dtype: string): NumpyArray;
}

function describeNumpy(value: object): NdArray | undefined {
  if (!('_storage' in value && 'flags' in value && 'tobytes' in value)) return undefined;
  const array = value as unknown as NumpyArray;
  const { dtype, shape } = array;
  if (typeof dtype !== 'string' || !(isElements(array.data) || isHalves(array.data))) return undefined;
  return {
    library: 'numpy-ts',
    dtype,
    shape: [...shape],
    elements: () => {
      // A view may be C-contiguous and still be a window onto longer data; then only the copy is the array.
      const length = array.size * (dtype.startsWith('complex') ? 2 : 1);
      const data = array.data as NdElements;
      const whole = array.flags.C_CONTIGUOUS && array._storage._offset === 0 && data.length === length;
      const elements = whole ? data : (array.copy().data as NdElements);
      // So they are kept where the language has no numbers of 16 bits, and both must be the same to everybody.
      return isHalves(elements) ? Float32Array.from(elements) : elements;
    },
  };
}

/** scijs `ndarray`: its classes are generated and named `View2dfloat64`. */
interface ScijsArray {
  readonly data: unknown;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly dtype: string;
}
type NdarrayModule = (elements: NdElements, shape: readonly number[]) => object;

function describeNdarray(value: object): NdArray | undefined {
  if (!/^View\d+d/.test(value.constructor?.name ?? '') || !('offset' in value)) return undefined;
  const array = value as unknown as ScijsArray;
  const { data } = array;
  if (!isElements(data)) return undefined;
  const shape = [...array.shape];
  const strides = shape.length === 0 ? [] : [...array.stride];
  return {
    library: 'ndarray',
    dtype: array.dtype,
    shape,
    elements: () => gather(data, shape, strides, array.offset),
  };
}

interface StdlibArray {
  readonly data: unknown;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly order: string;
  readonly dtype: unknown;
}
type StdlibConstructor = new (
  dtype: string,
  buffer: NdElements,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  order: string,
) => object;

function describeStdlib(value: object): NdArray | undefined {
  if (!('strides' in value && 'offset' in value && 'order' in value && 'dtype' in value)) return undefined;
  const array = value as unknown as StdlibArray;
  const { data } = array;
  if (!isElements(data) || (array.order !== 'row-major' && array.order !== 'column-major')) return undefined;
  const shape = [...array.shape];
  const strides = shape.length === 0 ? [] : [...array.strides];
  return {
    library: '@stdlib/ndarray',
    dtype: String(array.dtype),
    shape,
    elements: () => gather(data, shape, strides, array.offset),
  };
}

/** The elements that strides make visible, in C order: the array's own memory when they lie there so, else a copy. */
function gather(data: NdElements, shape: readonly number[], strides: readonly number[], offset: number): NdElements {
  const size = shape.reduce((product, length) => product * length, 1);
  const contiguous = cStrides(shape);
  if (shape.every((length, axis) => length <= 1 || strides[axis] === contiguous[axis]) || size === 0) {
    return size === 0 ? data.subarray(0, 0) : data.subarray(offset, offset + size);
  }
  const Elements = data.constructor as new (length: number) => Float64Array;
  const gathered = new Elements(size);
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < size; i += 1) {
    gathered[i] = data[at] as number;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      const stride = strides[axis] as number;
      const next = (index[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        at += stride;
        break;
      }
      at -= stride * (next - 1);
      index[axis] = 0;
    }
  }
  return gathered;
}

function cStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    strides[axis] = step;
    step *= shape[axis] as number;
  }
  return strides;
}

function isElements(data: unknown): data is NdElements {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

const loaded = new Map<string, unknown>();

/**
 * Loads a library of the user's: from where they work, else from beside us. `require`, since storages are synchronous;
 * for a package with one build it gives the very module that `import` gives.
 */
function load(specifier: string): unknown {
  const known = loaded.get(specifier);
  if (known !== undefined) return known;
  let failure: unknown;
  for (const from of [join(process.cwd(), 'here.js'), import.meta.url]) {
    try {
      const module: unknown = createRequire(from)(specifier);
      loaded.set(specifier, module);
      return module;
    } catch (error) {
      failure = error;
    }
  }
  const engine = specifier.replace(/\/ctor$/, '');
  throw new EngineMissingError({
    engine,
    neededBy: `a stored array of ${engine}`,
    install: `npm install ${engine}`,
    cause: failure,
  });
}
