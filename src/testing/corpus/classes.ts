import assert from 'node:assert/strict';
import { type NamedValue, script, valuesOf } from './named-value.js';

const { code, everything, impossible } = valuesOf('classes');

/** Checks what an expression that uses the class as `C` gives. */
const using = (expression: string, expected: unknown): { readonly check: (actual: unknown) => void } => ({
  check: (actual) => {
    const use = new Function('C', `return ${expression}`) as (Class: unknown) => unknown;
    assert.deepStrictEqual(use(actual), expected);
  },
});

/** Classes of every form. Their texts are as the user wrote them: no compiler has touched them. */
export const classes: readonly NamedValue[] = [
  code('an empty class', () => script('return class Empty {}'), using('new C() instanceof C', true)),
  code('a class without a name', () => script('return class { m() { return 1 } }'), using('new C().m()', 1)),
  code(
    'a class with a constructor and methods',
    () => script('return class Point { constructor(x) { this.x = x } twice() { return 2 * this.x } }'),
    using('new C(4).twice()', 8),
  ),
  code(
    'a class with fields',
    () => script('return class Fields { a = 1; b = this.a + 1; ["c"] = 3; "d e" = 4; 5 = 5; f }'),
    using('({ ...new C() })', { 5: 5, a: 1, b: 2, c: 3, 'd e': 4, f: undefined }),
  ),
  code(
    'a class with private members',
    () =>
      script(
        'return class Safe { #n = 1; #twice() { return 2 * this.#n } get #next() { return this.#n + 1 } all() { return [this.#n, this.#twice(), this.#next, #n in this] } }',
      ),
    using('new C().all()', [1, 2, 2, true]),
  ),
  code(
    'a class with accessors',
    () => script('return class A { #c = 0; get f() { return this.#c * 2 } set f(v) { this.#c = v / 2 } }'),
    using('Object.assign(new C(), { f: 8 }).f', 8),
  ),
  code(
    'a class with static members',
    () =>
      script(
        'return class S { static n = 1; static add(m) { return this.n + m } static get next() { return this.n + 1 } }',
      ),
    using('[C.n, C.add(4), C.next]', [1, 5, 2]),
  ),
  code(
    'a class whose static state has changed',
    () =>
      script(
        'class S { static made = 0; static list = []; constructor() { S.made++; S.list.push(S.made) } } new S(); new S(); return S',
      ),
    using('(new C(), [C.made, C.list])', [3, [1, 2, 3]]),
  ),
  code(
    'a class with a static block',
    () =>
      script(
        'return class S { static table = new Map(); static { for (const k of ["a", "b"]) this.table.set(k, k + k) } }',
      ),
    using('[...C.table]', [
      ['a', 'aa'],
      ['b', 'bb'],
    ]),
  ),
  code(
    'a class with generators and symbols',
    () =>
      script(
        'return class I { *[Symbol.iterator]() { yield* [1, 2] } async *slow() { yield 1 } static [Symbol.hasInstance](x) { return x === 1 } }',
      ),
    using('[[...new C()], 1 instanceof C]', [[1, 2], true]),
  ),
  code(
    'a class with a base',
    () =>
      script(
        'class A { who() { return "a" } static of() { return new this() } } return class B extends A { who() { return super.who() + "b" } }',
      ),
    using('C.of().who()', 'ab'),
  ),
  code(
    'a class with three bases and a built-in',
    () =>
      script(
        'class A extends Map { first() { return [...this.keys()][0] } } class B extends A {} class C extends B { constructor() { super([["k", 1]]) } } return C',
      ),
    using('new C().first()', 'k'),
  ),
  code(
    'a class made by a mixin',
    () =>
      script(
        'const Named = (Base) => class extends Base { name() { return "mixed " + super.kind() } }; class A { kind() { return "a" } } return class M extends Named(A) {}',
      ),
    using('new C().name()', 'mixed a'),
  ),
  code(
    'a class that extends null',
    () =>
      script('return class N extends null { static make() { return Object.create(N.prototype) } m() { return 1 } }'),
    using('C.make().m()', 1),
  ),
  code(
    'a class over captured values',
    () => script('const factor = 3, help = (n) => n * factor; return class K { times(n) { return help(n) } }'),
    using('new C().times(4)', 12),
  ),
  code(
    'a class that makes itself',
    () => script('return class Node_ { constructor(n = 0) { this.next = n > 0 ? new Node_(n - 1) : null } }'),
    using('new C(2).next.next.next', null),
  ),
  code(
    'two classes that know each other',
    () => script('class A { other() { return new B() } } class B { other() { return new A() } } return [A, B]'),
    {
      check: (actual) => {
        const [A, B] = actual as (new () => { other(): unknown })[];
        assert.ok(A !== undefined && B !== undefined && new A().other() instanceof B && new B().other() instanceof A);
      },
    },
  ),
  code(
    'a class with a method added later',
    () => script('class L {} L.prototype.later = function () { return 9 }; L.note = "x"; return L'),
    using('[new C().later(), C.note]', [9, 'x']),
  ),
  code(
    'a frozen class',
    () => script('class F { m() { return 1 } } Object.freeze(F); return F'),
    using('Object.isFrozen(C)', true),
  ),
  everything('a class with private static members', () =>
    script('return class P { static #made = 0; static make() { P.#made++; return P.#made } }'),
  ),
  impossible('a class with computed names from outside', () =>
    script('const key = "k"; return class X { [key]() { return 1 } }'),
  ),
];
