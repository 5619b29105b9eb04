import { createHash } from 'node:crypto';
import * as os from 'node:os';
import { join } from 'node:path';
import { parse } from 'acorn';
import { describe, expect, test } from 'vitest';
import {
  describeFunction,
  type FunctionDescription,
  referenceName,
} from '../../../src/internal/functions/describe-function.js';
import type { Callable } from '../../../src/internal/functions/function-source.js';
import type { FunctionHost } from '../../../src/internal/functions/host.js';
import { referenceTo } from '../../../src/internal/functions/references.js';
import * as scopes from '../../../src/internal/functions/scopes.js';

function captured(fn: unknown): { readonly [name: string]: unknown } {
  const description = describeFunction(fn as Callable);
  if (!('captures' in description)) throw new TypeError(description.kind);
  return Object.fromEntries([...description.captures].map(([name, { value }]) => [name, value]));
}

/** A function as plain JavaScript, untouched by the compiler of the tests. */
function js(text: string): unknown {
  return new Function(`return (${text})`)();
}

describe('captured variables', () => {
  const make = js('(n) => { const list = [n]; return (x) => { list.push(x); return n } }') as (n: number) => Callable;

  test('are read by identity, as they are at that moment', () => {
    const fn = make(5);
    const { list, n } = captured(fn);
    expect(n).toBe(5);
    expect(list).toEqual([5]);
    (fn as (x: number) => number)(6);
    expect(captured(fn).list).toBe(list);
    expect(list).toEqual([5, 6]);
  });

  test('change with assignments, which are marked', () => {
    const [inc, get] = js('(() => { let c = 0; return [() => { c += 1 }, () => c] })()') as [() => void, Callable];
    expect(captured(get).c).toBe(0);
    inc();
    expect(captured(get).c).toBe(1);
    const description = describeFunction(inc as Callable);
    expect('captures' in description && description.captures.get('c')).toEqual({ value: 1, assigned: true });
    const other = describeFunction(get);
    expect('captures' in other && other.captures.get('c')?.assigned).toBe(false);
  });

  test('are those of the innermost scope', () => {
    const fn = js('((a) => { const b = 1; { const a = 2; return [() => a, () => b] } })(0)') as Callable[];
    expect(captured(fn[0])).toEqual({ a: 2 });
    expect(captured(fn[1])).toEqual({ b: 1 });
  });

  test('may hide the names of globals of Node, and when thorough of the language', () => {
    const fn = js('((crypto, Map) => () => [crypto, Map])(1, 2)') as Callable;
    expect(captured(fn)).toEqual({ crypto: 1 });
    const description = describeFunction(fn, true);
    expect('captures' in description && description.captures.get('Map')).toEqual({ value: 2, assigned: false });
  });

  test('of classes, with what they extend', () => {
    const Base = js('class Base {}');
    const Class = new Function('Base', 'k', 'return class A extends Base { m() { return k } }')(Base, 7) as Callable;
    expect(describeFunction(Class)).toMatchObject({ kind: 'class', base: { value: Base }, unseen: undefined });
    expect(captured(Class)).toEqual({ k: 7 });
  });

  test('globals of the user', () => {
    (globalThis as { [name: string]: unknown }).ownGlobalOfThisTest = 3;
    expect(captured(js('() => ownGlobalOfThisTest'))).toEqual({ ownGlobalOfThisTest: 3 });
    delete (globalThis as { [name: string]: unknown }).ownGlobalOfThisTest;
    expect(captured(js('() => ownGlobalOfThisTest'))).toEqual({});
  });

  test('imports of whole modules shrink to what is read', () => {
    const module = Object.defineProperty({ a: 1, b: 2 }, '__esModule', { value: true });
    const fn = new Function('lib', 'return () => lib.a')(module) as Callable;
    expect(captured(fn)).toEqual({ lib: { a: 1 } });
  });

  test('what cannot be seen is said', () => {
    expect(describeFunction(js('(function () { return () => this })()') as Callable)).toMatchObject({
      unseen: 'the `this` of an outer function',
    });
  });
});

describe('the inspector', () => {
  test('is not asked for functions that use only their own and the language', () => {
    const fn = js('(a) => { console.log(a); return Math.max(a, JSON.stringify([undefined, NaN]).length) }') as Callable;
    const before = scopes.looks();
    expect(captured(fn)).toEqual({});
    expect(scopes.looks()).toBe(before);
  });

  test('is asked once about names of globals of Node', () => {
    const fn = js('() => [process.pid, performance.now()]') as Callable;
    const before = scopes.looks();
    captured(fn);
    captured(fn);
    expect(scopes.looks()).toBe(before + 1);
  });
});

describe('code that is named', () => {
  const name = (fn: unknown, thorough = false): string => {
    const description = describeFunction(fn as Callable, thorough);
    return description.kind === 'reference' ? referenceName(description.reference) : description.kind;
  };

  test.each<[string, unknown]>([
    ['Math.max', Math.max],
    ['Array.prototype.map', [].map],
    ['Map', Map],
    ['Promise.all', Promise.all],
    ['structuredClone', structuredClone],
    ['node:crypto.createHash', createHash],
    ['node:path.join', join],
    ['node:os.cpus', os.cpus],
    ['acorn/dist/acorn.mjs.parse', parse],
  ])('%s', (expected, fn) => {
    expect(name(fn)).toBe(expected);
  });

  test('functions of nobody without text', () => {
    let resolveIt: unknown;
    new Promise((resolve) => {
      resolveIt = resolve;
    });
    expect(name(resolveIt)).toBe('native');
  });
});

test('a module as TypeScript imports it into CommonJS is named, an object that looks like it is not', () => {
  const module = process.getBuiltinModule('node:os') as unknown as { readonly [name: string]: unknown };
  const copy: { [name: string]: unknown } = { default: module };
  for (const name of Object.keys(module))
    Object.defineProperty(copy, name, { enumerable: true, get: () => module[name] });
  expect(referenceTo(copy)).toEqual({ from: 'node', module: 'node:os', path: [], whole: 'import' });
  expect(referenceTo({ default: module })).toBeUndefined();
  expect(referenceTo({ default: module, mine: 1 })).toBeUndefined();
  expect(referenceTo({ default: module, EOL: 'other' })).toBeUndefined();
});

test('bound functions', () => {
  const target = (a: number, b: number): number => a + b;
  const self = {};
  const description: FunctionDescription = describeFunction(target.bind(self, 1) as Callable);
  expect(description).toMatchObject({ kind: 'bound', boundArguments: [1] });
  expect(description.kind === 'bound' && description.target).toBe(target);
  expect(description.kind === 'bound' && description.boundThis).toBe(self);
});

test('a host knows text and variables better', () => {
  const compiled = js('((__b_k) => (x) => x + __b_k.v)({ v: 4 })') as Callable;
  const host: FunctionHost = {
    source: (fn) => (fn === compiled ? '(x) => x + k' : undefined),
    variable: (variable, scope) => {
      const box = scope(`__b_${variable}`);
      return box && { value: (box.value as { v: unknown }).v };
    },
  };
  const place = globalThis as { [key: symbol]: unknown };
  place[Symbol.for('fleche.functionHost')] = host;
  try {
    expect(captured(compiled)).toEqual({ k: 4 });
    const here = js('(x) => x + k') as Callable;
    const description = describeFunction(compiled);
    expect('source' in description && description.source).toBe((describeFunction(here) as { source: string }).source);
  } finally {
    delete place[Symbol.for('fleche.functionHost')];
  }
});
