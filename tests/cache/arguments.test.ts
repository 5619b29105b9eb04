/** What of a call's arguments is in its key, and what its record says of them. */
import { describe, expect, test } from 'vitest';
import { type Cache, cache, fleche, isFlecheError } from '../../src/index.js';
import { collectWarnings, fresh } from './support.js';

const warnings = collectWarnings();

function recorded(c: Cache): readonly Readonly<Record<string, unknown>>[] {
  return [...c.calls.list()].map((key) => c.load(key).arguments);
}
function refusal(body: () => unknown): string {
  try {
    body();
    return 'nothing thrown';
  } catch (error) {
    return isFlecheError(error, 'Configuration') ? error.message : String(error);
  }
}

describe('a default that is no literal', () => {
  test('runs uncached where it may differ from call to call, and says so once', () =>
    cache(fresh(), () => {
      let runs = 0;
      const stamp = fleche(function stampDefault(name: string, now = Date.now() + Math.random()) {
        runs += 1;
        return name + now;
      });
      expect(stamp('a')).not.toBe(stamp('a'));
      expect([...cache().calls.list()]).toEqual([]);
      expect(warnings).toEqual([
        'stampDefault runs uncached: the default of now may differ from call to call; give it, or ignore it',
      ]);
      expect(stamp('a', 1)).toBe(stamp('a', 1));
      expect(runs).toBe(3);
    }));

  test('is told by the key where that has all it depends on', () =>
    cache(fresh(), () => {
      let runs = 0;
      const area = fleche((w: number, h = w * 2, corner = [w, { h }], compare = (a: number, b: number) => a - b) => {
        runs += 1;
        return w * h + corner.length + compare(1, 1);
      });
      expect([area(1), area(1), area(2), area(1)]).toEqual([4, 4, 10, 4]);
      expect(runs).toBe(2);
      expect(warnings).toEqual([]);
    }));

  test('follows the captured variables that it reads', () =>
    cache(fresh(), () => {
      const settings = { scale: 2 };
      const scaled = fleche((n: number, by = settings.scale) => n * by);
      expect(scaled(1)).toBe(2);
      settings.scale = 3;
      expect(scaled(1)).toBe(3);
      const loose = fleche({ hashCode: 'source', name: 'looseDefault' }, (n: number, by = settings.scale) => n * by);
      expect(loose(1)).toBe(3);
      settings.scale = 4;
      expect(loose(1)).toBe(4);
      expect(warnings).toEqual([expect.stringContaining('looseDefault runs uncached: the default of by may differ')]);
    }));

  test.each<[string, (...args: never[]) => unknown, boolean]>([
    ['a clock', (_n = new Date()) => 0, false],
    ['a fixed date of an argument', (n: number[], _m = n.map((x) => x + 1)) => 0, true],
    ['a random list', (_n = Array.from({ length: 2 }, () => Math.random())) => 0, false],
    ['a random list, without an arrow', (_n = Array.from({ length: 2 }, Math.random)) => 0, false],
    ['the process', (_n = process.pid) => 0, false],
    ['a constant of the language', (_n = Math.PI * Number.EPSILON) => 0, true],
    ['a new Map', (_n = new Map([[1, 2]])) => 0, true],
    ['a template', (a: string, _b = `${a}!`) => 0, true],
    ['within a pattern', ({ seed = Date.now() }: { seed?: number } = {}) => seed, false],
    ['deep within patterns', ({ a: [, { b = Math.random() }] }: { a: [1, { b?: number }] }) => b, false],
    ['literal within a pattern', ({ seed = 7 }: { seed?: number } = {}) => seed, true],
  ])('%s', (_name, fn, isCached) =>
    cache(fresh(), () => {
      fleche(
        { name: 'defaults' },
        fn as (...args: unknown[]) => unknown,
      )(...(fn.length === 0 ? [] : [_name.startsWith('a ') ? [1] : { a: [1, {}] }]));
      expect([...cache().calls.list()]).toHaveLength(isCached ? 1 : 0);
    }),
  );

  test('that reads what the function itself assigns is none that a key could have', () =>
    cache(fresh(), () => {
      let count = 0;
      const next = fleche((id = count) => {
        count += 1;
        return id;
      });
      expect([next(), next(), next()]).toEqual([0, 1, 2]);
    }));

  test('does not matter where it is ignored', () =>
    cache(fresh(), () => {
      const f = fleche({ ignore: 'now' }, (n: number, now = Date.now()) => n * Math.sign(now));
      f(1);
      expect(recorded(cache())).toEqual([{ n: 1 }]);
    }));
});

describe('`arguments`', () => {
  test('counts where the body uses it and the parameters do not tell it', () =>
    cache(fresh(), () => {
      const count = fleche(function count(_a?: unknown, _b: unknown = 1) {
        // biome-ignore lint/complexity/noArguments: it is what is tested.
        return arguments.length;
      } as (...args: unknown[]) => number);
      expect([count(), count(undefined), count(1, 2), count(1, 2, 3)]).toEqual([0, 1, 2, 3]);
      const first = fleche(function first(_a = 1) {
        // biome-ignore lint/complexity/noArguments: it is what is tested.
        return arguments[0] as number | undefined;
      });
      expect([first(), first(1)]).toEqual([undefined, 1]);
      expect(recorded(cache())).toContainEqual({ _a: 1, _b: 2 });
    }));

  test('of an inner function, or in a text, is not its own', () =>
    cache(fresh(), () => {
      const f = fleche((a: number) => `arguments, this, ${a}`);
      (f as (...args: number[]) => string)(1, 2);
      expect(recorded(cache())).toEqual([{ a: 1 }]);
    }));
});

describe('ignore and require', () => {
  test('take one name or several, of rest parameters and of properties', () =>
    cache(fresh(), () => {
      let runs = 0;
      const f = fleche(
        { ignore: ['log', 'rest'] },
        ({ n, log }: { n: number; log?: () => void }, ...rest: number[]) => {
          runs += 1;
          log?.();
          return n + rest.length;
        },
      );
      expect(f({ n: 1, log: () => runs }, 7)).toBe(2);
      expect(f({ n: 1 }, 7, 8)).toBe(2);
      expect(f({ n: 2 })).toBe(2);
      expect(runs).toBe(2);
      expect(recorded(cache())).toEqual([{ '{n,log}': { n: 1 } }, { '{n,log}': { n: 2 } }]);
      const whole = fleche(
        { ignore: '{n,log}' },
        ({ n, log }: { n: number; log?: number }, m: number) => n + m + (log ?? 0),
      );
      whole({ n: 1 }, 1);
      expect(whole({ n: 5 }, 1)).toBe(2);
      const seeded = fleche({ require: 'seed', name: 'seeded' }, ({ seed = 1 }: { seed?: number }) => seed);
      expect(seeded({})).toBe(1);
      expect(warnings).toEqual(['seeded runs uncached: it requires seed to be given']);
      seeded({ seed: 2 });
      expect(recorded(cache())).toContainEqual({ '{seed}': { seed: 2 } });
    }));

  test('an instance that is taken apart counts as a whole', () =>
    cache(fresh(), () => {
      class Options {
        n = 1;
        log = 1;
      }
      const f = fleche({ ignore: 'log' }, ({ n, log }: Options) => n + log);
      expect([f({ n: 1, log: 1 }), f({ n: 1, log: 2 })]).toEqual([2, 2]);
      expect(f(Object.assign(new Options(), { log: 5 }))).toBe(6);
    }));

  test('`this` is a name that can be ignored', () =>
    cache(fresh(), () => {
      const f = fleche({ ignore: 'this' }, function (this: { socket: object } | undefined, n: number) {
        return this ? n : n;
      });
      f.call({ socket: Promise.resolve() }, 1);
      expect(recorded(cache())).toEqual([{ n: 1 }]);
      expect(warnings).toEqual([]);
    }));

  test('an unknown name fails at once', () => {
    const fn = ({ n }: { n: number }, ...rest: number[]): number => n + rest.length;
    const named = 'it has {n}, n, rest';
    expect(refusal(() => fleche({ ignore: 'log' }, fn))).toBe(`ignore: fn has no parameter "log"; ${named}`);
    expect(refusal(() => fleche({ require: ['n', 'm'] }, fn))).toBe(`require: fn has no parameter "m"; ${named}`);
    expect(refusal(() => fleche({ ignore: 'this' }, fn))).toContain('no parameter "this"');
  });
});

describe('an arrow that uses something of the code around it', () => {
  class Base {
    b = 1;
    get got(): number {
      return this.b;
    }
  }
  const made = (): Record<string, () => unknown> => {
    class Model extends Base {
      scale = 2;
      readonly field = (): (() => unknown) => fleche({ name: 'arrow' }, () => this.scale);
      readonly base = (): unknown => fleche({ name: 'arrow' }, () => super.got);
    }
    const { field, base } = new Model();
    const around = new Function(
      'fleche',
      `return {
        given: () => fleche({ name: 'arrow' }, () => arguments.length),
        target: () => fleche({ name: 'arrow' }, () => new.target),
        inner: () => fleche({ name: 'arrow' }, (a = () => this) => a),
        run: () => fleche({ name: 'arrow' }, () => eval('this')),
      }`,
    ).call({}, fleche) as Record<string, () => unknown>;
    return { ...around, field, base };
  };

  test.each([
    ['field', '`this`'],
    ['base', '`super`'],
    ['given', '`arguments`'],
    ['target', '`new.target`'],
    ['inner', '`this`'],
    ['run', '`this` (through `eval`)'],
  ])('is refused, since nobody sees it: %s', (which, named) => {
    const message = refusal(made()[which] as () => unknown);
    expect(message).toContain(`cannot cache arrow: an arrow has the ${named} of the code around it`);
    expect(message).toContain('make it a `function` or a decorated method, or give it what it needs as arguments');
  });

  test('is no reason to refuse what has its own', () =>
    cache(fresh(), () => {
      const own = fleche(
        { name: 'own' },
        () =>
          class {
            at = this;
          }.name,
      );
      const method = {
        n: 2,
        read: fleche(function (this: { n: number }) {
          return (() => this.n)();
        }),
      };
      expect([own(), method.read()]).toEqual(['', 2]);
      method.n = 3;
      expect(method.read()).toBe(3);
    }));

  test('runs uncached where it is an argument', () =>
    cache(fresh(), () => {
      const model = new (class {
        n = 1;
        readonly read = (): number => this.n;
      })();
      const call = fleche(function callIt(read: () => number) {
        return read();
      });
      expect(call(model.read)).toBe(1);
      model.n = 2;
      expect(call(model.read)).toBe(2);
      expect(warnings).toEqual([
        expect.stringContaining(
          'callIt runs uncached: cannot digest a function that uses the `this` of an outer function',
        ),
      ]);
    }));
});

test('hashVersion and hashModule leave version and module out of key and record', () => {
  const fn = (n: number): number => n;
  const record = (options: object): unknown => {
    const { module, version } = fleche(options, fn).fleche.call(1);
    return [module, version];
  };
  const given = { module: 'm', version: 2 };
  expect(record(given)).toEqual(['m', 2]);
  expect(record({ ...given, hashVersion: false })).toEqual(['m', null]);
  expect(record({ ...given, hashModule: false })).toEqual([null, 2]);
  expect(fleche({ ...given, hashVersion: false }, fn).fleche.digest(1)).toBe(
    fleche({ module: 'm' }, fn).fleche.digest(1),
  );
  expect(record({})).toEqual([null, null]);
});

test('a function of a package has its file and version, unless told otherwise', async () => {
  const { parse } = await import('acorn');
  expect(fleche({ hashCode: false }, parse).fleche.call('1', { ecmaVersion: 2020 })).toMatchObject({
    module: 'acorn/dist/acorn.mjs',
    version: expect.stringMatching(/^8\./),
  });
});

test('a class is refused', () => {
  expect(refusal(() => fleche(class Point {} as never))).toContain('cannot cache the class Point: cache its methods');
});
