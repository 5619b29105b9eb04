import { expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { cloudpickle, dill, pickle, registerSerializer, serializerNamed } from '../../src/serializers/index.js';

function configurationError(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isFlecheError(error, 'Configuration')) return error.message;
    throw error;
  }
  return 'it was taken';
}

test('the three are known by name', () => {
  expect([pickle, cloudpickle, dill].map((each) => serializerNamed(each.name))).toEqual([pickle, cloudpickle, dill]);
  expect([pickle, cloudpickle, dill].map((each) => each.holds)).toEqual(['data', 'code', 'everything']);
});

test('an unknown name tells the known ones', () => {
  expect(configurationError(() => serializerNamed('marshal'))).toBe(
    'there is no serializer marshal; known are pickle, cloudpickle, dill',
  );
});

test('one of your own', () => {
  const mine = { ...pickle, name: 'mine' };
  registerSerializer(mine);
  registerSerializer(mine);
  expect(serializerNamed('mine')).toBe(mine);
  expect(configurationError(() => registerSerializer({ ...pickle, name: 'mine' }))).toMatch(/another name/);
  expect(configurationError(() => registerSerializer({ ...pickle }))).toMatch(/pickle already/);
  expect(configurationError(() => registerSerializer({ ...pickle, name: 'Not Lower' }))).toMatch(/lower-case/);
});
