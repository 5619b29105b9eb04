// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { describe, expect, it } from 'vitest';
import { type Output, runCells } from './run-cells.js';

type Data = Readonly<Record<string, string>>;

function dataOf(output: Output | undefined): Data {
  const entries = Object.entries(output?.data ?? {});
  return Object.fromEntries(entries.map(([type, value]) => [type, [value].flat().join('')]));
}

/** The representations of what each cell shows first, in one kernel. */
async function firsts(...sources: string[]): Promise<Data[]> {
  const { cells } = await runCells(sources);
  return cells.map(({ outputs }) => dataOf(outputs[0]));
}

const png =
  'Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64")';

describe('results', () => {
  it('are coloured as the inspector colours them', async () => {
    const { cells, stdout } = await runCells(['({ a: "x", n: 1, u: undefined })', '%env NO_COLOR=1\n1'], {
      colors: true,
    });
    expect(dataOf(cells[0]?.outputs[0])['text/plain']).toBe(
      "{ a: \u001b[32m'x'\u001b[39m, n: \u001b[33m1\u001b[39m, u: \u001b[2mundefined\u001b[22m }",
    );
    expect(dataOf(cells[1]?.outputs.at(-1))['text/plain']).toBe('1');
    // A file or a pipe gets no colours.
    expect(stdout).toContain("{ a: 'x', n: 1, u: undefined }");
  });

  it('show records, columns, maps, arrays and pictures as what they are, with a text each', async () => {
    const [records, map, long, picture, drawing, quoted, table] = await firsts(
      '[{ name: "<b>", size: 1 }, { name: "é", size: 12.5, more: [1, 2] }]',
      'new Map([["a", { b: 1 }]])',
      'Float64Array.from({ length: 1000 }, (_, i) => i / 4)',
      png,
      '`<svg width="9"><script>1</script><text fill="currentColor">&amp;</text></svg>`',
      '[new Map([["<i>", "<script>"]])][0]',
      `const columns = { a: [1, 2], b: ["x", "y"] };
       ({ columnNames: () => Object.keys(columns), numRows: () => 2, get: (name: string, row: number) => columns[name][row] })`,
    );
    expect(records?.['text/plain']).toBe(
      ' 2 rows × 3 columns\n name  size  more\n──────────────────────\n <b>      1\n é     12.5  [ 1, 2 ]'.trim(),
    );
    expect(records?.['text/html']).toContain('<td style="text-align: left">&lt;b&gt;</td>');
    expect(map?.['text/plain']).toBe("Map(1) { 'a' => { b: 1 } }");
    expect(map?.['text/html']).toContain('{ b: 1 }</td>');
    expect(long?.['text/plain']).toBe(
      'Float64Array(1,000), from 0 to 249.75\n0  0.25  0.5  0.75  1  1.25  …  249.25  249.5  249.75',
    );
    expect(picture).toEqual({ 'image/png': expect.stringMatching(/^iVBOR/), 'text/plain': '<image/png, 70 bytes>' });
    expect(drawing?.['text/html']).toMatch(/^<img src="data:image\/svg\+xml;base64,[\w+/=]+">$/);
    expect(drawing?.['image/svg+xml']).toContain('<svg xmlns="http://www.w3.org/2000/svg" color="#808080" width="9">');
    expect(table?.['text/plain']).toMatch(/2 rows × 2 columns\n a {2}b\n/);
    for (const data of [records, map, long, drawing, quoted, table]) {
      expect(data?.['text/html']).not.toMatch(/<style|<script|<svg|var\(|\son\w+=/i);
    }
  });

  it('do not show what the kernel notes in promises', async () => {
    const [one, nested] = await firsts('new Promise(() => {})', '({ list: [Promise.resolve(3)] })');
    expect([one?.['text/plain'], nested?.['text/plain']]).toEqual([
      'Promise { <pending> }',
      '{ list: [ Promise { 3 } ] }',
    ]);
  });

  it('tell of methods that fail, and show the text', async () => {
    const [thrown, rejected, wrong, inspector, unsendable] = await firsts(
      '({ a: 1, [Symbol.for("Jupyter.display")]() { throw new RangeError("no"); } })',
      '({ [Symbol.for("Jupyter.display")]: async () => { throw new Error("later"); } })',
      '({ [Symbol.for("Jupyter.display")]: () => 5 })',
      '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("bad"); } })',
      '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { f() {}, a: 1 }, "text/html": () => 1 }) })',
    );
    expect(thrown?.['text/plain']).toMatch(/a: 1,[\s\S]*\n\(it could not be shown as it wished: RangeError: no\)$/);
    expect(rejected?.['text/plain']).toMatch(/Error: later\)$/);
    expect(wrong?.['text/plain']).toMatch(/must give an object of representations by MIME type, but gave number\)$/);
    expect(inspector?.['text/plain']).toMatch(/for the inspector failed: Error: bad\)$/);
    expect(Object.keys(unsendable ?? {})).toEqual(['application/json', 'text/html', 'text/plain']);
  });

  it('are bounded, whatever they are', async () => {
    const [nested, wide, page] = await firsts(
      'Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => Array(100).fill("some text that is long")))',
      'Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, i]))',
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "x".repeat(30_000_000) }) })',
    );
    expect(nested?.['text/plain']?.length).toBeLessThan(1_000_200);
    expect(nested?.['text/plain']).toMatch(/… [\d,]+ characters left out;/);
    expect(wide?.['text/plain']).toMatch(/k99: 99\n}\n… and 199,900 more properties$/);
    expect(page).toEqual({ 'text/plain': expect.stringMatching(/left out, .*: text\/html of 30 MB\)$/) });
  });
});

describe('cells', () => {
  it('show values in places that they can show anew', async () => {
    const { cells } = await runCells([
      'const place = display(html`<b>${"<1>"}</b>${[html`<i>x</i>`, 2]}`); display(5, { id: "mine" }); place',
      'place.update(md`**${2}** \\`$\\pi$\\``); for (let i = 0; i < 5000; i++) display.update("mine", i); display(latex`\\frac{1}{2}`)',
      'import { display, newDisplay } from "tslab"; display.html("<i>y</i>"); const html = 1; html',
    ]);
    expect(cells.map(({ outputs }) => outputs.map(dataOf))).toEqual([
      [{ 'text/markdown': '**2** `$\\pi$`', 'text/plain': '**2** `$\\pi$`' }, { 'text/plain': '4999' }],
      [{ 'text/latex': '$$\\frac{1}{2}$$', 'text/plain': '\\frac{1}{2}' }],
      [{ 'text/html': '<i>y</i>' }, { 'text/plain': '1' }],
    ]);
    const [first] = await firsts('display(html`<b>${"<1>"}</b>${[html`<i>x</i>`, 2]}`)');
    expect(first).toEqual({ 'text/html': '<b>&lt;1&gt;</b><i>x</i>2', 'text/plain': '<1>x2' });
  });

  it('clear what they have shown', async () => {
    const { cells } = await runCells([
      'console.log(1); clearOutput(); console.log(2); clearOutput({ wait: true }); console.log(3)',
      'console.log(4); clearOutput({ wait: true });',
    ]);
    expect(cells.map(({ outputs }) => outputs.map(({ text }) => text))).toEqual([[['3\n']], [['4\n']]]);
  });

  it('show how far their loops are', async () => {
    const { cells } = await runCells([
      'let sum = 0; for (const n of progress([1, 2, 3], { label: "a<b" })) sum += n; sum',
      'async function* steps() { yield 1; yield 2; }\nfor await (const n of progress(steps())) sum += n; sum',
      'for (const n of progress(new Set([1, 2]))) break;',
      'const began = performance.now(); for (const n of progress(Array(1_000_000))) {} performance.now() - began < 5000',
    ]);
    const [sync, async, stopped, many] = cells.map(({ outputs }) => outputs.map(dataOf));
    expect(sync?.[0]?.['text/html']).toMatch(
      /^<div>a&lt;b <progress value="3" max="3"><\/progress> 3\/3 in \d+\.\d s<\/div>$/,
    );
    expect(sync?.[0]?.['text/plain']).toMatch(/^a<b █{20} 3\/3 in/);
    expect([sync?.[1], async?.[1]]).toEqual([{ 'text/plain': '6' }, { 'text/plain': '9' }]);
    expect(async?.[0]?.['text/plain']).toMatch(/ 2 in \d/);
    expect(stopped?.[0]?.['text/plain']).toMatch(/^░{20} 0\/2 stopped after/);
    expect(many?.at(-1)?.['text/plain']).toBe('true');
  });

  it('that write without end show the beginning and the end', async () => {
    const { cells } = await runCells([
      'const line = "x".repeat(99); for (let i = 0; i < 500_000; i++) console.log(line); console.log("the end")',
      'process.env.FLECHE_OUTPUT_MB = "20"; for (let i = 0; i < 150_000; i++) console.log(line)',
      'delete process.env.FLECHE_OUTPUT_MB; console.log("as before")',
    ]);
    const [bounded, whole, next] = cells.map(({ outputs }) => outputs.map(({ text }) => text?.join('')).join(''));
    expect(bounded?.length).toBeGreaterThan(10_000_000);
    expect(bounded?.length).toBeLessThan(10_200_000);
    expect(bounded).toMatch(
      /… This cell has written 10 MB\. [\s\S]*\n… 39\.9 MB are left out here …\nx*\n[\s\S]*\nthe end\n$/,
    );
    expect([whole?.length, next]).toEqual([15_000_000, 'as before\n']);
  });
});
