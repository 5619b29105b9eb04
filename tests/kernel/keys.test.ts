import { describe, expect, it } from 'vitest';
import { runCells, shown } from './run-cells.js';

const begin = "import { cache, fleche } from 'fleche'; cache('memory'); void 0";

/** What each cell shows, after one that begins. */
async function outputs(...cells: string[]): Promise<string[][]> {
  const { cells: ran } = await runCells([begin, ...cells]);
  return ran.slice(1).map((cell) => shown(cell));
}

describe('a function without a name', () => {
  it('is called as what it is assigned to', async () => {
    const name = (of: string): string => `${of}.fleche.call(1).name`;
    expect(
      await outputs(
        `const add = fleche((a: number) => a + 1); [add.name, ${name('add')}, String(add.fleche.wrapped)]`,
        `let versioned = fleche({ version: 1 }, async (a: number) => a + 2); ${name('versioned')}`,
        `export const exported = fleche(function (a: number) { return a + 3 }); ${name('exported')}`,
        `const twice = fleche({ version: 1 })((a: number) => a + 4) as any; ${name('twice')}`,
        `const api = { one: fleche((a: number) => a + 5), fleche }; [${name('api.one')}, api.fleche.name]`,
        `let late; late = fleche((a: number) => a + 6); ${name('late')}`,
        `const own = fleche(function mine(a: number) { return a + 7 }); ${name('own')}`,
        `const given = fleche({ name: 'yours' }, (a: number) => a + 8); ${name('given')}`,
        `const other = [(a: number) => a].map((f) => f); const plain = Object.assign((a: number) => a, {}); [other[0].name, plain.name]`,
        'const wrong: string = fleche((a: number) => a + 9)(1)',
        'const bad = fleche((a: number) => { throw new Error("here") })\nbad(1)',
      ),
    ).toEqual([
      ["[ 'add', 'add', '(a) => a + 1' ]"],
      ["'versioned'"],
      ["'exported'"],
      ["'twice'"],
      ["[ 'one', 'fleche' ]"],
      ["'late'"],
      ["'mine'"],
      ["'yours'"],
      ["[ '', '' ]"],
      ["cell 11:1:7 - Type 'number' is not assignable to type 'string'."],
      ['Error: here | cell 12, line 1, column 43 | at bad (cell 12, line 1) | at cell 12, line 2'],
    ]);
  });
});

describe('what a function of a cell captures', () => {
  it('is its own variable, not one of the same name in an earlier cell', async () => {
    const [, made] = await outputs(
      'const by = 1; void 0',
      'const read = () => by; const make = (by: number) => fleche((x: number) => x * by);\n' +
        'const two = make(2), three = make(3); [two(5), three(5), two(5), read()]',
    );
    expect(made).toEqual(['[ 10, 15, 10, 1 ]']);
  });

  it('is noticed when it changes, in the same cell and in another one', async () => {
    const runs = 'const ran: string[] = [];';
    const shows = await outputs(
      `${runs} let n = 1; const inner = fleche((x: number) => { console.log('inner'); return x + n });`,
      "const outer = fleche((x: number) => { console.log('outer'); return x + n }); [inner(1), outer(1)]",
      '[inner(1), outer(1)]',
      'n = 2; [inner(1), outer(1)]',
      'n = 1; [inner(1), outer(1)]',
    );
    expect(shows.slice(1)).toEqual([
      ['out: inner\nouter', '[ 2, 2 ]'],
      ['[ 2, 2 ]'],
      ['out: inner\nouter', '[ 3, 3 ]'],
      ['[ 2, 2 ]'],
    ]);
  });

  it('and has no digest is told once, by the name of the function', async () => {
    const shows = await outputs(
      'const seen = new WeakMap(); const probe = fleche((x: number) => seen.has({}) ? 0 : x); probe(1)',
      'probe(1) + probe(2)',
      'const probe = fleche((x: number) => seen.has({}) ? 0 : x); probe(3)',
    );
    const told = shows.flat().filter((text) => text.includes('FlecheWarning'));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      /probe uses the variable seen, which counts by its name and type alone \(a WeakMap has no digest\)/,
    );
  });
});
