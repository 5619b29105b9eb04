import { type NamedValue, valuesOf } from './named-value.js';

const closed = valuesOf('frozen, sealed and non-extensible objects');
const hidden = valuesOf('hidden and read-only properties');
const accessors = valuesOf('getters and setters');

/** Objects that are closed, and properties that are not as usual. */
export const properties: readonly NamedValue[] = [
  closed.data('a frozen object', () => Object.freeze({ a: 1 }), { sameContentAs: '{ a: 1 }' }),
  closed.data('a sealed object', () => Object.seal({ a: 1 }), { sameContentAs: '{ a: 1 }' }),
  closed.data('an object that is not extensible', () => Object.preventExtensions({ a: 1 }), {
    sameContentAs: '{ a: 1 }',
  }),
  closed.data('an empty frozen object', () => Object.freeze({}), { sameContentAs: '{}' }),
  closed.data('a frozen array', () => Object.freeze([1, 2]), { sameContentAs: '[1, 2]' }),
  closed.data('a sealed array', () => Object.seal([1, 2]), { sameContentAs: '[1, 2]' }),
  closed.data('an array that is not extensible', () => Object.preventExtensions([1, 2]), { sameContentAs: '[1, 2]' }),
  closed.data('a frozen array with holes', () => Object.freeze(Object.assign(new Array(3), { 1: 'x' }))),
  closed.data('a frozen array with a property', () => Object.freeze(Object.assign([1], { note: 'x' }))),
  closed.data('a frozen Map', () => Object.freeze(new Map([['a', 1]]))),
  closed.data('a frozen Set', () => Object.freeze(new Set(['a']))),
  closed.data('a frozen Date', () => Object.freeze(new Date(7))),
  closed.data('a frozen RegExp', () => Object.freeze(/a/g), { sameContentAs: 'a RegExp that has not matched yet' }),
  closed.data('a frozen boxed text', () => Object.freeze(Object('text') as object)),
  closed.data(
    'a frozen object without a prototype',
    () => Object.freeze(Object.assign(Object.create(null) as object, { a: 1 })),
    { sameContentAs: 'an object without a prototype' },
  ),
  closed.data('frozen through and through', () =>
    Object.freeze({
      list: Object.freeze([1, Object.freeze({ x: 1 })]),
      map: Object.freeze(new Map([[1, Object.freeze([2])]])),
    }),
  ),
  closed.data('frozen on the outside only', () => Object.freeze({ open: { x: 1 }, list: [1] })),
  closed.data('a frozen circle', () => {
    const a: Record<string, unknown> = {};
    a.b = Object.freeze({ a });
    return Object.freeze(a);
  }),
  closed.code('a frozen function', () => Object.freeze((n: number) => n + 1)),
  hidden.everything('a property that is not enumerable', () => Object.defineProperty({ a: 1 }, 'b', { value: 2 })),
  ...[0, 1, 2, 3, 4, 5, 6].map((bits) => {
    const flags = { writable: (bits & 1) > 0, enumerable: (bits & 2) > 0, configurable: (bits & 4) > 0 };
    const words = Object.entries(flags).flatMap(([name, on]) => (on ? [name] : []));
    const name = `a property that is ${words.join(', ') || 'nothing'}`;
    const alike = `a property that is ${flags.enumerable ? 'enumerable' : 'nothing'}`;
    return hidden.everything(
      name,
      () => Object.defineProperty({}, 'x', { value: 1, ...flags }),
      name === alike ? {} : { sameContentAs: alike },
    );
  }),
  hidden.everything('a hidden symbol', () => Object.defineProperty({ a: 1 }, Symbol.for('h'), { value: 1 })),
  hidden.everything('a hidden element of an array', () => Object.defineProperty([1, 2, 3], 1, { enumerable: false })),
  hidden.everything('an array of fixed length', () => Object.defineProperty([1, 2], 'length', { writable: false }), {
    sameContentAs: '[1, 2]',
  }),
  hidden.everything('a hidden property of a frozen object', () =>
    Object.freeze(Object.defineProperty({ a: 1 }, 'b', { value: { deep: 2 } })),
  ),
  hidden.everything(
    'a hidden function that is used',
    () =>
      Object.defineProperty({ n: 2 }, 'twice', {
        value(this: { n: number }) {
          return 2 * this.n;
        },
      }),
    {
      check: (actual) => {
        const twice = (actual as { twice(): number }).twice();
        if (twice !== 4) throw new Error(`twice 2 is ${twice}`);
      },
    },
  ),
  accessors.everything(
    'a getter',
    () => ({
      n: 1,
      get next(): number {
        return (this as { n: number }).n + 1;
      },
    }),
    {
      check: (actual) => {
        const it = actual as { n: number; readonly next: number };
        it.n = 5;
        if (it.next !== 6) throw new Error(`after 5 comes ${it.next}`);
      },
    },
  ),
  accessors.everything(
    'a setter',
    () => ({
      n: 1,
      set half(value: number) {
        (this as { n: number }).n = value / 2;
      },
    }),
    {
      check: (actual) => {
        const it = actual as { n: number; half: number };
        it.half = 8;
        if (it.n !== 4) throw new Error(`half of 8 is ${it.n}`);
      },
    },
  ),
  accessors.everything('a getter and setter', () => ({
    c: 0,
    get f(): number {
      return (this as { c: number }).c * 2;
    },
    set f(value: number) {
      (this as { c: number }).c = value / 2;
    },
  })),
  accessors.everything('a getter that throws', () => ({
    get never(): number {
      throw new Error('a getter was run');
    },
  })),
  accessors.everything('a getter in an array', () =>
    Object.defineProperty([1, 2], 1, { get: () => 7, enumerable: true, configurable: true }),
  ),
  accessors.everything('a hidden getter', () => Object.defineProperty({}, 'h', { get: () => 1 })),
  accessors.everything('a getter under a symbol', () => ({
    get [Symbol.for('g')]() {
      return 1;
    },
  })),
  accessors.everything('a getter of a frozen object', () =>
    Object.freeze({
      get a() {
        return 1;
      },
      b: 2,
    }),
  ),
  accessors.everything(
    'a getter that counts',
    () => {
      let count = 0;
      return {
        get count() {
          count += 1;
          return count;
        },
      };
    },
    {
      check: (actual) => {
        const counter = actual as { readonly count: number };
        const counts = [counter.count, counter.count];
        if (counts.join() !== '1,2') throw new Error(`it counts ${counts}`);
      },
    },
  ),
];
