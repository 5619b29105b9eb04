/** What the storages write, opened by the programs that others use for such files. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as np from 'numpy-ts';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { Cache, cache, digest, fleche } from '../../src/index.js';
import { CallPickleFile, Sql, ValueBagOfHoldingH5File, ValuePickleFile } from '../../src/storage/index.js';

const root = mkdtempSync(join(tmpdir(), 'fleche-interop-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A Python with h5py and bagofholding. */
const python = process.env.FLECHE_PYTHON;

/** Skips the test where there is no such program. */
function needs(context: TestContext, program: string, ...parameters: string[]): void {
  if (spawnSync(program, parameters).error !== undefined) context.skip(`there is no program ${program} here`);
}

describe('HDF5 files', async () => {
  const values = await ValueBagOfHoldingH5File.open({ root: join(root, 'bags') });
  /** Stores a value and gives the path of its file. */
  function fileOf(value: unknown): string {
    const key = digest(value);
    values.put(key, value);
    return join(values.location, key);
  }

  /** Values, and what Python's `repr` says of what `H5Bag(path).load()` makes of them. */
  const loaded: readonly (readonly [unknown, string])[] = [
    [5, '5'],
    [-0.5, '-0.5'],
    [1e300, '1e+300'],
    [true, 'True'],
    [null, 'None'],
    ['héllo', "'héllo'"],
    ['', "''"],
    [[1, [2.5, 'x'], []], "[1, [2.5, 'x'], []]"],
    [{ a: 1, b: { c: [true, null] } }, "{'a': 1, 'b': {'c': [True, None]}}"],
    [{}, '{}'],
    [np.ones([2, 2]), 'array([[1., 1.],\n       [1., 1.]])'],
    [np.arange(0, 6).reshape([2, 3]).T, 'array([[0., 3.],\n       [1., 4.],\n       [2., 5.]])'],
    [np.array([1, 2], 'int64'), 'array([1, 2])'],
    [np.array([1, 2], 'uint8'), 'array([1, 2], dtype=uint8)'],
    // As numpy-ts itself holds them: equal values of another type.
    [np.array([0.5], 'float16'), 'array([0.5], dtype=float32)'],
    [np.array([1, 0], 'bool'), 'array([1, 0], dtype=uint8)'],
    [np.array([new np.Complex(1, -2)]), 'array([1.-2.j])'],
    [np.zeros([0, 3]), 'array([], shape=(0, 3), dtype=float64)'],
    [new Float32Array([0.5, 2]), 'array([0.5, 2. ], dtype=float32)'],
    [{ mean: 2.5, rows: np.ones([1, 2]) }, "{'mean': 2.5, 'rows': array([[1., 1.]])}"],
  ];

  it('give equal values to H5Bag(…).load() of the Python bagofholding', (context) => {
    if (python === undefined) return context.skip('FLECHE_PYTHON names no Python with bagofholding');
    const program =
      'import sys, json; from bagofholding import H5Bag\n' +
      'print(json.dumps([repr(H5Bag(path).load()) for path in sys.argv[1:]]))';
    const files = loaded.map(([value]) => fileOf(value));
    const said = execFileSync(python, ['-c', program, ...files], { encoding: 'utf8' });
    expect(JSON.parse(said)).toEqual(loaded.map(([, repr]) => repr));
  });

  it('are read by h5py', (context) => {
    if (python === undefined) return context.skip('FLECHE_PYTHON names no Python with h5py');
    const program =
      'import sys, h5py\n' +
      'with h5py.File(sys.argv[1]) as f: d = f["object"]; print(d.dtype, d.shape, d[()].tolist(), d.attrs["qualname"])';
    const file = fileOf(np.arange(0, 4).reshape([2, 2]));
    const said = execFileSync(python, ['-c', program, file], { encoding: 'utf8' });
    expect(said).toBe('float64 (2, 2) [[0.0, 1.0], [2.0, 3.0]] ndarray\n');
  });

  it('are dumped by h5dump', (context) => {
    needs(context, 'h5dump', '--version');
    const said = execFileSync('h5dump', ['-d', '/object', fileOf(np.ones([5, 5]))], { encoding: 'utf8' });
    expect(said).toMatch(/DATATYPE {2}H5T_IEEE_F64LE/);
    expect(said).toMatch(/\( 5, 5 \)/);
    expect(said).toMatch(/\(4,0\): 1, 1, 1, 1, 1/);
  });
});

describe('compressed pickle files', () => {
  it('are gzip files: zcat gives what the uncompressed file holds', (context) => {
    needs(context, 'zcat', '--version');
    const text = 'a'.repeat(100_000);
    const [plain, gzip] = [false, true].map((compress) => {
      const storage = ValuePickleFile.withPickle({ root: join(root, `pickle-${compress}`), compress });
      storage.put(digest(text), text);
      return join(storage.location, digest(text));
    }) as [string, string];
    const unpacked = execFileSync('zcat', { input: readFileSync(gzip) });
    expect(readFileSync(gzip).length).toBeLessThan(unpacked.length / 10);
    expect(unpacked.includes(text.slice(0, 50_000))).toBe(true);
    expect(readFileSync(plain).includes(text)).toBe(true);
  });
});

describe('the call database', async () => {
  const url = join(root, 'calls.db');
  const calls = await Sql.open({ url });
  const values = ValuePickleFile.withPickle({ root: join(root, 'values') });
  const add = fleche(function add(a: number, b: number) {
    return a + b;
  });
  cache(new Cache({ values, calls }), () => add(2, 3));
  cache(new Cache({ values, calls: CallPickleFile.withPickle({ root: join(root, 'calls') }) }), () => add(2, 3));
  const key = add.fleche.digest(2, 3);

  it('is opened by the sqlite3 program, while we have it open', (context) => {
    needs(context, 'sqlite3', '--version');
    const query =
      'select calls.key, calls.name, arguments.name, value from calls join arguments on call_key = key order by position';
    const said = execFileSync('sqlite3', [url, query], { encoding: 'utf8' });
    expect(said).toBe(`${key}|add|a|${digest(2)}\n${key}|add|b|${digest(3)}\n`);
    expect(execFileSync('sqlite3', [url, 'pragma integrity_check'], { encoding: 'utf8' })).toBe('ok\n');
    expect([...calls.list()]).toEqual([key]);
  });
});
