import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digest } from '../../src/digest/index.js';
import { previewValue } from '../../src/render/index.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { ValueMemory } from '../../src/storage/index.js';
import { assertSame } from '../../src/testing/index.js';
import { roundTrip } from '../serializers/bytes.js';
import { anyCode, anyData, anything, runs } from './arbitrary.js';

const timeout = 60_000 + runs * 100;
const seed = process.env.FLECHE_PROPERTY_SEED;
const parameters = { numRuns: runs, ...(seed !== undefined && { seed: Number(seed) }) };
/** Code takes many times as long as data. */
const fewer = { ...parameters, numRuns: Math.ceil(runs / 10) };

describe('any data', () => {
  test.each([pickle, cloudpickle, dill])(
    'comes back the same from $name, with the same digest',
    (serializer) => {
      fc.assert(
        fc.property(anyData, (value) => {
          const back = roundTrip(serializer, value);
          assertSame(back, value);
          expect(digest(back)).toBe(digest(value));
        }),
        parameters,
      );
    },
    timeout,
  );

  test(
    'comes back the same from memory, and has a preview of one line',
    () => {
      fc.assert(
        fc.property(anyData, (value) => {
          const memory = new ValueMemory();
          memory.put(digest('any'), value);
          assertSame(memory.get(digest('any'))?.value, value);
          expect(previewValue(value)).toMatch(/^\P{Cc}{1,120}$/u);
        }),
        parameters,
      );
    },
    timeout,
  );
});

test.each([
  ['code', 'cloudpickle', cloudpickle, anyCode],
  ['code', 'dill', dill, anyCode],
  ['everything', 'dill', dill, anything],
] as const)(
  'random values of %s come back the same from %s',
  (_kind, _name, serializer, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => assertSame(roundTrip(serializer, value), value)),
      fewer,
    );
  },
  timeout,
);
