import { afterEach, describe, expect, test } from 'vitest';
import { cloudpickle, dill } from '../../src/serializers/index.js';
import { joined, roundTrip, source } from './bytes.js';
import { compiled } from './second-process.js';

interface Made {
  new (...args: unknown[]): object;
  [key: string]: unknown;
}

/** A class made by plain JavaScript, untouched by the compiler of the tests. */
function js<T = Made>(body: string): T {
  return new Function(body)() as T;
}

const hostKey = Symbol.for('fleche.functionHost');
const place = globalThis as { [key: symbol]: unknown };

/** As a kernel whose cells have run: the notebook's variables. */
function notebook(variables: { readonly [name: string]: unknown }): void {
  place[hostKey] = {
    source: () => undefined,
    variable: (name: string, scope: (name: string) => unknown) => scope(name),
    current: (name: string) => (Object.hasOwn(variables, name) ? { value: variables[name] } : undefined),
  };
}

describe.each([cloudpickle, dill])('in the process that wrote it, $name', (serializer) => {
  test('an instance has its class', () => {
    const Class = js('const k = [1]; return class Own { m() { return k } }');
    const back = roundTrip(serializer, { made: new Class(), Class });
    expect(back.made).toBeInstanceOf(Class);
    expect(back.Class).toBe(Class);
  });

  test('also after its state has changed', () => {
    const Class = js('return class Counted { static count = 0; constructor() { Counted.count += 1 } }');
    const bytes = joined(serializer.dump(new Class()));
    new Class();
    expect(serializer.load(source(bytes))).toBeInstanceOf(Class);
    expect(Class.count).toBe(2);
  });

  test('classes of one code and other captures or statics are told apart', () => {
    const make = js<(k: unknown) => Made>('return (k) => class Made { get() { return k } }');
    const [one, two] = [make(1), make(2)];
    const back = roundTrip(serializer, [new two(), new one()]);
    expect([back[0] instanceof two, back[1] instanceof one]).toEqual([true, true]);
    const table = js<(name: string) => Made>('return (name) => { class Model {} Model.table = name; return Model }');
    const [users, orders] = [table('users'), table('orders')];
    const models = roundTrip(serializer, [new orders(), new users()]);
    expect([models[0] instanceof orders, models[1] instanceof users]).toEqual([true, true]);
  });

  test('two classes that look the same stay two', () => {
    const make = js<() => Made>('return () => class Twin {}');
    const back = roundTrip(serializer, [new (make())(), new (make())()]);
    expect(back[0]?.constructor).not.toBe(back[1]?.constructor);
  });
});

describe('in a process that has not written it', () => {
  test('two values have one class, and who changes its state changes nothing that is read later', () => {
    const code = compiled();
    try {
      const path = JSON.stringify(`${code.directory}/value`);
      code.run(`class P { static all = []; m() { return P.all } } dump('cloudpickle', ${path}, [new P(), P]);`);
      const out = code.run(`const [a, A] = load('cloudpickle', ${path}), [b, B] = load('cloudpickle', ${path});
        const one = [a instanceof B, b instanceof A, A === B];
        A.all.push(1);
        const [c, C] = load('cloudpickle', ${path});
        console.log(JSON.stringify([one, C.all, c.m(), c instanceof C]));`);
      expect(JSON.parse(out)).toEqual([[true, true, true], [], [], true]);
    } finally {
      code.remove();
    }
  });

  test('the bytes are the same on every run', () => {
    const code = compiled();
    try {
      const path = (name: string): string => JSON.stringify(`${code.directory}/${name}`);
      const script = (name: string): string =>
        `const k = new Map([[1, { a: 1 }]]); class B { b() { return k } } class P extends B { static n = 1; #x = 2; m() { return k } } dump('dill', ${path(name)}, [new P(), B]);`;
      code.run(script('one'));
      code.run(script('two'));
      const same = code.run(
        `import { readFileSync } from 'node:fs'; console.log(readFileSync(${path('one')}).equals(readFileSync(${path('two')})))`,
      );
      expect(same).toBe('true\n');
    } finally {
      code.remove();
    }
  });
});

describe('in a notebook', () => {
  afterEach(() => {
    delete place[hostKey];
  });

  const cell = 'return class Cell { constructor(x) { this.x = x } twice() { return 2 * this.x } }';

  test('the class of the cell that ran again is taken, however it is written', () => {
    const bytes = joined(cloudpickle.dump(new (js(cell))(4)));
    const Cell = js(cell.replaceAll(' { ', ' {\n      '));
    notebook({ Cell });
    const back = cloudpickle.load(source(bytes)) as { twice(): number };
    expect(back).toBeInstanceOf(Cell);
    expect(back.twice()).toBe(8);
  });

  test('after an edit, what was stored keeps its behaviour', () => {
    const code = compiled();
    try {
      const path = `${code.directory}/value`;
      code.run(
        `const Cell = new Function(${JSON.stringify(cell)})(); dump('cloudpickle', ${JSON.stringify(path)}, new Cell(4));`,
      );
      const out = code.run(`const Cell = new Function(${JSON.stringify(cell.replace('2 *', '3 *'))})();
        globalThis[Symbol.for('fleche.functionHost')] = { source: () => undefined, variable: (name, scope) => scope(name), current: () => ({ value: Cell }) };
        const back = load('cloudpickle', ${JSON.stringify(path)});
        console.log(JSON.stringify([back instanceof Cell, back.twice()]));`);
      expect(JSON.parse(out)).toEqual([false, 8]);
    } finally {
      code.remove();
    }
  });

  test('a variable that has no value yet, or is something else, is passed over', () => {
    const bytes = joined(cloudpickle.dump(new (js(cell))(4)));
    for (const value of [undefined, 5, () => 1, Map]) {
      notebook({ Cell: value });
      expect((cloudpickle.load(source(bytes)) as { twice(): number }).twice()).toBe(8);
    }
    place[hostKey] = {
      source: () => undefined,
      variable: () => undefined,
      current: () => {
        throw new ReferenceError('not yet');
      },
    };
    expect((cloudpickle.load(source(bytes)) as { twice(): number }).twice()).toBe(8);
  });
});

describe('instances with private fields', () => {
  test('have the class of this process where its constructor and initialisers are quiet', () => {
    const { classes, make, log } = js<{ classes: Made[]; make: () => object[]; log: unknown[] }>(`
      const log = [];
      class Base { #x = 1; kept = 2; #unset; #half() { return this.#x / 2 } constructor(x, options = log.push('default')) { this.#x = x; this.given = { x } } half() { return this.#half() } set(to) { this.#unset = to; return this } unset() { return this.#unset } }
      class Middle extends Base { static made = 1; constructor() { log.push('middle'); super(7) } }
      class Top extends Middle { #x = 5; #list = []; #map = new Map(); list(x) { this.#list.push(x); this.#map.set(x, this); return this.#list } got(x) { return this.#map.get(x) } }
      class Counts extends Map { #n = 0; count() { return ++this.#n } }
      return { log, classes: [Base, Top, Counts], make: () => { const top = new Top(); top.list(1); top.set(top); const counts = new Counts([[1, 2]]); counts.count(); log.length = 0; return [new Base(4, 0), top, counts] } };
    `);
    const value = make();
    type Top = { half(): number; list(x: number): number[]; got(x: number): unknown; unset(): unknown };
    const back = roundTrip(dill, value) as unknown as [
      { half(): number },
      Top,
      Map<number, number> & { count(): number },
    ];
    for (const [index, Class] of classes.entries()) expect(back[index]).toBeInstanceOf(Class);
    const [base, top, counts] = back;
    expect([base.half(), Object.keys(base), top.half()]).toEqual([2, ['kept', 'given'], 3.5]);
    expect([top.list(2), top.got(1) === top, top.unset() === top]).toEqual([[1, 2], true, true]);
    expect([(value[1] as Top).list(3), counts.count(), [...counts]]).toEqual([[1, 3], 2, [[1, 2]]]);
    expect(log).toEqual([]);
  });

  test.each([
    ['an initialiser', 'class Loud { #n = log.push(1); n() { return this.#n } } return [new Loud()]'],
    [
      'a constructor that looks',
      'class Loud { #n; constructor(n) { if (typeof n !== "number") throw new Error(); this.#n = n } n() { return this.#n } } return [new Loud(1)]',
    ],
    [
      'a setter',
      'class Loud { #n = 1; constructor() { this.to = 2 } set to(n) { log.push(n) } n() { return this.#n } } const made = Object.create(null); log.pop(); return [new Loud()]',
    ],
    [
      'a global of its own',
      'const Map = class { constructor() { log.push(1) } }; class Loud { #n = 1; #map = new Map(); n() { return this.#map && this.#n } } return [new Loud()]',
    ],
    [
      'a base of its own',
      'class Base { #b = log.push(1); n() { return this.#b } } class Loud extends Base { #q = 1; q() { return this.#q } } return [new Loud()]',
    ],
    [
      'a class that extends a quiet one',
      'class Quiet { #b = 1; n() { return this.#b } } class Loud extends Quiet { #q = log.push(1); q() { return this.#q } } return [new Loud()]',
    ],
    [
      'nothing that can be stopped',
      'class Loud { #n = 1; *n() { return this.#n } } Object.freeze(Loud); return [new Loud()]',
    ],
  ])('have a class of their own where somebody would notice: %s', (_, body) => {
    const { log, value } = js<{ log: unknown[]; value: { n(): unknown }[] }>(
      `const log = []; const value = (() => { ${body} })(); return { log, value: value };`,
    );
    const before = log.length;
    const [made] = roundTrip(dill, value);
    expect(made?.constructor.name).toBe('Loud');
    const n = made?.n();
    expect(typeof n === 'object' ? (n as Generator).next().value : n).toBe(1);
    expect(log).toHaveLength(before);
  });

  test('two values have one class', () => {
    const Class = js('return class Secret { #n; constructor(n) { this.#n = n + 0 } n() { return this.#n } }');
    const bytes = joined(dill.dump([new Class(5), Class]));
    const [one, First] = dill.load(source(bytes)) as [{ n(): number }, Made];
    const [two, Second] = dill.load(source(bytes)) as [{ n(): number }, Made];
    expect([one.n(), two.n(), one instanceof First, one instanceof Second]).toEqual([5, 5, true, true]);
  });
});
