// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates in the text of cells
import { describe, expect, it } from 'vitest';
import { Checker } from '../../kernel-extension/front/checker.js';
import { withoutChecks } from '../../kernel-extension/shared/check-names.js';
import { loadTypeScript } from '../../kernel-extension/typescript/load-typescript.js';
import { LiveKernel } from './live-kernel.js';
import { emptyFolder, program, runCells, shown } from './run-cells.js';

const checker = new Checker(loadTypeScript().ts, process.cwd(), () => {});

/** Runs cells, and gives what each showed. */
async function shows(...sources: string[]): Promise<string[][]> {
  const { cells } = await runCells(sources);
  return cells.map(shown);
}

describe('checks in loops', () => {
  it('are not part of the text of a function, whatever its loops look like', async () => {
    const [, texts] = await shows(
      `const data = [1, 2];
async function all(n: number) {
  'use strict';
  for (const x of data) console.log(x);
  for (let i = 0; i < n; i++) { await null; }
  while (n) n--;
  do n++; while (n < 10);
  for (const k in data) { for (;;) break; }
  lab: for (;;) break lab;
  if (n) while (n > 0) { for (const x of data) { do n -= x; while (n > x); } }
  other: for (;;) { for (;;) { if (n) break other; } }
  for await (const y of data);
}
class A { static { for (;;) break; } m() { while (data) { break; } } p = () => { for (;;) break; } }`,
      "for (const fn of [all, A]) console.log(String(fn).replace(/\\s+/g, ' '));",
    );
    expect(texts).toEqual([
      "out: async function all(n) { 'use strict'; for (const x of data) console.log(x); for (let i = 0; i < n; i++) { await null; } while (n) n--; do n++; while (n < 10); for (const k in data) { for (;;) break; } lab: for (;;) break lab; if (n) while (n > 0) { for (const x of data) { do n -= x; while (n > x); } } other: for (;;) { for (;;) { if (n) break other; } } for await (const y of data) ; }\n" +
        'class A { static { for (;;) break; } m() { while (data) { break; } } p = () => { for (;;) break; }; }',
    ]);
  });

  it.each([
    ['for (let i = 0; i < n; i++) yield i;', 0],
    ['for (let i = 0; i < 1e7; i++) { yield i * 2; }', 0],
    ['const m = 2 * n; for (let i = 0; i < m; i--) yield i;', 1],
    ['const m = 2 * n; for (let i = 0; i <= m; i++) yield i;', 0],
    // What goes on meanwhile may lengthen these.
    ['for (let i = 0; i < n; i++) { yield i; } grow = () => n++;', 1],
    ['for (let i = 0; i < n; i++) { yield i; } grow = () => ([n] = [n + 1]);', 1],
    ['for (let i = 0; i < data.length; i++) yield i;', 1],
    ['for (let i = 0; i < limit; i++) yield i;', 1],
    ['for (let i = 0; i < n; i++) yield* data;', 1],
    ['for (let i = 0; i < n; i++) { yield i; for (;;) yield 0; }', 2],
    ['let i = 0; while (i < n) { yield i; i++; }', 1],
  ])('are in a loop of a generator unless it ends by itself: %s', (loop, checks) => {
    const cell = `let limit = 3, grow: unknown; const data = [1];\nfunction* numbers(n: number) { ${loop} }`;
    const runnable = checker.convert(cell, 'cell.ts');
    const body = 'code' in runnable ? runnable.code.body : runnable.evalue;
    expect(body).toContain('function* numbers');
    expect(body.match(/__fleche_check\(/g) ?? []).toHaveLength(checks);
  });

  it('change nothing about what tight loops do, however often these go round', async () => {
    const [, result] = await shows(
      `const loops = [
  (n: number) => { let s = ''; while (n > 0) { n--; if (n % 3 === 0) continue; if (n === 7) break; s += n; } return s; },
  (n: number) => { let s = ''; do { const m: number = n--; if (m % 3 === 0) continue; s += m; if (m === 7) break; } while (n > 0); return s; },
  (n: number) => { let s = 0; while (n-- > 0) s += n; return s; },
  (n: number) => { let s = 0; do s += n; while (--n > 0); return [s, n]; },
  (n: number) => { while (--n > 0); return n; },
  (n: number) => { let s = ''; turn: while (n > 0) { switch (n--) { case 2: continue turn; case 9: break turn; case 4: break; default: s += n; } } return s; },
  async (n: number) => { await null; let s = ''; while (n > 0) { /* down */ const m = n--; s += m; } return s; },
  async (n: number) => { await null; let s = 0; do { s += n; } while (n-- > 0); return s; },
];`,
      `const wrong: unknown[] = [];
for (const loop of loops) {
  const plain = (0, eval)(\`(\${loop})\`);
  for (let n = 0; n < 15; n++) {
    const [found, expected] = [await loop(n), await plain(n)];
    if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push([String(loop), n, found, expected]);
  }
}
[wrong, loops.filter((loop) => /__fleche/.test(String(loop))).length]`,
    );
    expect(result).toEqual(['[ [], 0 ]']);
  });

  it('leave the positions of errors where they are', async () => {
    const [error] = await shows('let o: any = { a: 1 };\nwhile (o)\n  o = o.a.b.c;');
    expect(error?.[0]).toContain('cell 1, line 3, column ');
    const [later] = await shows(
      'let n = 10, deep: any = { n: 1 };\nwhile (n > 0) {\n  if (n-- === 7) deep = null;\n  deep.n++;\n}',
    );
    expect(later?.[0]).toContain('cell 1, line 4, column ');
  });

  it('have names that a cell cannot use', async () => {
    expect(await shows('const text = 1;\nconst __fleche_check = 2;', '1')).toEqual([
      ["cell 1:2:7 - '__fleche_check' is reserved for the kernel, in texts and comments as well."],
      ['1'],
    ]);
  });

  it('are taken out of a text that holds none as well', () => {
    expect(withoutChecks('() => { for (;;) f(); }')).toBe('() => { for (;;) f(); }');
  });
});

describe('variables that a loop has for itself', () => {
  it('are written back, also by what throws, and by patterns and heads of loops', async () => {
    expect(
      await shows(
        'let sum = 0, a = 1, b = 2, list = [1]; const fixed = 3; for (const x of [1, 2, 3]) sum += x; sum',
        'for (a of [5, 6]); for (let i = 0; i < 3; i++) { [a, b] = [b, a]; list = list.length ? [7] : list; sum++; } [a, b, list, sum]',
        'for (let i = 0; i < 3; i++) { sum += 10; if (i === fixed - 2) throw new Error("no"); }',
        'const o: { sum: number }[] = []; outer: while (sum > 0) { for (const x of [1]) { sum -= 20; o.push({ sum }); continue outer; } } [sum, o.length]',
      ),
    ).toEqual([['6'], ['[ 2, 6, [ 7 ], 9 ]'], [expect.stringContaining('Error: no')], ['[ -11, 2 ]']]);
  });

  it('are seen by the functions that the loop calls', async () => {
    expect(
      await shows(
        'let n = 0; const step = () => { n += 2; };',
        'for (let i = 0; i < 3; i++) { n++; step(); } n',
        'let m = 0; const look = () => m; const seen: number[] = []; for (let i = 0; i < 3; i++) { m++; seen.push(look()); } [m, seen]',
      ),
    ).toEqual([[], ['9'], ['[ 3, [ 1, 2, 3 ] ]']]);
  });
});

it('an interrupt that found nothing to stop stops no cell that is sent after its answer, be it in the same millisecond', async () => {
  const kernel = new LiveKernel(emptyFolder(), (file) => [program, 'kernel', '--config-path', file]);
  try {
    await kernel.ready();
    for (let n = 0; n < 200; n++) {
      await kernel.interrupt();
      expect(await kernel.run(`${n}`)).toMatchObject({ status: 'ok', value: `${n}` });
    }
  } finally {
    kernel.stop();
  }
});
