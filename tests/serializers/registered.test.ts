/** Instances of registered classes: through every rung, here and in a process with and without the registration. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { registerClass } from '../../src/internal/class-registry.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { joined, roundTrip, source } from './bytes.js';
import { type Compiled, compiled } from './second-process.js';

class Money {
  readonly #cents: number;
  constructor(cents: number) {
    this.#cents = cents;
  }
  get cents(): number {
    return this.#cents;
  }
}
class Plain {
  x = 1;
  next: unknown;
}
class Sub extends Plain {}
class Bad {
  #n = 1;
  n(): number {
    return this.#n;
  }
}
class Holder {
  readonly held: unknown;
  constructor(held: unknown) {
    this.held = held;
  }
}
registerClass(Money, { name: 'test.Money', toData: (money) => money.cents, fromData: (cents) => new Money(cents) });
registerClass(Plain, { name: 'test.Plain' });
registerClass(Bad, { name: 'test.Bad' });
registerClass(Holder, {
  name: 'test.Holder',
  toData: ({ held }) => ({ held }),
  fromData: ({ held }) => new Holder(held),
});

function failure(run: () => unknown, tag: 'Serialization' | 'Configuration'): string {
  try {
    run();
  } catch (error) {
    if (isFlecheError(error, tag)) return error.message;
    throw error;
  }
  return 'nothing was thrown';
}

describe.each([pickle, cloudpickle, dill])('$name', (serializer) => {
  test('makes them again by what was registered', () => {
    const five = new Money(5);
    const back = roundTrip(serializer, { a: [five, five], held: new Holder([new Money(7)]), Class: Money });
    expect(back.a[0]).toBeInstanceOf(Money);
    expect(back.a[0]?.cents).toBe(5);
    expect(back.a[1]).toBe(back.a[0]);
    expect((back.held.held as Money[])[0]?.cents).toBe(7);
    expect(back.Class).toBe(Money);
  });

  test('gives instances without toData their own fields, also in a circle', () => {
    const plain = new Plain();
    plain.next = { plain };
    const back = roundTrip(serializer, plain);
    expect(back).toBeInstanceOf(Plain);
    expect(back.x).toBe(1);
    expect((back.next as { plain: unknown }).plain).toBe(back);
  });

  test('refuses one that is in its own data', () => {
    const list: unknown[] = [];
    const holder = new Holder(list);
    list.push(holder);
    expect(failure(() => serializer.dump({ a: holder }), 'Serialization')).toMatch(
      new RegExp(`^cannot ${serializer.name} .* at \\.a`),
    );
  });

  test('refuses data that stands elsewhere too', () => {
    const shared = { n: 1 };
    expect(failure(() => serializer.dump({ shared, holder: new Holder(shared) }), 'Serialization')).toMatch(
      /a part that the data of a registered instance shares with others at .*; let toData copy what it gives$/,
    );
  });

  test('tells where data that it cannot hold stands', () => {
    expect(failure(() => serializer.dump({ a: new Holder({ w: [new WeakMap()] }) }), 'Serialization')).toBe(
      `cannot ${serializer.name} a WeakMap at .a → data of the registered test.Holder.held.w[0]; use a Map`,
    );
  });

  test('refuses private fields without toData', () => {
    expect(failure(() => serializer.dump([new Bad()]), 'Serialization')).toBe(
      `cannot ${serializer.name} an instance of the registered test.Bad at [0]; its own fields are not all of it; register it with toData and fromData`,
    );
  });
});

test('a subclass is a class of its own', () => {
  expect(failure(() => pickle.dump([new Sub()]), 'Serialization')).toBe(
    'cannot pickle an instance of Sub at [0]; cloudpickle can',
  );
  const back = roundTrip(cloudpickle, new Sub());
  expect([back instanceof Sub, back instanceof Plain, back.x]).toEqual([true, true, 1]);
});

describe('what the registration throws', () => {
  class Failing {}
  const failing = (toData: () => unknown, fromData: () => Failing): void =>
    registerClass(Failing, { name: 'test.Failing', toData, fromData });

  test('in toData is told with the path', () => {
    failing(
      () => {
        throw new Error('no data today');
      },
      () => new Failing(),
    );
    expect(failure(() => pickle.dump({ a: { b: [new Failing()] } }), 'Serialization')).toBe(
      'cannot pickle an instance of the registered test.Failing at .a.b[0]; its toData fails: Error: no data today',
    );
  });

  test('in fromData is told with the class', () => {
    failing(
      () => 1,
      () => {
        throw new Error('no instance today');
      },
    );
    const bytes = joined(pickle.dump([new Failing()]));
    expect(failure(() => pickle.load(source(bytes)), 'Configuration')).toBe(
      'the fromData of the class registered as test.Failing fails: Error: no instance today',
    );
  });
});

describe('a second process', () => {
  let code: Compiled;
  const file = (name: string): string => JSON.stringify(join(code.directory, name));
  const registration = `import { registerClass } from './src/internal/class-registry.js';
    class Money { #c; constructor(c) { this.#c = c } get cents() { return this.#c } }
    registerClass(Money, { name: 'Money', toData: (m) => ({ c: m.cents }), fromData: ({ c }) => new Money(c) });
    class Plain {} registerClass(Plain);`;
  beforeAll(() => {
    code = compiled();
  });
  afterAll(() => code.remove());

  test.each(['pickle', 'cloudpickle', 'dill'])(
    'reads them with the registration, and says what is missing: %s',
    (rung) => {
      const path = file(rung);
      code.run(
        `${registration} const p = Object.assign(new Plain(), { x: 1 }); p.p = p; dump('${rung}', ${path}, [new Money(5), p, Plain]);`,
      );
      const back = code.run(
        `${registration} const [m, p, C] = load('${rung}', ${path}); console.log(m instanceof Money, m.cents, p instanceof Plain, p.p === p, p.x, C === Plain)`,
      );
      expect(back).toBe('true 5 true true 1 true\n');
      const without = code.run(
        `try { load('${rung}', ${path}); console.log('read') } catch (e) { console.log(e.name + ': ' + e.message) }`,
      );
      expect(without).toMatch(
        /^ConfigurationError: the value holds an instance of a class registered as (Money|Plain), and none is here; call registerClass\(…\) with it first\n$/,
      );
    },
  );
});
