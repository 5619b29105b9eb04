/** What a cached function is and does. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { cache, D, digest, fleche, isFlecheError } from '../../src/index.js';
import { collectWarnings, fresh } from './support.js';

const warnings = collectWarnings();

describe('a cached function', () => {
  test('runs once and keeps its type, name and length', () =>
    cache(fresh(), () => {
      let runs = 0;
      const add = fleche((a: number, b: number) => {
        runs += 1;
        return a + b;
      });
      expect([add(2, 3), add(2, 3)]).toEqual([5, 5]);
      expect(runs).toBe(1);
      const named = fleche(function multiply(a: number, b: number) {
        return a * b;
      });
      expect([named.name, named.length]).toEqual(['multiply', 2]);
      expectTypeOf(named(2, 3)).toEqualTypeOf<number>();
      expectTypeOf(fleche(async (x: string) => x.length)).returns.toEqualTypeOf<Promise<number>>();
    }));

  test('can be decorated in three ways', () =>
    cache(fresh(), () => {
      const fn = (a: number): number => a + 1;
      expect(fleche(fn)(1)).toBe(2);
      expect(fleche({ version: 1 })(fn)(1)).toBe(2);
      expect(fleche({ version: 1 }, fn)(1)).toBe(2);
    }));

  test('leaves call, bind and apply what they are, and helps under one namespace', () =>
    cache(fresh(), () => {
      let runs = 0;
      const add = fleche(function add(a: number, b: number) {
        runs += 1;
        return a + b;
      });
      expect(add.call(undefined, 2, 3)).toBe(5);
      expect(add.bind(undefined, 2)(3)).toBe(5);
      expect(runs).toBe(1);
      const record = add.fleche.call(2, 3);
      expect(record).toMatchObject({ name: 'add', arguments: { a: digest(2), b: digest(3) }, result: null });
      expect(add.fleche.contains(2, 3)).toBe(true);
      expect(add.fleche.contains(2, 4)).toBe(false);
      expect(add.fleche.load(2, 3)).toBe(5);
      expect(() => add.fleche.load(2, 4)).toThrow(/no call has the digest .* this call of add is not cached/);
      expect(cache().load(add.fleche.digest(2, 3)).result).toBe(5);
      expect(add.fleche.wrapped(1, 1)).toBe(2);
      expect(add.fleche.rerun(2, 3)).toBe(5);
      expect(runs).toBe(3);
    }));

  test.each([[undefined], [null], [0], [''], [Number.NaN]])('a cached %s is a hit', (result) =>
    cache(fresh(), () => {
      let runs = 0;
      const f = fleche(() => {
        runs += 1;
        return result;
      });
      expect([f(), f()]).toEqual([result, result]);
      expect(runs).toBe(1);
    }),
  );

  test('takes an omitted argument for its literal default', () =>
    cache(fresh(), () => {
      let runs = 0;
      const f = fleche((a: number, b = 10, c = [1, { d: 'x' }]) => {
        runs += 1;
        return a + b + c.length;
      });
      f(1);
      f(1, 10);
      f(1, undefined, [1, { d: 'x' }]);
      expect(runs).toBe(1);
      f(1, 11);
      expect(runs).toBe(2);
    }));

  test('takes rest parameters and ignores arguments that the body cannot see', () =>
    cache(fresh(), () => {
      let runs = 0;
      const sum = fleche((...numbers: number[]) => {
        runs += 1;
        return numbers.reduce((a, b) => a + b, 0);
      });
      expect([sum(1, 2), sum(1, 2), sum(2, 1), sum()]).toEqual([3, 3, 3, 0]);
      expect(runs).toBe(3);
      runs = 0;
      const double = fleche((x: number) => {
        runs += 1;
        return 2 * x;
      });
      expect([1, 1, 1].map(double)).toEqual([2, 2, 2]);
      expect(runs).toBe(1);
      const count = fleche(function () {
        // biome-ignore lint/complexity/noArguments: it is what is tested.
        return arguments.length;
      } as (...args: unknown[]) => number);
      expect([count(1), count(1, 2)]).toEqual([1, 2]);
    }));

  test('counts `this` as an argument where the body uses it', () =>
    cache(fresh(), () => {
      const area = fleche(function (this: { w: number; h: number }) {
        return this.w * this.h;
      });
      expect([area.call({ w: 2, h: 3 }), area.call({ w: 3, h: 3 })]).toEqual([6, 9]);
    }));

  test('options: name, module, version, ignore and require enter the key as they say', () =>
    cache(fresh(), () => {
      const fn = (a: number, log?: string): string => `${a}${log}`;
      const key = (options: object, ...args: [number, string?]): string => fleche(options, fn).fleche.digest(...args);
      expect(key({}, 1)).toBe(key({}, 1));
      expect(key({ version: 1 }, 1)).not.toBe(key({}, 1));
      expect(key({ version: 1 }, 1)).not.toBe(key({ version: '1' }, 1));
      expect(key({ module: 'm' }, 1)).not.toBe(key({}, 1));
      expect(key({ name: 'other' }, 1)).not.toBe(key({}, 1));
      expect(key({ ignore: ['log'] }, 1, 'x')).toBe(key({ ignore: ['log'] }, 1, 'y'));
      expect(() => fleche({ ignore: ['lgo'] }, fn)).toThrow('ignore: fn has no parameter "lgo"; it has a, log');
      expect(() => fleche({ require: ['lgo'] }, fn)).toThrow(/require: fn has no parameter/);
      const strict = fleche({ require: ['log'] }, fn);
      strict(7);
      expect([...cache().calls.list()]).toEqual([]);
      expect(warnings.join()).toMatch(/fn runs uncached: it requires log to be given/);
      strict(7, 'x');
      expect([...cache().calls.list()]).toHaveLength(1);
    }));

  test('a changed body is another key, reformatting is not, hashCode: false sees neither', () => {
    const one = fleche({ name: 'one' }, (a: number) => a + 1);
    // biome-ignore format: it is what is tested.
    const same = fleche({ name: 'one' }, (a: number) => /* much better */ (a   + 1));
    const other = fleche({ name: 'one' }, (a: number) => a + 2);
    expect(same.fleche.digest(1)).toBe(one.fleche.digest(1));
    expect(other.fleche.digest(1)).not.toBe(one.fleche.digest(1));
    const loose = (fn: (a: number) => number): string => fleche({ name: 'f', hashCode: false }, fn).fleche.digest(1);
    expect(loose((a) => a + 1)).toBe(loose((a) => a + 2));
  });

  test('refuses what it cannot tell apart or cache', () => {
    const code = (body: () => unknown): string => {
      try {
        body();
      } catch (error) {
        if (isFlecheError(error)) return `${error.tag}: ${error.message}`;
      }
      return 'nothing thrown';
    };
    expect(code(() => fleche(function* generate() {}))).toMatch(/^Configuration: cannot cache the generator generate/);
    expect(code(() => fleche({ hashCode: false }, () => 1))).toMatch(
      /^Configuration: cannot cache an anonymous function/,
    );
    expect(code(() => fleche(Math.max))).toMatch(/^Configuration: cannot read the code of max/);
    expect(code(() => fleche(3 as never))).toMatch(/^Configuration: fleche\(…\) takes a function/);
    expect(cache(fresh(), () => fleche({ name: 'Math.max' }, Math.max)(1, 2))).toBe(2);
  });

  test('a value named by D(…) is loaded, and the key is that of the value itself', () =>
    cache(fresh(), () => {
      const make = fleche((n: number) => ({ n }));
      const read = fleche((value: { n: number }) => value.n);
      const made = make(4);
      const short = digest(made).slice(0, 8);
      expect(read(D(short) as never)).toBe(4);
      expect(read.fleche.contains(made)).toBe(true);
      expect(() => D('xyz')).toThrow(/hexadecimal/);
      expect(() => read(D('0123abcd') as never)).toThrow(/no value has the digest 0123abcd/);
    }));

  test('what cannot be digested runs uncached, with the path', () =>
    cache(fresh(), () => {
      let runs = 0;
      const f = fleche(function load(_id: number, _options: object) {
        runs += 1;
        return runs;
      });
      const options = { options: { loader: Promise.resolve() } };
      expect([f(1, options), f(1, options)]).toEqual([1, 2]);
      expect(warnings).toEqual([
        expect.stringContaining('load runs uncached: cannot digest a Promise at args[1].options.loader'),
      ]);
    }));

  test('a result that cannot be stored is returned all the same', () =>
    cache(fresh(), () => {
      const f = fleche(function secret(_n: number) {
        return { a: [new WeakMap()] };
      });
      expect(f(1).a[0]).toBeInstanceOf(WeakMap);
      expect(warnings.join()).toMatch(/secret ran, but its result was not cached: .* at result\.a\[0\]/);
    }));

  test('neither the body nor the caller can change what is stored', () =>
    cache(fresh(), () => {
      const f = fleche((list: number[]) => {
        list.push(9);
        return { list };
      });
      const first = f([1]);
      first.list.push(7);
      expect(f([1]).list).toEqual([1, 9]);
      f([1]).list.push(8);
      expect(f([1]).list).toEqual([1, 9]);
      expect(
        cache()
          .load(f.fleche.digest([1]))
          .argument('list'),
      ).toEqual([1]);
    }));

  test('recursion is instant', () =>
    cache(fresh(), () => {
      const fib: (n: number) => bigint = fleche({ name: 'fib' }, (n: number): bigint =>
        n < 2 ? BigInt(n) : fib(n - 1) + fib(n - 2),
      );
      expect(fib(200)).toBe(280571172992510140037611932413038677189525n);
    }));
});

test('a cached function is itself a value that files of cloudpickle hold for other processes', () => {
  const root = mkdtempSync(join(tmpdir(), 'fleche-cached-'));
  const run = (script: string): string =>
    execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { cache, digest, fleche } from 'fleche';
         import { ValuePickleFile } from 'fleche/storage';
         const values = ValuePickleFile.withCloudpickle({ root: process.argv[1] });
         ${script}`,
        root,
      ],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8' },
    );
  try {
    run("const scale = 3; values.put(digest('f'), fleche({ name: 'triple' }, (n) => n * scale));");
    expect(
      run(`const f = values.get(digest('f')).value; cache('memory');
           console.log(f(2), f.fleche.contains(2), f.fleche.call(2).name);`),
    ).toBe('6 true triple\n');
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
