import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type NamedValue, valuesOf } from './named-value.js';

const plain = valuesOf('instances of classes');
const secret = valuesOf('instances with private fields');
const derived = valuesOf('instances of classes derived from built-in ones');

class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  norm(): number {
    return Math.hypot(this.x, this.y);
  }
}

class Celsius {
  degrees = 20;
  get fahrenheit(): number {
    return (this.degrees * 9) / 5 + 32;
  }
  set fahrenheit(value: number) {
    this.degrees = ((value - 32) * 5) / 9;
  }
  get [Symbol.toStringTag](): string {
    return 'Celsius';
  }
}

class Tree {
  readonly children: Tree[] = [];
  parent: Tree | undefined;
  add(child: Tree): this {
    child.parent = this;
    this.children.push(child);
    return this;
  }
}

class Counter {
  #count = 41;
  next(): number {
    this.#count += 1;
    return this.#count;
  }
}

class Account {
  readonly #log: number[] = [];
  #peer: Account | undefined;
  #total(): number {
    return this.#log.reduce((sum, each) => sum + each, 0);
  }
  pay(amount: number): this {
    this.#log.push(amount);
    return this;
  }
  link(peer: Account): this {
    this.#peer = peer;
    return this;
  }
  get balance(): number {
    return this.#total();
  }
  get peer(): Account | undefined {
    return this.#peer;
  }
}

class Saving extends Account {
  readonly #rate: number;
  note = 'public';
  constructor(rate: number) {
    super();
    this.#rate = rate;
  }
  get interest(): number {
    return this.balance * this.#rate;
  }
}

class Stack<T> extends Array<T> {
  top(): T | undefined {
    return this.at(-1);
  }
}
class DefaultMap<K> extends Map<K, number> {
  readonly initial = 7;
  override get(key: K): number {
    return super.get(key) ?? this.initial;
  }
}
class Bag extends Set<string> {
  joined(): string {
    return [...this].join('+');
  }
}
class Day extends Date {
  isMonday(): boolean {
    return this.getUTCDay() === 1;
  }
}
class Pattern extends RegExp {
  hits(text: string): boolean {
    return this.test(text);
  }
}
class Metres extends Number {
  unit = 'm';
}
class Title extends String {}
class Pixels extends Uint8Array {
  brightest(): number {
    return Math.max(...this);
  }
}
class Later extends Promise<number> {}
class Link extends URL {}
class Emitter extends EventEmitter {}

/** Instances of classes of the user's. */
export const instances: readonly NamedValue[] = [
  plain.code('an instance of a class', () => new Point(3, 4), {
    check: (actual) => assert.equal((actual as Point).norm(), 5),
  }),
  plain.code('an instance with another number', () => new Point(3, 5)),
  plain.code('three instances of a class', () => [new Point(1, 2), new Point(1, 2), new Point(2, 1)], {
    check: (actual) => {
      const [a, b] = actual as [Point, Point];
      assert.equal(a.constructor, b.constructor);
    },
  }),
  plain.code('a class with an instance of it', () => ({ Point, point: new Point(1, 2) }), {
    check: (actual) => {
      const it = actual as { Point: typeof Point; point: Point };
      assert.ok(it.point instanceof it.Point);
    },
  }),
  plain.code('an instance with accessors', () => new Celsius(), {
    check: (actual) => {
      const it = actual as Celsius;
      it.fahrenheit = 212;
      assert.equal(it.degrees, 100);
      assert.equal(String(it), '[object Celsius]');
    },
  }),
  plain.code('instances in a cycle', () => new Tree().add(new Tree()).add(new Tree().add(new Tree())), {
    check: (actual) => assert.equal((actual as Tree).children[1]?.parent, actual),
  }),
  plain.code('an instance with an undeclared property', () => Object.assign(new Point(1, 2), { label: 'p' })),
  plain.code('a frozen instance', () => Object.freeze(new Point(1, 2))),
  plain.code('a prototype of a class', () => Point.prototype),
  plain.code(
    'an object made from an instance',
    () => Object.assign(Object.create(new Point(1, 2)) as object, { own: 1 }),
    {
      check: (actual) => assert.equal((actual as Point).x, 1),
    },
  ),
  plain.everything('an instance with a hidden property', () =>
    Object.defineProperty(new Point(1, 2), 'z', { value: 3 }),
  ),
  plain.everything('an instance with a symbol of its own', () => Object.assign(new Point(1, 2), { [Symbol('s')]: 3 })),
  secret.everything('an instance with a private field', () => new Counter(), {
    check: (actual) => assert.equal((actual as Counter).next(), 42),
  }),
  secret.everything(
    'an instance whose private field has changed',
    () => {
      const counter = new Counter();
      counter.next();
      return counter;
    },
    { check: (actual) => assert.equal((actual as Counter).next(), 43) },
  ),
  secret.everything('an instance with private data and methods', () => new Account().pay(3).pay(4), {
    check: (actual) => assert.equal((actual as Account).pay(1).balance, 8),
  }),
  secret.everything('an instance with private fields of two classes', () => new Saving(0.5).pay(10), {
    check: (actual) => assert.deepStrictEqual([(actual as Saving).interest, (actual as Saving).note], [5, 'public']),
  }),
  secret.everything(
    'instances that hold each other in private fields',
    () => {
      const [a, b] = [new Account(), new Account()];
      return { a: a.link(b), b: b.link(a) };
    },
    {
      check: (actual) => {
        const { a, b } = actual as { a: Account; b: Account };
        assert.ok(a.peer === b && b.peer === a && a !== b);
      },
    },
  ),
  derived.code('an instance of a subclass of Array', () => Stack.of(1, 2, 3), {
    check: (actual) => {
      const stack = actual as Stack<number>;
      assert.deepStrictEqual([stack.top(), stack.length, Array.isArray(stack)], [3, 3, true]);
      assert.equal(stack.map((n) => n).constructor, stack.constructor);
    },
  }),
  derived.code('a subclass of Array with holes and a property', () =>
    Object.assign(new Stack<number>(4), { 1: 5, note: 'x' }),
  ),
  derived.code('an instance of a subclass of Map', () => new DefaultMap([['a', 1]]), {
    check: (actual) => {
      const map = actual as DefaultMap<string>;
      assert.deepStrictEqual([map.get('a'), map.get('b'), map.size], [1, 7, 1]);
    },
  }),
  derived.code('an instance of a subclass of Set', () => new Bag(['a', 'b']), {
    check: (actual) => assert.equal((actual as Bag).joined(), 'a+b'),
  }),
  derived.code('an instance of a subclass of Date', () => new Day(Date.UTC(2026, 0, 5)), {
    check: (actual) => assert.equal((actual as Day).isMonday(), true),
  }),
  derived.code('an instance of a subclass of RegExp', () => Object.assign(new Pattern('a.c', 'gi'), { lastIndex: 1 }), {
    check: (actual) => assert.equal((actual as Pattern).hits('xABC'), true),
  }),
  derived.code('an instance of a subclass of Number', () => new Metres(3), {
    check: (actual) => assert.deepStrictEqual([Number(actual), (actual as Metres).unit], [3, 'm']),
  }),
  derived.code('an instance of a subclass of String', () => new Title('ab'), {
    check: (actual) => assert.equal(`${actual as string}!`, 'ab!'),
  }),
  derived.code('an instance of a subclass of Uint8Array', () => Pixels.of(1, 9, 3), {
    check: (actual) => assert.equal((actual as Pixels).brightest(), 9),
  }),
  derived.impossible('an instance of a subclass of Promise', () => Later.resolve(1)),
  derived.code('an instance of a subclass of URL', () => new Link('https://example.org')),
  derived.impossible('an instance of a subclass of EventEmitter', () => new Emitter()),
];
