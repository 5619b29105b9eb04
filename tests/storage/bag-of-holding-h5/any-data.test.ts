import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, test } from 'vitest';
import { digest } from '../../../src/index.js';
import { ValueBagOfHoldingH5File } from '../../../src/storage/index.js';
import { assertSame } from '../../../src/testing/index.js';

const root = mkdtempSync(join(tmpdir(), 'fleche-h5-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const values = await ValueBagOfHoldingH5File.open({ root, fsync: false });
const key = digest('key');

/** Text of any kind: keys of objects that mean something to JavaScript or HDF5, lone surrogates, NUL. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom('a', '/', '.', '\0', '\ud800', '\udc00', '\ufeff', ' '), maxLength: 20 }),
  fc.constantFrom(
    'constructor',
    'toString',
    'i0',
    'keys',
    'values',
    '..',
    '0',
    '10',
    '9',
    'fleche_kind',
    'content_type',
  ),
);
const key_ = text.filter((name) => name !== '__proto__');

const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(null, undefined, true, false, Number.NaN, -0, 2 ** 53, -(2 ** 53), 2 ** 63, 1e300),
      fc.integer(),
      fc.double(),
      fc.bigInt(),
      text,
      fc.date(),
      fc.float64Array({ maxLength: 4 }),
      fc.uint8ClampedArray({ maxLength: 4 }),
      fc.bigInt64Array({ maxLength: 4 }),
      fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    ),
    fc.array(tie('data'), { maxLength: 5 }),
    fc.sparseArray(tie('data'), { maxNumElements: 3 }),
    fc.dictionary(key_, tie('data'), { maxKeys: 5, noNullPrototype: false }),
    fc.array(fc.tuple(tie('data'), tie('data')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('data'), { maxLength: 3 }).map((members) => new Set(members)),
    fc.tuple(tie('data'), fc.nat(3)).map(([part, more]) => [part, ...new Array(more).fill(part), { again: part }]),
    fc
      .integer({ min: 95, max: 110 })
      .chain((length) => fc.array(fc.integer(), { minLength: length, maxLength: length })),
  ),
}));

test('data of every kind, mixed at random, comes back the same', () => {
  fc.assert(
    fc.property(data, (value) => {
      values.put(key, value);
      assertSame(values.get(key)?.value, value);
    }),
    { numRuns: 300 },
  );
});
