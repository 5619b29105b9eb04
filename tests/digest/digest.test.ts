import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Digest, digest, digestOfCall, isDigest } from '../../src/digest/index.js';
import { clone } from '../../src/internal/clone.js';
import { buildNdArray } from '../../src/internal/nd-array.js';
import { values } from '../../src/testing/index.js';

const all = JSON.parse(readFileSync(new URL('./golden.json', import.meta.url), 'utf8')) as Record<string, string>;
/** Node.js 20 and 22 have no Float16Array. */
const golden = Object.fromEntries(
  Object.entries(all).filter(([name]) => name !== 'Float16Array' || name in globalThis),
);
const data = values.filter(({ needs }) => needs === 'data');

describe('digests', () => {
  test.each(data.map(({ name, make }) => [name, make] as const))('%s is the golden one', (name, make) => {
    expect(isDigest(digest(make()))).toBe(true);
    expect(digest(make())).toBe(golden[name]);
  });

  test.each([
    ['1', '1n', 'true', '"1"'].map((text) => runInNewContext(text) as unknown),
    [0, -0],
    [undefined, null],
    [[undefined], new Array(1), [null]],
    [[[1], [2]], [[1, 2]], [[1, 2], []], [[], [1, 2]]],
    [new Set([1]), [1], new Map([[1, undefined]])],
    [{ a: undefined }, {}],
    [{ a: 1 }, Object.assign(Object.create(null) as object, { a: 1 })],
    [[1], Object.assign([1], { x: 1 }), Object.assign([1], { [Symbol.for('x')]: 1 })],
    [{ a: 1 }, Object.defineProperty({}, 'a', { value: 1 })],
    [new Float64Array([1]), new Float32Array([1]), [1], new Float64Array([1, 0])],
    [new Uint8Array([1]), Buffer.from([1]), new Uint8ClampedArray([1]), new Uint8Array([1]).buffer],
    [/a/g, /a/, Object.assign(/a/g, { lastIndex: 1 })],
    ['ab', ['a', 'b'], 'a\0b'],
    ['\ud800', '\udc00', '\ufffd'],
    [new Error('x'), new TypeError('x'), new Error('y'), new Error('x', { cause: 1 })],
    [Object(1), 1, Object('1'), Object(1n)],
    [Symbol.for('a'), Symbol.for('b'), 'a', Symbol.iterator],
    [
      new (class A {
        x = 1;
      })(),
      new (class B {
        x = 1;
      })(),
      { x: 1 },
    ],
    [new (class M extends Map {})(), new Map()],
  ])('tells %j and its neighbours apart', (...different: unknown[]) => {
    expect(new Set(different.map((value) => digest(value))).size).toBe(different.length);
  });

  test('do not depend on insertion order, sharing, or the realm', () => {
    expect(digest({ b: 1, a: 2 })).toBe(digest({ a: 2, b: 1 }));
    expect(digest(new Set([1, 'x', { a: 1 }]))).toBe(digest(new Set([{ a: 1 }, 'x', 1])));
    expect(
      digest(
        new Map([
          [1, 'a'],
          [2, 'b'],
        ]),
      ),
    ).toBe(
      digest(
        new Map([
          [2, 'b'],
          [1, 'a'],
        ]),
      ),
    );
    const shared = [1];
    expect(digest([shared, shared])).toBe(digest([[1], [1]]));
    expect(digest(new Float64Array([0, 1, 2]).subarray(1))).toBe(digest(new Float64Array([1, 2])));
    for (const text of ['new Map([[1, [2]]])', 'new Date(5)', '/a/g', 'new Error("x")', 'new Uint8Array([1])']) {
      expect(digest(runInNewContext(text)), text).toBe(digest(runInNewContext(text)));
    }
  });

  test('of cycles end, and tell where the cycle goes', () => {
    const cycle = (depth: number): unknown => {
      const root: unknown[] = [];
      let at = root;
      for (let i = 1; i < depth; i += 1) {
        const next: unknown[] = [];
        at.push(next);
        at = next;
      }
      at.push(root);
      return root;
    };
    expect(digest(cycle(1))).toBe(digest(cycle(1)));
    expect(digest(cycle(1))).not.toBe(digest(cycle(2)));
    const map = new Map<string, unknown>();
    map.set('self', map);
    const set = new Set<unknown>();
    set.add([set]);
    expect(new Set([digest(map), digest(set)]).size).toBe(2);
  });

  test('of 5,000 levels do not overflow the stack', () => {
    let list: unknown;
    let chain: unknown;
    class Node {
      readonly next: unknown;
      constructor(next: unknown) {
        this.next = next;
      }
    }
    for (let i = 0; i < 5000; i += 1) {
      list = i % 2 ? [list] : { list };
      chain = new Node(chain);
    }
    expect(digest(list)).toBe(digest(clone(list, 'test')));
    expect(digest(chain)).not.toBe(digest(new Node(chain)));
  });

  test('of n-d arrays count library, type, shape and visible elements', () => {
    const make = (shape: number[], dtype = 'float64', library: 'numpy-ts' | 'ndarray' = 'numpy-ts'): unknown =>
      buildNdArray({
        library,
        dtype,
        shape,
        elements: new (dtype === 'float64' ? Float64Array : Float32Array)(4).fill(1),
      });
    expect(digest(make([2, 2]))).toBe(digest(make([2, 2])));
    const different = [
      make([2, 2]),
      make([4]),
      make([4, 1]),
      make([2, 2], 'float32'),
      make([2, 2], 'float64', 'ndarray'),
    ];
    expect(new Set(different.map((value) => digest(value))).size).toBe(different.length);
  });

  test('of a large array is the same as that of its copy, fed in pieces', () => {
    const large = Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i));
    expect(digest({ large })).toBe(digest({ large: large.slice() }));
    large[299_999] = 0;
    expect(digest({ large })).not.toBe(
      digest({ large: Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i)) }),
    );
  });

  test.each([
    ['a Promise', Promise.resolve(), 'a Promise'],
    ['a WeakMap', new WeakMap(), 'a WeakMap'],
    ['a generator', (function* () {})(), 'an object whose prototype is not that of a class'],
    ['a Proxy', new Proxy(new Date(), {}), 'a Proxy'],
    ['an unregistered symbol', Symbol('x'), 'the unregistered Symbol(x)'],
  ])('of %s do not exist: the error says what and where', (_name, value, what) => {
    const at = { deep: [new Map([['key', { it: value }]])] };
    expect(() => digest(at, 'args[0]')).toThrow(`cannot digest ${what} at args[0].deep[0].get("key").it`);
  });

  /** Prints the digests of the corpus; run where the package is found by its name. */
  const script = `
    import { isMainThread, parentPort } from 'node:worker_threads';
    import { values } from 'fleche/testing'; import { digest } from 'fleche';
    const found = values.filter((v) => v.needs === 'data').map((v) => [v.name, digest(v.make())]);
    if (isMainThread) console.log(JSON.stringify(found)); else parentPort.postMessage(found);`;
  const root = fileURLToPath(new URL('../..', import.meta.url));

  test('are the same in another process', () => {
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' });
    expect(Object.fromEntries(JSON.parse(out) as [string, string][])).toEqual(golden);
  }, 30_000);

  test('are the same in a worker thread', async () => {
    // A worker made of a text has no place from which packages could be found.
    const built = (entry: string): string => JSON.stringify(new URL(`../../dist/src/${entry}`, import.meta.url).href);
    const source = script.replace("'fleche/testing'", built('testing/index.js')).replace("'fleche'", built('index.js'));
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { execArgv: [] });
    try {
      const [found] = (await once(worker, 'message')) as [[string, string][]];
      expect(Object.fromEntries(found)).toEqual(golden);
    } finally {
      await worker.terminate();
    }
  }, 30_000);

  test('of copies are equal, of changed copies are not (properties)', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
        }),
        (value) => {
          expect(digest(structuredClone(value))).toBe(digest(structuredClone(value)));
          expect(digest([value])).not.toBe(digest(value));
          expect(digest({ value, more: 1 })).not.toBe(digest({ value }));
        },
      ),
    );
  });
});

test('the key of a call is fixed by who is called and by the digests of the arguments, in their order', () => {
  const [a, b] = [digest(2), digest(3)];
  const call = { name: 'add', module: null, version: null, codeDigest: null, arguments: { a, b } };
  const others = [
    { ...call, name: 'mul' },
    { ...call, module: '' },
    { ...call, version: 1 },
    { ...call, version: '1' },
    { ...call, codeDigest: a },
    { ...call, arguments: { b, a } },
    { ...call, arguments: { a: b, b: a } },
    { ...call, arguments: { a } },
    { ...call, version: 0 },
    { ...call, version: -0 },
  ];
  const keys = [call, ...others].map(digestOfCall);
  expect(new Set(keys).size).toBe(11);
  expect([...others, call].map(digestOfCall)).toEqual([...keys.slice(1), keys[0]]);
  expect(digestOfCall(call)).toBe('6e313a1183aad9bddaa7fb6afe24d48a7d7b7dcf38a67e3e626cab15c9a24c79');
});

test('the key of a call does not depend on which calls were asked for before', () => {
  const arguments_: Record<string, Digest> = { a: digest(2) };
  const call = { name: 'add', module: null, version: null, codeDigest: null, arguments: arguments_ };
  const first = digestOfCall(call);
  arguments_.a = digest(3);
  const second = digestOfCall(call);
  arguments_.b = digest(3);
  const third = digestOfCall(call);
  expect(new Set([first, second, third]).size).toBe(3);
  delete arguments_.b;
  expect(digestOfCall(call)).toBe(second);
  const many = Array.from({ length: 5_000 }, (_, n) => ({ ...call, arguments: { a: digest(n) } }));
  const keys = many.map(digestOfCall);
  expect(new Set(keys).size).toBe(5_000);
  expect(many.map(digestOfCall)).toEqual(keys);
  expect(keys[2]).toBe(first);
});

test('short values that follow each other keep digests of their own', () => {
  const values = Array.from({ length: 5_000 }, (_, n) => [n % 7, `${n}`.padEnd(n % 50, '\0')]);
  const digests = values.map((value) => digest(value));
  expect(new Set(digests).size).toBe(5_000);
  expect(values.toReversed().map((value) => digest(value))).toEqual(digests.toReversed());
});
