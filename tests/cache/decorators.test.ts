import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cache, helpersOf } from '../../src/index.js';
import { compilers, run } from './compiled.js';
import { collectWarnings, fresh } from './support.js';

const warnings = collectWarnings();

// Told through an event, since whatever else a method reaches is a part of its code, and so of its class and of `this`.
let bodies: string[] = [];
const note = (name: string): void => void bodies.push(name);
beforeAll(() => void (process as NodeJS.EventEmitter).on('body', note));
afterAll(() => void (process as NodeJS.EventEmitter).off('body', note));
beforeEach(() => {
  bodies = [];
});
/** The members whose bodies ran since it was last called. */
function ran(): string[] {
  const since = bodies;
  bodies = [];
  return since;
}

const SHAPES = `
import { fleche } from 'fleche';
declare const process: { emit(event: string, name: string): void };
export class Shape {
  static unit = 10;
  constructor(public w: number, public h: number) {}
  @fleche
  scaled(by: number, offset = 1) {
    process.emit('body', 'scaled');
    return this.w * this.h * by + offset;
  }
  @fleche({ version: 2, ignore: ['log'] })
  async slow(n: number, log?: (text: string) => void) {
    process.emit('body', 'slow');
    log?.('now');
    return this.w + n;
  }
  @fleche
  get area() {
    process.emit('body', 'area');
    return { area: this.w * this.h };
  }
  @fleche()
  free(n: number) {
    process.emit('body', 'free');
    return n + 1;
  }
  @fleche
  static units(n: number) {
    process.emit('body', 'units');
    return this.unit * n;
  }
  @fleche
  static pure(n: number) {
    process.emit('body', 'pure');
    return -n;
  }
  @fleche
  ['with space'](n: number) {
    process.emit('body', 'with-space');
    return n;
  }
}
export class Cube extends Shape {
  override scaled(by: number) {
    return super.scaled(by) + 1;
  }
}
`;
interface Shape {
  w: number;
  scaled(by: number, offset?: number): number;
  slow(n: number, log?: (text: string) => void): Promise<number>;
  readonly area: { area: number };
  free(n: number): number;
  'with space'(n: number): number;
}
interface Shapes {
  Shape: { new (w: number, h: number): Shape; unit: number; units(n: number): number; pure(n: number): number };
  Cube: new (w: number, h: number) => Shape;
}

describe.each(compilers)('$name', ({ compile }) => {
  const load = (): Shapes => run<Shapes>(compile(SHAPES.replaceAll('@fleche()', '@fleche({})')));

  test('methods are cached by `this` and their arguments', () =>
    cache(fresh(), () => {
      const { Shape } = load();
      const shape = new Shape(2, 3);
      expect([shape.scaled(2), shape.scaled(2), shape.scaled(2, 1)]).toEqual([13, 13, 13]);
      expect(new Shape(2, 3).scaled(2)).toBe(13);
      expect(new Shape(2, 4).scaled(2)).toBe(17);
      expect(ran()).toEqual(['scaled', 'scaled']);
      shape.w = 5;
      expect(shape.scaled(2)).toBe(31);
      expect([shape.free(1), new Shape(1, 1).free(1)]).toEqual([2, 2]);
      expect(shape['with space'](3)).toBe(3);
      expect(ran()).toEqual(['scaled', 'free', 'with-space']);
      const calls = [...cache().calls.list()].map((key) => cache().load(key));
      expect(calls.map(({ name }) => name)).toEqual(['scaled', 'scaled', 'scaled', 'free', 'with space']);
      expect(calls[1]?.arguments).toEqual({ this: new Shape(2, 4), by: 2, offset: 1 });
      expect(warnings).toEqual([]);
    }));

  test('asynchronous ones give promises, with options', () =>
    cache(fresh(), async () => {
      const { Shape } = load();
      const shape = new Shape(2, 3);
      const said: string[] = [];
      expect(await shape.slow(1, (text) => said.push(text))).toBe(3);
      const hit = shape.slow(1);
      expect(hit).toBeInstanceOf(Promise);
      expect([await hit, ran(), said]).toEqual([3, ['slow'], ['now']]);
      expect(helpersOf(shape, 'slow').call(1).version).toBe(2);
    }));

  test('getters, static methods and inherited ones', () =>
    cache(fresh(), () => {
      const { Shape, Cube } = load();
      const shape = new Shape(2, 3);
      const [first, second] = [shape.area, shape.area];
      expect([first, second]).toEqual([{ area: 6 }, { area: 6 }]);
      expect(first).not.toBe(second);
      expect(new Shape(2, 4).area).toEqual({ area: 8 });
      expect([Shape.pure(1), Shape.pure(1)]).toEqual([-1, -1]);
      expect(ran()).toEqual(['area', 'area', 'pure']);
      expect([Shape.units(2), Shape.units(2)]).toEqual([20, 20]);
      Shape.unit = 7;
      expect(Shape.units(2)).toBe(14);
      expect(ran()).toEqual(['units', 'units']);
      expect([new Cube(2, 3).scaled(2), new Cube(2, 3).scaled(2)]).toEqual([14, 14]);
      expect(ran()).toEqual(['scaled']);
      expect(warnings).toEqual([]);
    }));

  test('helpers are found by object and name, without running a getter', () =>
    cache(fresh(), () => {
      const { Shape } = load();
      const shape = new Shape(2, 3);
      expect(helpersOf(shape, 'scaled').contains(2)).toBe(false);
      shape.scaled(2);
      expect(helpersOf(shape, 'scaled').contains(2)).toBe(true);
      expect(helpersOf(new Shape(9, 9), 'scaled').contains(2)).toBe(false);
      expect(helpersOf(shape, 'scaled').load(2)).toBe(13);
      expect(helpersOf(shape, 'area').contains()).toBe(false);
      expect(ran()).toEqual(['scaled']);
      Shape.pure(4);
      expect(helpersOf(Shape, 'pure').contains(4)).toBe(true);
      const unbound = shape.scaled as unknown as { fleche: ReturnType<typeof helpersOf<Shape, 'scaled'>> };
      expect(() => unbound.fleche.contains(2)).toThrow(
        "scaled depends on `this`: say whose call is meant, with scaled.fleche.on(object) or, for a method, helpersOf(object, 'scaled')",
      );
      expect(() => helpersOf(shape, 'w')).toThrow('w is not a cached method or getter of the object');
    }));

  test.each([
    ['setter', 'class A { @fleche set x(v: number) {} }', /the setter x/],
    ['field', 'class A { @fleche x = 1 }', /the field x/],
    ['class', '@fleche class A { }', /class A|the class/],
    ['generator', 'class A { @fleche *all() {} }', /cannot cache the generator all/],
    [
      'unknown parameter',
      "class A { @fleche({ ignore: 'log' }) f(n: number) {} }",
      /f has no parameter "log"; it has n/,
    ],
  ])('a %s is refused', (_what, text, message) => {
    expect(() => run(compile(`import { fleche } from 'fleche'; ${text}`))).toThrow(message);
  });
});

describe.each(compilers.filter(({ name }) => name.startsWith('standard')))('$name alone', ({ compile }) => {
  test('private methods, and no auto-accessors', () =>
    cache(fresh(), () => {
      const text = `
        import { fleche } from 'fleche';
        declare const process: { emit(event: string, name: string): void };
        export class Secret {
          @fleche #twice(n: number) { process.emit('body', '#twice'); return 2 * n; }
          twice(n: number) { return this.#twice(n); }
        }`;
      const module = run<{ Secret: new () => { twice(n: number): number } }>(compile(text));
      expect([new module.Secret().twice(2), new module.Secret().twice(2)]).toEqual([4, 4]);
      expect(ran()).toEqual(['#twice']);
      expect([...cache().calls.list()].map((key) => cache().load(key).name)).toEqual(['#twice']);
      const accessor = "import { fleche } from 'fleche'; class A { @fleche accessor x = 1 }";
      expect(() => run(compile(accessor))).toThrow(/the accessor x/);
    }));
});

test('a parameter is refused by legacy decorators', () => {
  const legacy = compilers[1]?.compile(
    "import { fleche } from 'fleche'; class A { f(@fleche n: number) {} }",
  ) as string;
  expect(() => run(legacy)).toThrow(/the parameter f/);
});
