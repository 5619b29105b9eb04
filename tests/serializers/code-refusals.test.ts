import { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { cloudpickle, dill } from '../../src/serializers/index.js';
import type { Serializer } from '../../src/serializers/types.js';
import { roundTrip } from './bytes.js';

function failure(serializer: Serializer, value: unknown): string {
  try {
    serializer.dump(value);
  } catch (error) {
    if (isFlecheError(error, 'Serialization')) return error.message.replace(`cannot ${serializer.name} `, '');
    throw error;
  }
  return 'it was taken';
}

/** A value made by plain JavaScript, untouched by the compiler of the tests. */
function js(body: string): unknown {
  return new Function(body)();
}

describe('what code cannot be written', () => {
  test.each<[string, unknown, string]>([
    [
      'a running promise in a closure',
      js('const p = Promise.resolve(); return { f: () => p }'),
      'a Promise at .f → captured p; await it first',
    ],
    [
      'deep inside what a closure captures',
      js('const model = { cache: [1, new WeakMap()] }; return { step: () => model }'),
      'a WeakMap at .step → captured model.cache[1]; use a Map',
    ],
    [
      'through two closures',
      js('const m = new WeakSet(); const g = () => m; return () => g()'),
      'a WeakSet at → captured g → captured m; use a Set',
    ],
    [
      'the this of an outer function',
      js('return (function () { return () => this })()'),
      'a function that uses the `this` of an outer function at the value itself; make it a method, or keep `this` in a variable that it uses',
    ],
    [
      'super of a lone method',
      js('return { m() { return super.m() } }.m'),
      'a function that uses `super` outside of its class at the value itself; keep its class, or call the other method by its class',
    ],
    [
      'a variable whose declaration is not reached',
      js('return { f: () => late }; const late = 1;'),
      'a function that uses the variable late, which has no value yet at .f; wait until the variable is assigned',
    ],
    [
      'one that a method uses',
      js('return class { m() { return late } }; let late;'),
      'a class that uses the variable late, which has no value yet at the value itself; wait until the variable is assigned',
    ],
    [
      'eval',
      js('return (a) => eval(a)'),
      'a function that uses a direct `eval` at the value itself; nobody can tell which variables that uses',
    ],
    [
      'computed member names',
      js('const k = "x"; return class { [k]() {} }'),
      'a class with a member whose name is computed from variables at the value itself; write the name out, or set the member after the class is made',
    ],
    [
      'a lone method that uses private names',
      js('class A { #n = 1; m() { return this.#n } } return A.prototype.m'),
      "a function that cannot stand alone at the value itself; SyntaxError: Private field '#n' must be declared in an enclosing class",
    ],
    [
      'two classes that seem to share a variable, without methods',
      js('let c = 0; return [class { x = ++c }, class { y = ++c }]'),
      'a function that seems to share the variable c with the function at [0] at [1]; whether they do cannot be told: none of them can be stopped where the variable is; keep the state in an object',
    ],
    [
      'a native function of nobody',
      js('let r; new Promise((resolve) => { r = resolve }); return [r]'),
      'a native function at [0]; it has no text and no name; keep a function of your own that calls it',
    ],
    ['a Proxy of a function', new Proxy(() => 1, {}), 'a Proxy at the value itself; keep the function behind it'],
    [
      'an emitter',
      { e: new EventEmitter() },
      'an instance of EventEmitter at .e; a class of a package keeps state under symbols in it; register it with registerClass(…)',
    ],
    [
      'a server',
      createServer(),
      'an instance of Server at the value itself; a class of a package keeps state under symbols in it; register it with registerClass(…)',
    ],
    [
      'a Blob',
      new Blob(['x']),
      'an instance of Blob at the value itself; a class of a package keeps state under symbols in it; register it with registerClass(…)',
    ],
    [
      'Headers',
      new Headers(),
      'an instance of Headers at the value itself; a class of a package keeps private fields in it; register it with registerClass(…)',
    ],
    [
      'a collator',
      new Intl.Collator(),
      'an instance of Collator at the value itself; its state cannot be read; keep the data behind it, or register its class with registerClass(…)',
    ],
    [
      'a running generator',
      js('return [(function* () { yield 1 })()]'),
      'a running generator at [0]; collect its values first',
    ],
  ])('%s', (_, value, message) => {
    expect(failure(cloudpickle, value)).toBe(message);
    expect(failure(dill, value)).toBe(message);
  });

  test.each<[string, unknown, string]>([
    [
      'private fields',
      js('class A { #n = 1 } return [new A()]'),
      'an instance of A, which has private fields at [0]; dill can',
    ],
    [
      'a getter in an instance',
      js('class A {} return Object.defineProperty(new A(), "g", { get() { return 1 } })'),
      'a getter or setter at .g; dill can',
    ],
    [
      'private static fields',
      js('return class { static #n = 1 }'),
      'a class with private static fields at the value itself; dill can',
    ],
    ['a symbol', [Symbol('x')], 'the symbol Symbol(x) at [0]; dill can; Symbol.for(…) symbols can be held by all'],
    [
      'a method that stands for another one',
      js('class A { m() { return 1 } n() { return 2 } } A.prototype.m = A.prototype.n; return A'),
      'a hidden (non-enumerable) property at .prototype.m; dill can',
    ],
    [
      'a replaced method',
      js('class A { m() {} } Object.defineProperty(A.prototype, "m", { value: () => 2 }); return A'),
      'a hidden (non-enumerable) property at .prototype.m; dill can',
    ],
  ])('cloudpickle leaves to dill: %s', (_, value, message) => {
    expect(failure(cloudpickle, value)).toBe(message);
    expect(failure(dill, value)).toBe('it was taken');
  });
});

describe('depth', () => {
  test('10,000 instances in a list', () => {
    interface Node {
      next: Node | undefined;
      n: number;
    }
    const NodeClass = js('return class Node { constructor(n, next) { this.n = n; this.next = next } }') as new (
      n: number,
      next?: Node,
    ) => Node;
    let list: Node | undefined;
    for (let n = 0; n < 10_000; n += 1) list = new NodeClass(n, list);
    let at: Node | undefined = roundTrip(cloudpickle, list);
    const Class = (at as object).constructor;
    for (let n = 9_999; n >= 0; n -= 1) {
      if (at?.n !== n || at.constructor !== Class) expect.unreachable();
      at = at.next;
    }
    expect(at).toBeUndefined();
  });

  test('1,000 closures, each over the next', () => {
    const chain = js(
      'let f = (x) => x; for (let i = 0; i < 1000; i++) { const g = f; f = (x) => g(x) + 1 } return f',
    ) as (x: number) => number;
    expect(roundTrip(cloudpickle, chain)(0)).toBe(1000);
  });
});

test('a function keeps its text, so that it can be written again', () => {
  const Class = js(
    'class B { b() { return 1 } } class A extends B { #n = 2; a() { return this.#n + super.b() } } return A',
  ) as { new (): { a(): number }; toString(): string };
  const once = roundTrip(dill, Class);
  const twice = roundTrip(dill, once);
  expect(new twice().a()).toBe(3);
});
