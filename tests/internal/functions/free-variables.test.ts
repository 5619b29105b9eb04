import { describe, expect, test } from 'vitest';
import { freeVariables } from '../../../src/internal/functions/free-variables.js';
import { parseFunctionText } from '../../../src/internal/functions/function-source.js';

function free(text: string): ReturnType<typeof freeVariables> {
  const parsed = parseFunctionText(text);
  if (parsed === undefined) throw new SyntaxError(text);
  return freeVariables(parsed);
}

describe('free variables of', () => {
  test.each([
    [
      'parameters and locals',
      '(a, { b, c: [d] }, ...e) => { let f = a + b; const g = d; var h; return e + f + g + h }',
      '',
    ],
    ['an outer variable', '(a) => a + k', 'k'],
    ['defaults', '(a = k, b = a) => b', 'k'],
    ['destructuring defaults and computed keys', '({ a = k, [l]: b }) => a + b', 'k l'],
    ['shorthand', '() => ({ k, l: m, n() { return o } })', 'k m o'],
    ['members', '() => a.b.c[d]', 'a d'],
    ['keys and labels are none', '() => { a: for (;;) { ({ b: 1 }).b; break a } }', ''],
    ['its own name', 'function f() { return f }', ''],
    ['hoisted variables', '() => { if (a) { var b = 1 } return b }', 'a'],
    ['block scopes', '() => { { let a = 1; function b() {} } return [a, b] }', 'a b'],
    ['loops', '() => { for (let i = 0; i < n; i++) {} for (const x of xs) x; for (y in ys); return i }', 'i n xs y ys'],
    ['switch scopes', '(a) => { switch (a) { case b: let c = 1; default: return c } }', 'b'],
    ['catch', '() => { try { a } catch ({ message }) { return message } }', 'a'],
    ['nested functions', '() => (x) => { const y = z; return () => x + y + w }', 'w z'],
    [
      'classes',
      'class A extends B { #p = c; static s = d; [e] = 1; m() { return A + f } static { g } }',
      'B c d e f g',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template
    ['templates', '() => t`a${b}`', 'b t'],
    ['typeof', '() => typeof maybe', 'maybe'],
    ['new.target and arguments of its own', 'function () { return [new.target, arguments] }', ''],
    ['methods', 'm(a) { return a + k }', 'k'],
    ['async generators', 'async function* (a) { for await (const x of a) yield k(x) }', 'k'],
  ])('%s', (_, text, names) => {
    expect([...free(text).variables.keys()].sort().join(' ')).toBe(names);
    expect(free(text).unseen).toBeUndefined();
  });

  test('how they are used', () => {
    const uses = free('() => { a.b; a.c(); d; d.e; f = 1; g++; [h] = i; ({ j } = k); l += 1 }').variables;
    expect([...(uses.get('a')?.members ?? [])]).toEqual(['b', 'c']);
    expect(uses.get('a')?.whole).toBe(false);
    expect(uses.get('d')?.whole).toBe(true);
    expect([...uses.values()].filter((use) => use.assigned).map((use) => use.name)).toEqual(['f', 'g', 'h', 'j', 'l']);
  });

  test('what a class reads when it is defined', () => {
    const uses = free('class extends B { static s = d; t = e; m() { return f } [g]() {} }').variables;
    expect([...uses.values()].filter((use) => use.inCode).map((use) => use.name)).toEqual(['e', 'f']);
  });

  test.each([
    ['(a) => this.x + a', 'the `this` of an outer function'],
    ['() => arguments[0]', 'the arguments of an outer function'],
    ['() => new.target', 'the `new.target` of an outer function'],
    ['m() { return super.m() }', '`super` outside of its class'],
    ['() => import.meta.url', '`import.meta`'],
    ['(a) => eval(a)', 'a direct `eval`'],
  ])('%s uses %s', (text, unseen) => {
    expect(free(text).unseen).toBe(unseen);
  });

  test.each([
    'function () { return this.x }',
    'class A { m() { return () => super.m() } f = () => this }',
    '() => ({ m() { return super.m() } })',
  ])('%s uses nothing that cannot be seen', (text) => {
    expect(free(text).unseen).toBeUndefined();
  });
});
