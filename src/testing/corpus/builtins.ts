import { type NamedValue, valuesOf } from './named-value.js';

const dates = valuesOf('dates');
const expressions = valuesOf('regular expressions');
const urls = valuesOf('URLs');
const boxes = valuesOf('boxed primitives');

const expression = (name: string, flags: string): NamedValue =>
  expressions.data(name, () => new RegExp('a(?<b>.)\\/', flags));

/** Dates, regular expressions, URLs and boxed primitives. */
export const builtins: readonly NamedValue[] = [
  dates.data('a Date', () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678))),
  dates.data('the Date of the epoch', () => new Date(0)),
  dates.data('a Date before Christ', () => new Date(-1e14)),
  dates.data('the first Date', () => new Date(-8.64e15)),
  dates.data('the last Date', () => new Date(8.64e15)),
  dates.data('a Date of the year 0', () => new Date('0000-01-01T00:00:00Z')),
  dates.data('an invalid Date', () => new Date(Number.NaN)),
  dates.data('a Date with a property', () => Object.assign(new Date(5), { zone: 'UTC' })),
  expressions.data('a RegExp', () => /a(?<b>.)\/[/]/giu),
  expressions.data('an empty RegExp', () => /(?:)/),
  expressions.data('a RegExp with a line break', () => /a\n\u2028/),
  expressions.data('a RegExp with a slash in a class', () => /[/\]\\]/),
  expression('a RegExp without flags', ''),
  expression('a RegExp with the flag d', 'd'),
  expression('a RegExp with the flag g', 'g'),
  expression('a RegExp with the flag i', 'i'),
  expression('a RegExp with the flag m', 'm'),
  expression('a RegExp with the flag s', 's'),
  expression('a RegExp with the flag u', 'u'),
  expression('a RegExp with the flag v', 'v'),
  expression('a RegExp with the flag y', 'y'),
  expression('a RegExp with nearly every flag', 'dgimsuy'),
  expressions.data('a RegExp that has matched', () => Object.assign(/a/g, { lastIndex: 3 })),
  expressions.data('a RegExp that has not matched yet', () => /a/g),
  expressions.data('a RegExp whose lastIndex is no number', () => Object.assign(/a/g, { lastIndex: 'three' })),
  expressions.data('a RegExp with a property', () => Object.assign(/a/, { note: 'x' })),
  expressions.data('the result of a match', () => 'xaby'.match(/a(?<name>b)/)),
  urls.data('a URL', () => new URL('https://user:pass@example.org:8080/a/b?c=d#e')),
  urls.data('a URL of a file', () => new URL('file:///home/ada/a%20b.txt')),
  urls.data('a URL in many scripts', () => new URL('https://例え.jp/ä?ü=ö#ß')),
  urls.data('a URL without a host', () => new URL('mailto:ada@example.org')),
  urls.data('URLSearchParams', () => new URLSearchParams('a=1&b=2&a=3')),
  urls.data('empty URLSearchParams', () => new URLSearchParams()),
  urls.data('URLSearchParams to be escaped', () => new URLSearchParams({ 'a b': 'c+d', é: '&=%', '': '' })),
  urls.impossible('a URL with its own searchParams', () => {
    const url = new URL('https://example.org/?a=1');
    return { url, parameters: url.searchParams };
  }),
  boxes.data('boxed primitives', () => [Object(1), Object('text'), Object(true), Object(2n)]),
  boxes.data('a boxed 0', () => Object(0)),
  boxes.data('a boxed -0', () => Object(-0)),
  boxes.data('a boxed NaN', () => Object(Number.NaN)),
  boxes.data('a boxed empty string', () => Object('')),
  boxes.data('a boxed false', () => Object(false)),
  boxes.data('a boxed bigint', () => Object(0n)),
  boxes.data('a boxed symbol', () => Object(Symbol.iterator)),
  boxes.data('a boxed string with a property', () => Object.assign(Object('ab') as object, { extra: 1 })),
  boxes.data('a boxed number with a property', () => Object.assign(Object(7) as object, { unit: 'm' })),
];
