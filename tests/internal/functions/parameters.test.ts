import { describe, expect, test } from 'vitest';
import { type Callable, isCallable } from '../../../src/internal/functions/function-source.js';
import { functionParameters } from '../../../src/internal/functions/parameters.js';

/** A function as plain JavaScript, untouched by the compiler of the tests. */
function js(text: string): Callable {
  const value: unknown = new Function(`return (${text})`)();
  if (!isCallable(value)) throw new TypeError(`no function: ${text}`);
  return value;
}

function short(fn: Callable): unknown {
  return functionParameters(fn)?.map((each) =>
    each.default === undefined
      ? each.rest
        ? `...${each.name}`
        : each.name
      : [each.name, each.default.literal ? each.default.value : 'computed'],
  );
}

describe('parameters of', () => {
  test.each<[string, string, unknown]>([
    ['a declaration', 'function add(a, b) { return a + b }', ['a', 'b']],
    ['an arrow without parentheses', 'x => x', ['x']],
    ['an async arrow', 'async (x, y) => x', ['x', 'y']],
    ['a generator', 'function* (a) { yield a }', ['a']],
    ['an async generator', 'async function* (a) { yield a }', ['a']],
    ['none', '() => 1', []],
    ['rest', '(a, ...others) => 1', ['a', '...others']],
    [
      'literal defaults',
      '(a = 1, b = "x", c = true, d = null, e = undefined, f = -2.5, g = 10n, h = -3n) => 1',
      [
        ['a', 1],
        ['b', 'x'],
        ['c', true],
        ['d', null],
        ['e', undefined],
        ['f', -2.5],
        ['g', 10n],
        ['h', -3n],
      ],
    ],
    [
      'template, array and object defaults',
      '(a = `t`, b = [1, [2]], c = { x: 1, "y z": [null] }, d = [], e = {}) => 1',
      [
        ['a', 't'],
        ['b', [1, [2]]],
        ['c', { x: 1, 'y z': [null] }],
        ['d', []],
        ['e', {}],
      ],
    ],
    [
      'computed defaults',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template
      '(a, b = a + 1, c = f(), d = [...a], e = `${a}`, g = /x/, h = { a }, i = { get x() { return 1 } }) => 1',
      [
        'a',
        ['b', 'computed'],
        ['c', 'computed'],
        ['d', 'computed'],
        ['e', 'computed'],
        ['g', 'computed'],
        ['h', 'computed'],
        ['i', 'computed'],
      ],
    ],
    ['negative zero', '(a = -0) => 1', [['a', -0]]],
    [
      'destructured',
      '({ a, b: { c }, ...d }, [e, , f = 2] = [], { [k]: z }) => 1',
      ['{a,b:{c},...d}', ['[e,,f]', []], '{[…]:z}'],
    ],
    ['equal patterns', '({}, {}) => 1', ['{}', '{}#1']],
    ['comments in between', 'function f(/* a, */ a /* = 1 */, // b\n b = /* 1 */ 2) {}', ['a', ['b', 2]]],
    ['a class', 'class A { #x = 1; constructor(a, b = 1) {} }', ['a', ['b', 1]]],
    ['a class without constructor', 'class A {}', []],
    ['a derived class without constructor', 'class B extends (class A { constructor(q) {} }) {}', ['q']],
    ['a function made from text', 'new Function("a", "b = 3", "return a")', ['a', ['b', 3]]],
  ])('%s', (_, text, expected) => {
    expect(short(js(text))).toEqual(expected);
  });

  test.each<[string, string, unknown]>([
    ['a method', '({ m(a, b = 2) {} }).m', ['a', ['b', 2]]],
    ['an async generator method', '({ async *m(a) {} }).m', ['a']],
    ['a method with a computed name', '({ ["x" + 1](a) {} }).x1', ['a']],
    ['a getter', 'Object.getOwnPropertyDescriptor({ get g() { return 1 } }, "g").get', []],
    ['a setter', 'Object.getOwnPropertyDescriptor({ set g(v) {} }, "g").set', ['v']],
    ['a class method', '(class { m(a) { return super.x } }).prototype.m', ['a']],
    ['a static method', '(class { static m(a) {} }).m', ['a']],
    [
      'a private method',
      '(class { #p(a) { return this.#q } #q = 1; static of(o) { return o.#p } static make() { return this.of(new this()) } }).make()',
      ['a'],
    ],
    ['a method named get', '({ get(a) {} }).get', ['a']],
    ['an arrow with new.target', '(function () { return (a) => new.target })()', ['a']],
    ['an arrow with super', '({ m() { return (a) => super.x } }).m()', ['a']],
    ['a sloppy function', 'new Function("a", "with (a) { return 010 }")', ['a']],
  ])('%s', (_, text, expected) => {
    expect(short(js(text))).toEqual(expected);
  });

  test('functions without text', () => {
    expect(functionParameters(Math.max)).toBeUndefined();
    expect(functionParameters(((a: number) => a).bind(undefined))).toBeUndefined();
    expect(functionParameters(new Proxy((a: number) => a, {}))).toBeUndefined();
  });
});
