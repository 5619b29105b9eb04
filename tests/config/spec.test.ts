import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  besideEachOther,
  type CacheSpec,
  cacheFrom,
  parseStorage,
  sqlWithValues,
  storageForms,
} from '../../src/config/index.js';

const valueForms = 'memory, void, pickle:ROOT, cloudpickle:ROOT, dill:ROOT, h5:ROOT';

describe('a storage in words', () => {
  it.each([
    ['memory', { kind: 'memory' }],
    ['void', { kind: 'void' }],
    ['pickle:a/b', { kind: 'pickle', root: 'a/b' }],
    ['cloudpickle:/a b', { kind: 'cloudpickle', root: '/a b' }],
    ['dill:.', { kind: 'dill', root: '.' }],
    ['h5:C:\\x', { kind: 'h5', root: 'C:\\x' }],
  ] as const)('%s, for values and for calls', (text, spec) => {
    expect(parseStorage('values', text)).toEqual(spec);
    expect(parseStorage('calls', text)).toEqual(spec);
  });

  it('sql is for calls', () => {
    expect(parseStorage('calls', 'sql:sqlite:///a.db')).toEqual({ kind: 'sql', url: 'sqlite:///a.db' });
    expect(() => parseStorage('values', 'sql:a.db')).toThrow(`sql holds calls only; there are ${valueForms}`);
  });

  it.each([
    ['sqlite', `"sqlite" is no kind of storage for values; there are ${valueForms}`],
    ['', `"" is no kind of storage for values; there are ${valueForms}`],
    ['toString:x', '"toString" is no kind of storage for values'],
    ['pickle', 'the values storage pickle needs a directory: pickle:ROOT'],
    ['pickle:', 'the values storage pickle needs a directory: pickle:ROOT'],
    ['memory:x', 'the values storage memory takes no root'],
  ])('%j is refused', (text, message) => {
    expect(() => parseStorage('values', text)).toThrow(message);
  });

  it('lists its forms', () => {
    expect(storageForms('values')).toBe(valueForms);
    expect(storageForms('calls')).toBe(`${valueForms}, sql:URL`);
  });
});

describe('caches from one word', () => {
  it('two directories beside each other', () => {
    expect(besideEachOther('pickle', '.cache')).toEqual({
      values: { kind: 'pickle', root: '.cache/values' },
      calls: { kind: 'pickle', root: '.cache/calls' },
    });
    expect(besideEachOther('dill', '.cache', { compress: true })).toEqual({
      values: { kind: 'dill', root: '.cache/values', compress: true },
      calls: { kind: 'dill', root: '.cache/calls', compress: true },
    });
  });

  it('a database has its values beside it', () => {
    expect(sqlWithValues('sqlite:///data/calls.db')).toEqual({
      values: { kind: 'pickle', root: resolve('data/calls-values') },
      calls: { kind: 'sql', url: 'sqlite:///data/calls.db' },
    });
    expect(sqlWithValues('sqlite://').values).toEqual({ kind: 'memory' });
    expect(() => sqlWithValues('postgres://x')).toThrow('postgres://x is no database');
  });
});

describe('plain data that fits nothing', () => {
  it.each([
    [null, 'a cache is described by { values, calls }'],
    [{}, 'values must be an object'],
    [{ values: { kind: 'memory' } }, 'calls must be an object'],
    [
      { values: { kind: 'nope' }, calls: { kind: 'memory' } },
      '"nope" is no kind of storage for values; there are memory,',
    ],
    [{ values: {}, calls: { kind: 'memory' } }, 'null is no kind of storage'],
    [{ values: { kind: 'pickle', root: 3 }, calls: { kind: 'memory' } }, 'needs a directory'],
    [{ values: { kind: 'h5', root: 'x', compress: true }, calls: { kind: 'memory' } }, 'h5 takes no compress'],
    [
      { values: { kind: 'pickle', root: 'x', compress: 'yes' }, calls: { kind: 'memory' } },
      'compress is true or false',
    ],
    [{ values: { kind: 'memory' }, calls: { kind: 'sql' } }, 'needs a database: sql:URL'],
    [{ values: { kind: 'memory' }, calls: { kind: 'sql', url: 'x', mode: 1 } }, 'sql takes no mode'],
  ])('%j', async (spec, message) => {
    await expect(cacheFrom(spec as unknown as CacheSpec)).rejects.toMatchObject({
      tag: 'Configuration',
      message: expect.stringContaining(message),
    });
  });
});
