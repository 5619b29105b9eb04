import { expect, test } from 'vitest';
import { fixedNamesOf } from '../../../src/internal/functions/fixed-names.js';

test.each<[string, boolean]>([
  ['const k = 1', true],
  ['let k = 1', true],
  ['let k = 1; k = 2', false],
  ['let k = 1; function f() { k++ }', false],
  ['let k; for (k of [1]) {}', false],
  ['let k, o; [k] = [1]', false],
  ['let k, o; ({ a: k = 2, ...o } = {})', false],
  ['let k = 1; k ??= 2', false],
  ['var k = 1', false],
  ['function k() {}', true],
  ['function k() {} k = 1', false],
  ['{ function k() {} } function k() {}', false],
  ['class k {}', true],
  ['const f = (k) => () => k', true],
  ['const f = ({ a: [k = 1] }) => () => k', true],
  ['function f(k) { k = 2; return () => k }', false],
  ['const { a: { k } } = {}', true],
  ['const k = 1; eval("k")', false],
  ['with ({}) { const k = 1 }', false],
  ["import k from 'x'", false],
  ['o.k = 1', false],
  ['const k = 1; o.k = 2', true],
  ['const k = 1; not JavaScript', false],
  ['return; const k = 1', true],
])('in `%s` k is fixed: %s', (source, expected) => {
  expect(fixedNamesOf(source).isFixed('k')).toBe(expected);
});

test('imports are in the hands of another module', () => {
  const names = fixedNamesOf("import a, { b as c } from 'x'; import * as d from 'y'; const e = 1");
  expect(['a', 'b', 'c', 'd', 'e'].filter((name) => names.isImported(name))).toEqual(['a', 'c', 'd']);
});

test.each<[string, string, readonly string[], boolean]>([
  ['a module', 'let runs = 0; module.exports = (by) => () => [runs, by]', ['runs'], true],
  ['a function in it', 'let runs = 0; module.exports = (by) => () => [runs, by]', ['by'], false],
  ['a function with a name of the module', 'const by = 1; module.exports = (by) => () => by', ['by'], false],
  ['what CommonJS gives', 'module.exports = () => require("x")', ['require'], true],
  ['a function around it', '(function () { let n = 0; return () => n })()', ['n'], true],
  ['… that takes another one', '(function (f) { f({}) })(function (exports) { let n = 0 })', ['exports', 'n'], true],
  ['a function that something else calls', 'define(function (by) { return () => by })', ['by'], false],
])('the scope of %s', (_, source, names, expected) => {
  expect(fixedNamesOf(source).isTop(names)).toBe(expected);
});
