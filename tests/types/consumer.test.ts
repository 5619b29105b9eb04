/**
 * What TypeScript knows of cached functions. Checked by the compiler of the package with all other files, and by that of a
 * stock tslab in `tests/tslab/types.test.ts`; nothing here runs for its results.
 */
import {
  type Cached,
  type CallRecord,
  cache,
  type Digest,
  type FlecheHelpers,
  fleche,
  helpersOf,
  type MetadataProvider,
} from 'fleche';
import { expectTypeOf, test } from 'vitest';

interface Point {
  readonly x: number;
}

function parse(text: string): number;
function parse(text: string, radix: 'exact'): bigint;
function parse(text: string, radix?: 'exact'): number | bigint {
  return radix === undefined ? Number(text) : BigInt(text);
}
function isPoint(value: unknown): value is Point {
  return typeof value === 'object' && value !== null && 'x' in value;
}
function assertPoint(value: unknown): asserts value is Point {
  if (!isPoint(value)) throw new TypeError('no point');
}
function scale(this: Point, by: number, ...more: string[]): string {
  return String(this.x * by) + more.join();
}

test('a cached function has the type of the function', () => {
  const add = fleche((a: number, b: number) => a + b);
  expectTypeOf(add).toBeCallableWith(1, 2);
  expectTypeOf(add).parameters.toEqualTypeOf<[a: number, b: number]>();
  expectTypeOf(add(1, 2)).toEqualTypeOf<number>();
  expectTypeOf(add).toMatchTypeOf<(a: number, b: number) => number>();
  expectTypeOf(fleche({ version: 1 }, (a: string) => a)('')).toEqualTypeOf<string>();
  expectTypeOf(fleche({ hashCode: false, name: 'n' })((a: string) => [a])('')).toEqualTypeOf<string[]>();
  // @ts-expect-error an argument of another type
  () => add('1', 2);
  // @ts-expect-error a missing argument
  () => add(1);
});

test('optional, rest, tuple and asynchronous ones', () => {
  const f = fleche((a: number, b?: string, ...rest: boolean[]): [number, 'x'] => [
    a + rest.length,
    b === 'x' ? b : 'x',
  ]);
  expectTypeOf(f).parameters.toEqualTypeOf<[a: number, b?: string | undefined, ...rest: boolean[]]>();
  expectTypeOf(f(1)).toEqualTypeOf<[number, 'x']>();
  expectTypeOf(f.fleche.load).returns.toEqualTypeOf<[number, 'x']>();
  const later = fleche(async (n: number): Promise<readonly [number, string]> => [n, '']);
  expectTypeOf(later(1)).toEqualTypeOf<Promise<readonly [number, string]>>();
  expectTypeOf(later.fleche.load).returns.toEqualTypeOf<readonly [number, string]>();
  expectTypeOf(later.fleche.rerun).returns.toEqualTypeOf<Promise<readonly [number, string]>>();
});

test('overloads, generics, predicates and assertions', () => {
  const parsed = fleche(parse);
  expectTypeOf(parsed('1')).toEqualTypeOf<number>();
  expectTypeOf(parsed('1', 'exact')).toEqualTypeOf<bigint>();
  const first = fleche(<T>(items: readonly T[]): T | undefined => items[0]);
  expectTypeOf(first([1, 2])).toEqualTypeOf<number | undefined>();
  expectTypeOf(first(['a'])).toEqualTypeOf<string | undefined>();
  const cachedIsPoint = fleche(isPoint);
  const cachedAssert: Cached<typeof assertPoint> = fleche(assertPoint);
  const check = (value: unknown, other: unknown): void => {
    if (cachedIsPoint(value)) expectTypeOf(value).toEqualTypeOf<Point>();
    cachedAssert(other);
    expectTypeOf(other).toEqualTypeOf<Point>();
  };
  check({ x: 1 }, { x: 1 });
});

test('`this` is asked for', () => {
  const scaled = fleche(scale);
  expectTypeOf(scaled).thisParameter.toEqualTypeOf<Point>();
  expectTypeOf(scaled.call({ x: 1 }, 2)).toEqualTypeOf<string>();
  expectTypeOf(scaled.fleche.on).parameter(0).toEqualTypeOf<Point>();
  expectTypeOf(scaled.fleche.on({ x: 1 }).contains).parameters.toEqualTypeOf<[by: number, ...more: string[]]>();
  // @ts-expect-error nobody's call
  () => scaled(2);
});

test('helpers', () => {
  const { fleche: helpers } = fleche((a: number, b: string) => a + b);
  expectTypeOf(helpers).toEqualTypeOf<FlecheHelpers<(a: number, b: string) => string>>();
  expectTypeOf(helpers.call(1, '')).toEqualTypeOf<CallRecord>();
  expectTypeOf(helpers.digest(1, '')).toEqualTypeOf<Digest>();
  expectTypeOf(helpers.contains(1, '')).toEqualTypeOf<boolean>();
  expectTypeOf(helpers.wrapped).toEqualTypeOf<(a: number, b: string) => string>();
  // @ts-expect-error an argument of another type
  () => helpers.load('1', '');
});

test('bind takes first arguments and leaves the rest', () => {
  const f = fleche((a: number, b: string, c?: boolean) => [a, b, c]);
  expectTypeOf(f.fleche.bind()).toEqualTypeOf<
    (a: number, b: string, c?: boolean) => (string | number | boolean | undefined)[]
  >();
  expectTypeOf(f.fleche.bind(1)).parameters.toEqualTypeOf<[b: string, c?: boolean | undefined]>();
  expectTypeOf(f.fleche.bind(1, '')).parameters.toEqualTypeOf<[c?: boolean | undefined]>();
  expectTypeOf(fleche((...all: number[]) => all).fleche.bind(1, 2)).parameters.toEqualTypeOf<number[]>();
  // @ts-expect-error an argument of another type
  () => f.fleche.bind('1');
});

test('helpers of members', () => {
  class Shape {
    readonly w: number;
    constructor(w: number) {
      this.w = w;
    }
    area<T extends string>(unit: T, times = 1): [number, T] {
      return [this.w * times, unit];
    }
    get side(): { w: number } {
      return { w: this.w };
    }
    static async load(path: string): Promise<Shape> {
      return new Shape(path.length);
    }
  }
  const shape = new Shape(2);
  const helped = (): unknown[] => {
    expectTypeOf(helpersOf(shape, 'area').contains).parameters.toEqualTypeOf<
      [unit: string, times?: number | undefined]
    >();
    expectTypeOf(helpersOf(shape, 'side').load()).toEqualTypeOf<{ w: number }>();
    expectTypeOf(helpersOf(Shape, 'load').load('')).toEqualTypeOf<Shape>();
    return [];
  };
  expectTypeOf(helped).returns.toEqualTypeOf<unknown[]>();
  // @ts-expect-error no such member
  () => helpersOf(shape, 'volume');
});

test('options', () => {
  const commit: MetadataProvider = { namespace: 'git', start: () => () => ({ commit: 'abc', dirty: false }) };
  fleche(
    { name: 'f', module: 'm', version: '1', hashVersion: true, hashModule: false, hashCode: 'source', meta: commit },
    () => 1,
  );
  fleche({ ignore: 'a', require: ['b'], meta: [commit] }, (a: number, b: number) => a + b);
  // @ts-expect-error no such option
  () => fleche({ versoin: 1 }, () => 1);
  // @ts-expect-error not JSON
  const wrong: MetadataProvider = { namespace: 'git', start: () => ({ when: new Date() }) };
  expectTypeOf(wrong).toEqualTypeOf<MetadataProvider>();
});

test('nothing public is any', () => {
  const f = fleche((a: number) => a);
  expectTypeOf(f).not.toBeAny();
  expectTypeOf(f.fleche).not.toBeAny();
  expectTypeOf(f.fleche.call).not.toBeAny();
  expectTypeOf(f.fleche.bind(1)).not.toBeAny();
  expectTypeOf(f.fleche.on).not.toBeAny();
  expectTypeOf(cache()).not.toBeAny();
  expectTypeOf(cache('memory', () => f(1))).toEqualTypeOf<number>();
  expectTypeOf(() => cache().load('abcd').result).returns.toBeUnknown();
  expectTypeOf(() => cache().loadValue('abcd')).returns.toBeUnknown();
});
