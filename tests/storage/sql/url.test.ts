import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseSqliteUrl } from '../../../src/storage/sql/url.js';

test.each([
  ['sqlite:///calls.db', resolve('calls.db')],
  ['sqlite:///.mixed_cache/calls.db', resolve('.mixed_cache/calls.db')],
  ['sqlite:////var/tmp/calls.db', '/var/tmp/calls.db'],
  ['SQLite:///calls.db', resolve('calls.db')],
  ['sqlite:///with blank %20.db', resolve('with blank %20.db')],
  ['calls.db', resolve('calls.db')],
  ['./a/../calls.db', resolve('calls.db')],
  ['/var/tmp/what?.db', '/var/tmp/what?.db'],
  ['sqlite://', undefined],
  ['sqlite:///', undefined],
  ['sqlite:///:memory:', undefined],
  [':memory:', undefined],
])('%s', (url, path) => {
  expect(parseSqliteUrl(url)).toBe(path);
});

test.each([
  '',
  'postgresql://host/calls',
  'mysql+pymysql://host/calls',
  'file:calls.db',
  'sqlite:calls.db',
  'sqlite:/calls.db',
  'sqlite://calls.db',
  'sqlite:///calls.db?mode=ro',
  'http://host/calls.db',
  'calls\0.db',
])('%j is refused, and it is said what is supported', (url) => {
  expect(() => parseSqliteUrl(url)).toThrow(
    expect.objectContaining({ tag: 'Configuration', message: expect.stringMatching(/sqlite:\/\/\/calls\.db/) }),
  );
});
