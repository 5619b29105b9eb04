import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromPythonJson, toPythonJson } from '../../../src/storage/sql/python-json.js';
import { hasPython, python } from './other-programs.js';

const samples: readonly unknown[] = [
  null,
  true,
  1,
  -0,
  1.5e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  'NaN, "Infinity" \\ \u007f é 🙂 \ud800',
  [],
  {},
  { a: [1, { b: null }], 'we ird': Number.NaN, NaN: 'NaN', '': -1 },
];

describe('JSON as Python writes it', () => {
  test('comes back as it was, whatever it is', () => {
    for (const sample of samples) expect(fromPythonJson(toPythonJson(sample, 'x'))).toStrictEqual(sample);
    const numbers = fc.oneof(fc.double(), fc.integer());
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        fc.constantFrom(null, true, false),
        numbers,
        fc.string({ unit: 'binary' }),
        fc.array(tie('any')),
        fc.dictionary(fc.string(), tie('any'), { noNullPrototype: true }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (sample) => {
        expect(fromPythonJson(toPythonJson(sample, 'x'))).toStrictEqual(sample);
      }),
    );
  });

  test.skipIf(!hasPython)('is the text that Python itself makes of it', () => {
    const texts = samples.map((sample) => toPythonJson(sample, 'x')).filter((text) => !text.includes('1.5e'));
    const script = 'import json, sys; print(json.dumps([json.dumps(json.loads(t)) for t in json.loads(sys.argv[1])]))';
    expect(JSON.parse(python(script, [JSON.stringify(texts)]))).toEqual(texts);
  });

  test('what is no JSON is refused', () => {
    for (const text of ['', 'nan', '{"a": }', '[1,]', '"\u0000"', 'Infinit', '[-NaN]']) {
      expect(() => fromPythonJson(text)).toThrow(SyntaxError);
    }
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    for (const value of [
      undefined,
      1n,
      () => 1,
      Symbol('s'),
      new Date(),
      new Map(),
      [undefined],
      new Array(1),
      cycle,
    ]) {
      expect(() => toPythonJson(value, 'x')).toThrow(expect.objectContaining({ tag: 'Serialization' }));
    }
  });
});
