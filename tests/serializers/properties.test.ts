import fc from 'fast-check';
import { describe, test } from 'vitest';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { roundTrip } from './bytes.js';
import { exactly } from './exactly.js';

const leaf = fc.oneof(
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(undefined, null, true, false, -0, Symbol.iterator, Symbol.for('x')),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 600 }),
  fc.float64Array({ maxLength: 80 }),
  fc.bigInt64Array(),
);
const key = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'then', '0', 'length'));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    fc.array(tie('value')),
    fc.sparseArray(tie('value'), { maxLength: 20 }),
    fc.array(fc.tuple(tie('value'), tie('value'))).map((entries) => new Map(entries)),
    fc.array(tie('value')).map((members) => new Set(members)),
    fc.dictionary(key, tie('value')),
    fc.dictionary(key, tie('value'), { noNullPrototype: false }).map((object) => Object.freeze(object)),
    tie('value').map((cause) => new Error('made', { cause })),
    fc.tuple(tie('value'), tie('value')).map(([a, b]) => [a, b, a, { b, again: a }]),
  ),
}));

describe.each([pickle, cloudpickle, dill])('$name', (serializer) => {
  test('gives back whatever data there is', () => {
    fc.assert(
      fc.property(value, (each) => {
        exactly(roundTrip(serializer, each), each);
      }),
      { numRuns: 100 },
    );
  });
});
