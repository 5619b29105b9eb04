import ndarray from 'ndarray';
import * as np from 'numpy-ts';
import { expect, test } from 'vitest';
import { pickle } from '../../src/serializers/index.js';
import { joined, roundTrip } from './bytes.js';

test('numpy-ts', () => {
  const a = np.arange(0, 5000).reshape([50, 100]);
  const value = { a, b: np.ones([3, 3]), transposed: a.transpose(), row: a.slice('3') };
  const back = roundTrip(pickle, value);
  for (const name of ['a', 'b', 'transposed', 'row'] as const) {
    expect(back[name].shape).toEqual(value[name].shape);
    expect(back[name].dtype).toBe(value[name].dtype);
    expect(back[name].tolist()).toEqual(value[name].tolist());
    expect(back[name].constructor).toBe(value[name].constructor);
  }
  // Its memory is one of 256 MB, of which only the elements are taken.
  expect(joined(pickle.dump(value)).length).toBeLessThan(90_000);
});

test('ndarray', () => {
  const a = ndarray(
    new Float32Array(600).map((_, i) => i),
    [20, 30],
  );
  const back = roundTrip(pickle, { a, t: a.transpose(1, 0) });
  expect(back.a.shape).toEqual([20, 30]);
  expect(back.a.get(3, 4)).toBe(94);
  expect(back.t.get(4, 3)).toBe(94);
  expect(back.a.dtype).toBe('float32');
});

test('the structural kind is plain data', () => {
  const value = { data: new Float64Array(100).fill(1), shape: [10, 10] };
  expect(roundTrip(pickle, value)).toEqual(value);
});
