/** What counts of an instance: its class, the class's code, its fields, the private ones too, or what it says of itself. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { D, digest } from '../../src/digest/index.js';
import { IndigestibleError, registerClass } from '../../src/index.js';
import { cloudpickle } from '../../src/serializers/index.js';

/** A class from its text, as a cell makes it. */
function classFrom(text: string, scope: Readonly<Record<string, unknown>> = {}): new (...args: unknown[]) => object {
  const make = new Function(...Object.keys(scope), `return ${text}`) as (...values: unknown[]) => unknown;
  return make(...Object.values(scope)) as new (
    ...args: unknown[]
  ) => object;
}
const instanceOf = (text: string, scope?: Readonly<Record<string, unknown>>): object => new (classFrom(text, scope))();

describe('the code of a class counts with its instances', () => {
  const model = (body: string): object => instanceOf(`class Model { constructor() { this.w = 1 } ${body} }`);

  test('an edited method makes another value, formatting does not', () => {
    expect(digest(model('f(x) { return x + 1 }'))).toBe(digest(model('f(x) { return x + 1 }')));
    expect(digest(model('f(x) { return x + 1 }'))).toBe(digest(model('/* plus */ f(x) {\n return (x+1);\n}')));
    expect(digest(model('f(x) { return x + 1 }'))).not.toBe(digest(model('f(x) { return x + 2 }')));
  });

  test('so does an edited base, helper or constant, not an output of the class', () => {
    const derived = (Base: unknown): object => instanceOf('class B extends Base { }', { Base });
    const base = (n: number): unknown => classFrom(`class Base { f() { return ${n} } }`);
    expect(digest(derived(base(1)))).toBe(digest(derived(base(1))));
    expect(digest(derived(base(1)))).not.toBe(digest(derived(base(2))));
    const using = (helper: unknown): object => instanceOf('class A { f(x) { return helper(x) } }', { helper });
    expect(digest(using((x: number) => x + 1))).toBe(digest(using((x: number) => x + 1)));
    expect(digest(using((x: number) => x + 1))).not.toBe(digest(using((x: number) => x + 2)));
    const Counted = new Function(
      'let made = 0; return class Counted { constructor() { made += 1 } f() { return 1 } }',
    )() as new () => object;
    expect(digest(new Counted())).toBe(digest(new Counted()));
  });

  test('what is captured is read anew', () => {
    const settings = { scale: 1 };
    const value = instanceOf('class A { f(x) { return x * settings.scale } }', { settings });
    const before = digest(value);
    settings.scale = 2;
    expect(digest(value)).not.toBe(before);
    settings.scale = 1;
    expect(digest(value)).toBe(before);
  });

  test('a method that is put on the prototype later counts, static state does not', () => {
    const value = model('');
    const before = digest(value);
    const Class = value.constructor as unknown as { prototype: { late?: unknown }; runs?: number };
    Class.runs = 7;
    expect(digest(value)).toBe(before);
    Class.prototype.late = () => 1;
    const with1 = digest(value);
    Class.prototype.late = () => 2;
    expect(new Set([before, with1, digest(value)]).size).toBe(3);
    delete Class.prototype.late;
    expect(digest(value)).toBe(before);
  });

  test('classes that hold instances of themselves have a digest', () => {
    const known = new Map<string, object>();
    const Named = classFrom('class Named { constructor(name) { this.name = name; known.set(name, this) } }', { known });
    const one = new Named('one');
    expect(digest(one)).toBe(digest(one));
  });

  test('an instance that cloudpickle wrote and read has the digest that it had', () => {
    const scope = { Base: classFrom('class Base { f() { return 1 } }') };
    for (const value of [model('f() { return 1 }'), instanceOf('class B extends Base { x = 1 }', scope)]) {
      const bytes = Buffer.concat(cloudpickle.dump(value).map((part) => Buffer.from(part)));
      const source = {
        sizeBytes: bytes.length,
        read: (into: Uint8Array, at: number) => void into.set(bytes.subarray(at, at + into.length)),
      };
      expect(digest(cloudpickle.load(source as never))).toBe(digest(value));
    }
  });
});

describe('private fields', () => {
  class Secret {
    #a: unknown;
    readonly #twice = (n: number): number => n * 2;
    constructor(a: unknown) {
      this.#a = a;
    }
    a(): unknown {
      return this.#double(this.#twice(1)) === 4 ? this.#a : 0;
    }
    #double(n: number): number {
      return n * 2;
    }
  }
  class Derived extends Secret {
    readonly #b: number;
    constructor(a: unknown, b: number) {
      super(a);
      this.#b = b;
    }
    b(): number {
      return this.#b;
    }
  }

  test('count, also those of bases and in cycles', () => {
    expect(digest(new Secret(1))).toBe(digest(new Secret(1)));
    const self: { held?: unknown } = {};
    self.held = new Secret(self);
    const values = [new Secret(1), new Secret([1]), new Derived(1, 1), new Derived(1, 2), new Derived(2, 1), self];
    expect(new Set(values.map((value) => digest(value))).size).toBe(values.length);
  });

  test('count where a compiler keeps them in a WeakMap', () => {
    const Kept = new Function(`
      var _count = new WeakMap();
      return class Kept { constructor(n) { _count.set(this, n) } get count() { return _count.get(this) } }`)() as new (
      n: number,
    ) => object;
    expect(digest(new Kept(1))).toBe(digest(new Kept(1)));
    expect(digest(new Kept(1))).not.toBe(digest(new Kept(2)));
  });

  test('what they hold is refused with its path', () => {
    expect(() => digest({ at: new Secret(Promise.resolve()) }, 'args[0]')).toThrow(
      'cannot digest a Promise at args[0].at.#a',
    );
  });
});

describe('what a class says of its instances', () => {
  const own = Symbol.for('fleche.digest');

  test('a method of its own takes the place of the fields', () => {
    class Handle {
      readonly opened = Math.random();
      readonly file: string;
      constructor(file: string) {
        this.file = file;
      }
      [own](): unknown {
        return [this.file];
      }
    }
    class Other extends Handle {}
    expect(digest(new Handle('a'))).toBe(digest(new Handle('a')));
    expect(digest([new Handle('a')])).not.toBe(digest([['a']]));
    expect(new Set([new Handle('a'), new Handle('b'), new Other('a')].map((value) => digest(value))).size).toBe(3);
  });

  test('what it gives may hold the instance, a digest, or what is refused', () => {
    class Loop {
      [own](): unknown {
        return { me: this };
      }
    }
    class Known {
      [own](): unknown {
        return D(digest('known'));
      }
    }
    class Bad {
      [own](): unknown {
        return { at: Promise.resolve() };
      }
    }
    class Thrower {
      [own](): unknown {
        throw new Error('not open');
      }
    }
    expect(digest(new Loop())).toBe(digest(new Loop()));
    expect(digest(new Known())).toBe(digest(new Known()));
    expect(() => digest({ bad: new Bad() })).toThrow("a Promise at .bad[Symbol.for('fleche.digest')]().at");
    expect(() => digest({ bad: [new Thrower()] })).toThrow(/at \.bad\[0\].*not open/);
  });

  test('registration does it from outside, by the registered name and without the code', () => {
    const closed = (body: string): (new (n: number) => object) =>
      classFrom(`class Closed { #n; constructor(n) { this.#n = n } get n() { return this.#n } ${body} }`);
    const [One, Two] = [closed(''), closed('other() {}')];
    for (const Class of [One, Two])
      registerClass(Class, { name: 'test.Closed', toData: (it) => (it as { n: number }).n });
    expect(digest(new One(1))).toBe(digest(new Two(1)));
    expect(digest(new One(1))).not.toBe(digest(new One(2)));
    registerClass(classFrom('class Named { x = 1 }'), { name: 'test.Named' });
  });
});

describe('what cannot be told apart is refused', () => {
  test.each([
    ['a Proxy of an object', new Proxy({ a: 1 }, {}), 'a Proxy'],
    ['a Proxy of an array', new Proxy([1], {}), 'a Proxy'],
    ['a revoked Proxy', Proxy.revocable({}, {}).proxy, 'a Proxy'],
    ['shared memory', new Uint8Array(new SharedArrayBuffer(4)), 'a view onto shared memory'],
    ['the global object', globalThis, 'the global object'],
    ['an imitation of a URL', Object.create(URL.prototype), 'what cannot be read'],
    ['a collator', new Intl.Collator('de'), 'a Collator'],
  ])('%s', (_name, value, what) => {
    expect(() => digest({ deep: [value] })).toThrow(IndigestibleError);
    expect(() => digest({ deep: [value] })).toThrow(`cannot digest ${what} at .deep[0]`);
  });

  test('a tag that is not true is not believed', () => {
    const fake = { [Symbol.toStringTag]: 'Date' };
    expect(digest(fake)).not.toBe(digest(new Date(0)));
    class Fake {
      get [Symbol.toStringTag](): string {
        return 'Map';
      }
    }
    expect(digest(new Fake())).not.toBe(digest(new Map()));
  });
});

test('a getter counts as its code and is not called', () => {
  let calls = 0;
  const counting = (): object => ({
    get a() {
      calls += 1;
      return 1;
    },
  });
  const throwing = {
    get a(): number {
      throw new Error('never');
    },
  };
  expect(digest(throwing)).toMatch(/^[0-9a-f]{64}$/);
  expect(digest(throwing)).not.toBe(digest({ a: 1 }));
  try {
    digest(counting());
  } catch (error) {
    expect(error).toBeInstanceOf(IndigestibleError);
  }
  expect(calls).toBe(0);
});

test('arrays of billions of holes count by what is there', () => {
  const sparse = (at: number, length: number): unknown[] => {
    const array: unknown[] = [];
    array[at] = 'x';
    array.length = length;
    return array;
  };
  expect(digest(sparse(3e9, 4e9))).toBe(digest(sparse(3e9, 4e9)));
  expect(new Set([sparse(3e9, 4e9), sparse(3e9, 3.5e9), sparse(2e9, 4e9)].map((value) => digest(value))).size).toBe(3);
  expect(digest(Object.assign(sparse(3e9, 4e9), { join }))).not.toBe(digest(sparse(3e9, 4e9)));
});
