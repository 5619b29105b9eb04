import { type NamedValue, valuesOf } from './named-value.js';

const buffers = valuesOf('ArrayBuffers');
const views = valuesOf('typed arrays');
const nodeBuffers = valuesOf('Buffers');
const sharing = valuesOf('views on one buffer');

type Growable = new (length: number, options: { maxByteLength: number }) => ArrayBuffer;
const resizable = (): ArrayBuffer => new (ArrayBuffer as unknown as Growable)(4, { maxByteLength: 8 });

type Float16 = new (elements: readonly number[]) => object;
const { Float16Array } = globalThis as { Float16Array?: Float16 };

/** ArrayBuffers, typed arrays, DataViews and Buffers. */
export const memory: readonly NamedValue[] = [
  buffers.data('an ArrayBuffer', () => new Uint8Array([1, 2, 3]).buffer),
  buffers.data('an empty ArrayBuffer', () => new ArrayBuffer(0)),
  buffers.data('a large ArrayBuffer', () => new Uint8Array(5000).fill(3).buffer),
  buffers.impossible('a resizable ArrayBuffer', resizable),
  buffers.impossible('an ArrayBuffer that was handed over', () => {
    const { buffer } = Uint8Array.of(1, 2, 3);
    structuredClone(buffer, { transfer: [buffer] });
    return buffer;
  }),
  buffers.impossible('a SharedArrayBuffer', () => new SharedArrayBuffer(4)),
  views.data('a DataView', () => new DataView(new Uint8Array([1, 2, 3, 4, 5]).buffer, 1, 3)),
  views.data('an empty DataView', () => new DataView(new ArrayBuffer(0))),
  views.data('an empty Float64Array', () => new Float64Array(0)),
  views.data('an empty Uint8Array', () => new Uint8Array(0)),
  views.data('Int8Array', () => new Int8Array([-128, 127])),
  views.data('Uint8Array', () => new Uint8Array([0, 255])),
  views.data('Uint8ClampedArray', () => new Uint8ClampedArray([0, 255])),
  views.data('Int16Array', () => new Int16Array([-32768, 32767])),
  views.data('Uint16Array', () => new Uint16Array([0, 65535])),
  views.data('Int32Array', () => new Int32Array([-(2 ** 31), 2 ** 31 - 1])),
  views.data('Uint32Array', () => new Uint32Array([0, 2 ** 32 - 1])),
  views.data('Float32Array', () => new Float32Array([0.1, Number.NaN, -0])),
  views.data('Float64Array', () => new Float64Array([0.1, Number.NaN, -0, Number.POSITIVE_INFINITY])),
  views.data('a Float64Array with 0 for -0', () => new Float64Array([0.1, Number.NaN, 0, Number.POSITIVE_INFINITY])),
  views.data(
    'a Float64Array with a NaN of other bits',
    () => new Float64Array(BigUint64Array.of(0x7ff8dead0000beefn).buffer),
  ),
  views.data('a Float64Array with the usual NaN', () => new Float64Array([Number.NaN])),
  views.data('BigInt64Array', () => new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n])),
  views.data('BigUint64Array', () => new BigUint64Array([0n, 2n ** 64n - 1n])),
  ...(Float16Array === undefined ? [] : [views.data('Float16Array', () => new Float16Array([1.5, Number.NaN, -0]))]),
  views.data('Float64Array of [1, 2]', () => new Float64Array([1, 2])),
  views.data('Float32Array of [1, 2]', () => new Float32Array([1, 2])),
  views.data('Uint8Array of [1, 2]', () => new Uint8Array([1, 2])),
  views.data('Uint8ClampedArray of [1, 2]', () => new Uint8ClampedArray([1, 2])),
  views.data('a large Float64Array', () => Float64Array.from({ length: 10_000 }, (_, i) => i / 3)),
  views.data('a large Uint8Array', () => new Uint8Array(5000).fill(7)),
  views.data('a view with an offset', () => new Float32Array([1, 2, 3, 4]).subarray(1, 3)),
  views.data('a view without an offset', () => new Float32Array([2, 3]), { sameContentAs: 'a view with an offset' }),
  views.data('a small view of a large buffer', () => new Uint16Array(new ArrayBuffer(100_000), 5000, 3)),
  views.data('a view of nothing in the middle', () => new Int32Array(new ArrayBuffer(16), 8, 0)),
  views.data('an image-like record', () => ({ data: new Float32Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] })),
  views.data('an image-like record of another shape', () => ({
    data: new Float32Array([1, 2, 3, 4, 5, 6]),
    shape: [3, 2],
  })),
  views.data('a Uint8Array with a property', () => Object.assign(Uint8Array.of(1), { note: 'x' })),
  views.impossible('a view of a resizable ArrayBuffer', () => new Uint8Array(resizable())),
  views.impossible('a view of shared memory', () => new Int32Array(new SharedArrayBuffer(8))),
  nodeBuffers.data('a Buffer', () => Buffer.from('fleche')),
  nodeBuffers.data('an empty Buffer', () => Buffer.alloc(0)),
  nodeBuffers.data('Buffer of [1, 2]', () => Buffer.from([1, 2])),
  nodeBuffers.data('a large Buffer', () => Buffer.alloc(5000, 7)),
  nodeBuffers.data('a Buffer with memory of its own', () => Buffer.from(Uint8Array.of(9, 8, 7).buffer)),
  nodeBuffers.data('Buffers from the pool', () => [Buffer.from('a'), Buffer.from('b'), Buffer.from('a')]),
  nodeBuffers.data('two Buffers that overlap', () => {
    const whole = Buffer.from('overlap');
    return [whole.subarray(0, 5), whole.subarray(3)];
  }),
  nodeBuffers.data('two Buffers that do not overlap', () => [Buffer.from('overl'), Buffer.from('rlap')], {
    sameContentAs: 'two Buffers that overlap',
  }),
  nodeBuffers.data('a Buffer with a property', () => Object.assign(Buffer.from('a'), { note: 'x' })),
  sharing.data('two views that share a buffer', () => {
    const buffer = new ArrayBuffer(2048);
    return { bytes: new Uint8Array(buffer, 8, 16), words: new Uint32Array(buffer) };
  }),
  sharing.data('two views that share nothing', () => ({ bytes: new Uint8Array(16), words: new Uint32Array(512) }), {
    sameContentAs: 'two views that share a buffer',
  }),
  sharing.data('two views side by side', () => {
    const buffer = Float64Array.of(1, 2, 3, 4).buffer;
    return [new Float64Array(buffer, 0, 2), new Float64Array(buffer, 16, 2)];
  }),
  sharing.data('two views that overlap by one', () => {
    const numbers = Float64Array.of(1, 2, 3);
    return [numbers.subarray(0, 2), numbers.subarray(1)];
  }),
  sharing.data('views of every width on one buffer', () => {
    const { buffer } = Float64Array.of(1.5, -2.5, Math.PI);
    return [
      new Uint8Array(buffer, 1, 5),
      new Int16Array(buffer, 2, 3),
      new Float32Array(buffer, 4),
      new BigInt64Array(buffer, 8, 1),
      new DataView(buffer, 3, 17),
      new Uint8ClampedArray(buffer),
    ];
  }),
  sharing.data('a buffer and its views', () => {
    const buffer = new ArrayBuffer(24);
    return [buffer, new Uint8Array(buffer, 4, 4), new Float64Array(buffer, 8)];
  }),
  sharing.data('one view twice', () => {
    const view = Uint8Array.of(1, 2, 3);
    return [view, view];
  }),
  sharing.data(
    'two equal views of one buffer',
    () => {
      const view = Uint8Array.of(1, 2, 3);
      return [view, view.subarray()];
    },
    { sameContentAs: 'one view twice' },
  ),
  sharing.data('a Buffer and a typed array on one buffer', () => {
    const words = Uint32Array.of(1, 2, 3);
    return { words, bytes: Buffer.from(words.buffer, 4, 4) };
  }),
];
