import { type NamedValue, valuesOf } from './named-value.js';

const simple = valuesOf('undefined, null and booleans');
const numbers = valuesOf('numbers');
const bigints = valuesOf('bigints');
const texts = valuesOf('texts');
const symbols = valuesOf('symbols');

/** Undefined, null, booleans, numbers and bigints. */
export const scalars: readonly NamedValue[] = [
  simple.data('undefined', () => undefined),
  simple.data('null', () => null),
  simple.data('true', () => true),
  simple.data('false', () => false),
  numbers.data('0', () => 0),
  numbers.data('-0', () => -0),
  numbers.data('1', () => 1),
  numbers.data('-1', () => -1),
  numbers.data('0.1', () => 0.1),
  numbers.data('1/3', () => 1 / 3),
  numbers.data('2 ** 31', () => 2 ** 31),
  numbers.data('-(2 ** 31)', () => -(2 ** 31)),
  numbers.data('2 ** 32', () => 2 ** 32),
  numbers.data('the largest safe integer', () => Number.MAX_SAFE_INTEGER),
  numbers.data('the smallest safe integer', () => Number.MIN_SAFE_INTEGER),
  numbers.data('2 ** 53', () => 2 ** 53),
  numbers.data('2 ** 63', () => 2 ** 63),
  numbers.data('2 ** 64', () => 2 ** 64),
  numbers.data('1e21', () => 1e21),
  numbers.data('1e-7', () => 1e-7),
  numbers.data('1e300', () => 1e300),
  numbers.data('Number.EPSILON', () => Number.EPSILON),
  numbers.data('the largest number', () => Number.MAX_VALUE),
  numbers.data('the smallest normal number', () => 2 ** -1022),
  numbers.data('the largest subnormal number', () => 2 ** -1022 - 2 ** -1074),
  numbers.data('the smallest number', () => 5e-324),
  numbers.data('the largest negative number', () => -5e-324),
  numbers.data('NaN', () => Number.NaN),
  numbers.data('Infinity', () => Number.POSITIVE_INFINITY),
  numbers.data('-Infinity', () => Number.NEGATIVE_INFINITY),
  bigints.data('0n', () => 0n),
  bigints.data('1n', () => 1n),
  bigints.data('-1n', () => -1n),
  bigints.data('2n ** 63n - 1n', () => 2n ** 63n - 1n),
  bigints.data('2n ** 63n', () => 2n ** 63n),
  bigints.data('-(2n ** 63n)', () => -(2n ** 63n)),
  bigints.data('-(2n ** 63n) - 1n', () => -(2n ** 63n) - 1n),
  bigints.data('2n ** 64n - 1n', () => 2n ** 64n - 1n),
  bigints.data('2n ** 64n', () => 2n ** 64n),
  bigints.data('-(2n ** 70n)', () => -(2n ** 70n)),
  bigints.data('a bigint of 1,200 digits', () => 7n ** 1420n),
];

/** Strings. */
export const strings: readonly NamedValue[] = [
  texts.data('an empty string', () => ''),
  texts.data('"0"', () => '0'),
  texts.data('"1"', () => '1'),
  texts.data('"-0"', () => '-0'),
  texts.data('"NaN"', () => 'NaN'),
  texts.data('"null"', () => 'null'),
  texts.data('"undefined"', () => 'undefined'),
  texts.data('"__proto__"', () => '__proto__'),
  texts.data('a space', () => ' '),
  texts.data('white space of every kind', () => '\t\n\v\f\r \u00a0\u1680\u2003\u2028\u2029\u202f\u3000'),
  texts.data('text of many scripts', () => 'naïve — 日本語 🙂\u2028'),
  texts.data('an accent as one character', () => 'caf\u00e9'),
  texts.data('an accent that is combined', () => 'cafe\u0301'),
  texts.data('an emoji of several parts', () => '👩🏽‍🚀🇨🇭'),
  texts.data('text in both directions', () => 'abc \u202eאבג\u202c def'),
  texts.data('NUL', () => '\0'),
  texts.data('text with NUL', () => 'a\0b'),
  texts.data('text that ends in NUL', () => 'a\0'),
  texts.data('every control character', () =>
    Array.from({ length: 0xa0 }, (_, i) => (i < 0x20 || i >= 0x7f ? String.fromCharCode(i) : '')).join(''),
  ),
  texts.data('text that starts with a byte order mark', () => '\ufeffa'),
  texts.data('a byte order mark', () => '\ufeff'),
  texts.data('noncharacters', () => '\uffff\ufffe\u{1fffe}'),
  texts.data('the replacement character', () => 'a\ufffdb'),
  texts.data('text with a lone surrogate', () => 'a\ud800b'),
  texts.data('a lone low surrogate', () => '\udc00'),
  texts.data('surrogates in the wrong order', () => '\udfff\ud800'),
  texts.data('a pair of surrogates', () => '\ud800\udfff'),
  texts.data('quotes and backslashes', () => '"\\/\'`$\b\f</script><!--'),
  texts.data('escape sequences of a terminal', () => '\x1b[31mred\x1b[0m\x07\x9b'),
  texts.data('text of JSON', () => '{"a":[1,null]}'),
  texts.data('text of a file of ours', () => '\x89FLECHE\x1a\x01\x00LE'),
  texts.data('a long text', () => 'fleche '.repeat(20_000)),
  texts.data('a long text of two-byte characters', () => '矢'.repeat(40_000)),
  texts.data('a long text with a lone surrogate at its end', () => `${'a'.repeat(70_000)}\ud800`),
  texts.data('a text joined of many', () => Array.from({ length: 300 }, (_, i) => i).reduce((text, i) => text + i, '')),
];

/** Symbols. */
export const allSymbols: readonly NamedValue[] = [
  symbols.data('Symbol.for', () => Symbol.for('fleche.corpus')),
  symbols.data('Symbol.for of an empty text', () => Symbol.for('')),
  symbols.data('Symbol.for with the name of a well-known symbol', () => Symbol.for('iterator')),
  symbols.data('Symbol.iterator', () => Symbol.iterator),
  symbols.data('Symbol.asyncIterator', () => Symbol.asyncIterator),
  symbols.data('Symbol.toStringTag', () => Symbol.toStringTag),
  symbols.everything('a symbol of its own', () => Symbol('fleche.corpus')),
  symbols.everything('a symbol without a description', () => Symbol()),
  symbols.everything('a symbol with an empty description', () => Symbol('')),
  symbols.everything('one symbol twice', () => {
    const own = Symbol('twin');
    return [own, own];
  }),
  symbols.everything('two symbols of one description', () => [Symbol('twin'), Symbol('twin')]),
];
