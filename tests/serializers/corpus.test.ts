import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFlecheError, type SerializationError } from '../../src/errors.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { assertSame, type NamedValue, ndArrays, values } from '../../src/testing/index.js';
import { joined, roundTrip, source } from './bytes.js';
import { type Compiled, compiled } from './second-process.js';

const corpus = [...values, ...ndArrays()];
const needed = ['data', 'code', 'everything', 'impossible'] as const;
const first = { data: 'pickle', code: 'cloudpickle', everything: 'dill', impossible: undefined } as const;

/** Whose parts can be held, each for itself. */
const onlyTogether = new Set(['two closures over one variable']);
/** Classes of this process, which are found with the state that the checks above have left them. */
const withState = new Set(['a class whose static state has changed']);

describe.each([pickle, cloudpickle, dill])('$name', (serializer) => {
  const takes = ({ needs }: NamedValue): boolean => needed.indexOf(needs) <= needed.indexOf(serializer.holds);

  test.each(corpus.filter(takes))('gives back: $name', ({ make, check }) => {
    const back = roundTrip(serializer, make());
    assertSame(back, make());
    check?.(back);
  });

  test.each(corpus.filter((each) => !takes(each)))('says where, and what to do: $name', ({ name, make, needs }) => {
    const { message, takenBy, path } = refusal(() => serializer.dump(make()));
    expect(message).toContain(`cannot ${serializer.name} `);
    expect(message).toContain(` at ${path || 'the value itself'}; `);
    if (!onlyTogether.has(name)) {
      expect(takenBy).toBe(first[needs]);
      expect(message.includes(`; ${takenBy} can`)).toBe(needs !== 'impossible');
    }
    expect(refusal(() => serializer.dump({ a: { b: [1, make()] } })).path).toBe(`.a.b[1]${path}`);
  });
});

function refusal(dump: () => unknown): SerializationError {
  try {
    dump();
  } catch (error) {
    if (isFlecheError(error, 'Serialization')) return error;
    throw error;
  }
  throw new Error('it was taken');
}

/** A second process, which has seen none of it, reads all values and writes them again. */
describe.each([pickle, cloudpickle, dill])('$name in a second process', (serializer) => {
  const taken = corpus.filter(({ needs }) => needed.indexOf(needs) <= needed.indexOf(serializer.holds));
  let code: Compiled;
  const file = (index: number, step: string): string => join(code.directory, `${index}-${step}`);

  beforeAll(() => {
    code = compiled();
    for (const [index, { make }] of taken.entries()) {
      writeFileSync(file(index, 'written'), joined(serializer.dump(make())));
    }
    code.run(`import { writeFileSync } from 'node:fs';
for (let index = 0; index < ${taken.length}; index += 1) {
  const path = ${JSON.stringify(code.directory)} + '/' + index;
  try {
    dump('${serializer.name}', path + '-again', load('${serializer.name}', path + '-written'));
  } catch (error) {
    writeFileSync(path + '-again', String(error.stack));
  }
}`);
  });
  afterAll(() => code.remove());

  test.each(taken.map((each, index) => [each.name, each, index] as const))('%s', (name, { make, check }, index) => {
    const again = readFileSync(file(index, 'again'));
    if (again[0] !== 0x89) expect.unreachable(again.toString());
    const back = serializer.load(source(again));
    if (!withState.has(name)) {
      assertSame(back, make());
      check?.(back);
    }
    expect(again.equals(readFileSync(file(index, 'written')))).toBe(true);
  });
});
