// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
/** What cells show of values of libraries, by the libraries themselves. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, type Output, removeFolder, runCells } from './run-cells.js';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = emptyFolder();
  symlinkSync(modules, join(folder, 'node_modules'));
});
afterAll(() => removeFolder(folder));

type Data = Readonly<Record<string, string>>;

/** The representations of what each cell shows last, in one kernel. */
async function shows(...sources: string[]): Promise<Data[]> {
  const { cells } = await runCells(sources, { folder });
  return cells.map(({ outputs }) => dataOf(outputs.at(-1)));
}

function dataOf(output: Output | undefined): Data {
  if (output?.output_type === 'error') return { error: String(output.traceback) };
  const entries = Object.entries(output?.data ?? {});
  return Object.fromEntries(entries.map(([type, value]) => [type, [value].flat().join('')]));
}

/** Lines of a text. */
const lines = (data: Data | undefined): string[] | undefined => data?.['text/plain']?.split('\n');

/** What JupyterLab drops where a notebook is not trusted, in HTML that is to be read without it. */
const DROPPED = /<script|<svg|<iframe|<math|\son\w+=|var\(|\sid=/i;

describe('tables of arquero', () => {
  it('are shown as tables, with what has been filtered, ordered and rolled up', async () => {
    const [whole, part, groups, long, wide, none] = await shows(
      `import * as aq from 'arquero';
       const t = aq.table({ name: ['a', '<b>', 'c'], n: [3, 1, 2], when: [new Date(0), null, undefined] });
       t`,
      't.filter((d: { n: number }) => d.n > 1).orderby("n")',
      't.groupby("name").rollup({ count: aq.op.count() })',
      'aq.table({ x: Float64Array.from({ length: 100_000 }, (_, i) => i / 2) })',
      'aq.table(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${i}`, [i]])))',
      'aq.table({})',
    );
    expect(lines(whole)).toEqual([
      '3 rows × 3 columns',
      ' name  n  when',
      '───────────────────────────────────',
      ' a     3  1970-01-01T00:00:00.000Z',
      ' <b>   1  null',
      ' c     2',
    ]);
    expect(whole?.['text/html']).toContain(
      '<td style="text-align: left">&lt;b&gt;</td><td style="text-align: right">1</td>',
    );
    expect(
      lines(part)
        ?.slice(3)
        .map((line) => line.trim().slice(0, 6)),
    ).toEqual(['c     ', 'a     ']);
    expect(lines(groups)?.slice(0, 2)).toEqual(['3 rows × 2 columns', ' name  count']);
    expect(lines(long)?.[0]).toBe('100,000 rows × 1 columns');
    expect(lines(long)?.at(-1)).toMatch(/99,?950/);
    expect(long?.['text/html']?.match(/<tr>/g)).toHaveLength(51);
    expect(lines(wide)?.[0]).toBe('1 rows × 40 columns, the first 30 of them');
    expect(none?.['text/plain']).toBe('0 rows × 0 columns');
    for (const data of [whole, part, groups, long, wide, none]) expect(data?.['text/html']).not.toMatch(DROPPED);
  });
});

describe('n-d arrays', () => {
  it('of numpy-ts are shown by type, shape and corner', async () => {
    const [cube, line, complex, flags, empty, scalar] = await shows(
      'import * as np from "numpy-ts"; np.arange(0, 2 * 12 * 3).reshape(2, 12, 3)',
      'np.arange(0, 5)',
      'np.array([1, 2], "complex128")',
      'np.array([[1, 0]], "bool")',
      'np.zeros([0, 3])',
      'np.array(5)',
    );
    expect(lines(cube)).toEqual([
      'float64 2×12×3, of which [0, :, :]',
      ...[' 0   1   2', ' 3   4   5', ' 6   7   8', ' 9  10  11', '12  13  14', '15  16  17', ' ⋮   ⋮   ⋮'],
      ...['27  28  29', '30  31  32', '33  34  35'],
    ]);
    expect(cube?.['text/html']).toMatch(/^<p>float64 2×12×3, of which \[0, :, :\]<\/p>\n<table>/);
    expect(lines(line)).toEqual(['float64 5', '0  1  2  3  4']);
    expect(lines(complex)).toEqual(['complex128 2', '1+0i  2+0i']);
    expect(lines(flags)).toEqual(['bool 1×2', 'true  false']);
    expect(lines(empty)).toEqual(['float64 0×3']);
    expect(lines(scalar)).toEqual(['float64 scalar', '5']);
  });

  it('of scijs are shown so as well, views by their own strides', async () => {
    const [turned, big, long] = await shows(
      'import ndarray from "ndarray"; ndarray(new Float32Array([1.5, 2, 3, 4, 5, 6]), [2, 3]).transpose(1, 0)',
      'ndarray(new BigInt64Array([1n]), [1])',
      'ndarray(Float64Array.from({ length: 1e6 }, (_, i) => i), [1000, 1000])',
    );
    expect(lines(turned)).toEqual(['float32 3×2', '1.5  4', '  2  5', '  3  6']);
    expect(lines(big)).toEqual(['bigint64 1', '1']);
    expect(lines(long)).toHaveLength(11);
    expect(lines(long)?.at(-1)).toBe('999000  999001  999002  999003  999004  999005  …  999997  999998  999999');
  });
});

describe('elements of a document', () => {
  it('are shown as pictures, as Observable Plot makes them, and titled ones with their words', async () => {
    const [plot, titled, paragraph] = await shows(
      `import * as Plot from '@observablehq/plot'; import { parseHTML } from 'linkedom';
       const { document } = parseHTML('<html></html>');
       Plot.plot({ document, marks: [Plot.dot([[1, 2], [3, 4]])] })`,
      `Plot.plot({
         document, title: 'Sizes <1', caption: 'in m', marks: [Plot.dot([[1, 2], [3, 4]], { fill: '0' })],
         color: { legend: true, type: 'ordinal' },
       })`,
      'const p = document.createElement("p"); p.textContent = "a < b"; p',
    );
    expect(plot?.['image/svg+xml']).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" color="#808080" viewBox="0 0 640 400"[\s\S]*<circle [\s\S]*<\/svg>$/,
    );
    expect(plot?.['text/html']).toMatch(/^<img src="data:image\/svg\+xml;base64,[\w+/=]+">$/);
    const [, drawn = ''] = /base64,([\w+/=]+)/.exec(plot?.['text/html'] ?? '') ?? [];
    expect(Buffer.from(drawn, 'base64').toString()).toBe(plot?.['image/svg+xml']);
    expect(plot?.['text/plain']).toMatch(/^<svg viewBox="0 0 640 400"[^>]*>$/);
    expect(titled?.['text/html']).toMatch(
      /<h2>Sizes &lt;1<\/h2>[\s\S]*<img src="data:[\s\S]*<figcaption>in m<\/figcaption>/,
    );
    expect(lines(titled)?.[0]).toBe('Sizes <1');
    expect(lines(titled)?.at(-1)).toBe('in m');
    expect(titled?.['text/plain']).toMatch(/\n<svg viewBox="0 0 640 400"[^>]*>/);
    expect(titled?.['text/plain']).not.toContain('font-family: system-ui');
    expect(paragraph).toEqual({ 'text/html': '<p>a &lt; b</p>', 'text/plain': 'a < b' });
    for (const data of [plot, titled, paragraph]) expect(data?.['text/html']).not.toMatch(DROPPED);
  });
});

describe('what Node itself has', () => {
  it('is shown as what it is: pictures by their bytes, maps, typed arrays and records', async () => {
    const [jpeg, gif, webp, bytes, map, short, nested] = await shows(
      'Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])',
      'new Uint8Array(Buffer.from("GIF89a----"))',
      'Buffer.from("RIFF\\0\\0\\0\\0WEBPVP8 ")',
      'Buffer.from([1, 2, 3])',
      'new Map<unknown, unknown>([["a", { b: 1 }], [2, [1]]])',
      'new Float64Array(3)',
      '({ rows: [{ a: 1 }, { a: 2 }] })',
    );
    expect(jpeg).toEqual({ 'image/jpeg': '/9j/4AECAw==', 'text/plain': '<image/jpeg, 7 bytes>' });
    expect([gif, webp].map((data) => Object.keys(data ?? {})[0])).toEqual(['image/gif', 'image/webp']);
    expect(bytes).toEqual({ 'text/plain': '<Buffer 01 02 03>' });
    expect(map?.['text/plain']).toBe("Map(2) { 'a' => { b: 1 }, 2 => [ 1 ] }");
    expect(map?.['text/html']).toMatch(/^<p>Map of 2<\/p>\n<table>[\s\S]*<td style="text-align: left">{ b: 1 }<\/td>/);
    expect(short).toEqual({ 'text/plain': 'Float64Array(3) [ 0, 0, 0 ]' });
    expect(nested).toEqual({ 'text/plain': '{ rows: [ { a: 1 }, { a: 2 } ] }' });
  });
});
