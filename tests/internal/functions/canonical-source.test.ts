import { describe, expect, test } from 'vitest';
import { canonicalSource } from '../../../src/internal/functions/canonical-source.js';
import type { Callable } from '../../../src/internal/functions/function-source.js';

function js(text: string): Callable {
  return new Function(`return (${text})`)() as Callable;
}

describe('canonicalSource', () => {
  test.each([
    ['layout and comments', 'function f(a,b){return a+b}', 'function f(a, b) {\n  // sum\n  return a + /* ! */ b;;\n}'],
    ['redundant parentheses', '(a) => a + 1', 'a => ((a) + (1))'],
    ['quotes of strings and keys', '() => ({ "a": \'x\' })', '() => ({ a: "x" })'],
    ['shorthand', '(h) => ({ h })', '(h) => ({ h: h })'],
    ['how a number is written', '() => 1000', '() => 1e3'],
    ['trailing commas', '(a, b) => [a, b]', '(a, b,) => [a, b,]'],
  ])('does not change with %s', (_, a, b) => {
    expect(canonicalSource(js(a))).toBe(canonicalSource(js(b)));
    expect(canonicalSource(js(a))).toBeTypeOf('string');
  });

  test.each([
    ['names', '(a) => a', '(b) => b'],
    ['literals', '() => 1', '() => 2'],
    ['the type of a literal', '() => 1', '() => "1"'],
    ['bigints', '() => 1', '() => 1n'],
    ['infinite numbers', '() => 1e999', '() => null'],
    ['regular expressions', '() => /a/', '() => /a/g'],
    ['a line break that ends a statement', '() => { return\n1 }', '() => { return 1 }'],
    ['precedence', '(a, b, c) => a * (b + c)', '(a, b, c) => a * b + c'],
    ['optional chains', '(a) => a?.b.c', '(a) => (a?.b).c'],
    ['computed keys', '(a) => ({ a: 1 })', '(a) => ({ [a]: 1 })'],
    ['holes', '() => [,]', '() => []'],
    ['async', '() => 1', 'async () => 1'],
    ['generators', 'function () {}', 'function* () {}'],
    ['strictness', 'function () { return this }', 'function () { "use strict"; return this }'],
    ['the raw text of a template', '(t) => t`\\u0041`', '(t) => t`A`'],
    ['static members', 'class { a = 1 }', 'class { static a = 1 }'],
    ['private names', 'class { a = 1 }', 'class { #a = 1 }'],
    ['getters', '({ get a() { return 1 } })', '({ a() { return 1 } })'],
  ])('changes with %s', (_, a, b) => {
    expect(canonicalSource(js(`() => ${a}`))).not.toBe(canonicalSource(js(`() => ${b}`)));
  });

  test('there is none for native and bound functions', () => {
    expect(canonicalSource(Math.max)).toBeUndefined();
    expect(canonicalSource((() => 1).bind(undefined))).toBeUndefined();
  });

  test('text that cannot be parsed still tells functions apart', () => {
    const younger = (text: string): Callable => Object.assign(() => 1, { toString: () => text });
    const host = Symbol.for('fleche.functionHost');
    const place = globalThis as { [key: symbol]: unknown };
    place[host] = { source: (fn: Callable) => fn.toString(), variable: () => undefined };
    try {
      expect(canonicalSource(younger('@@1'))).toBe('text @@1');
      expect(canonicalSource(younger('@@2'))).not.toBe(canonicalSource(younger('@@1')));
    } finally {
      delete place[host];
    }
  });
});
