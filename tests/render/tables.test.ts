import { describe, expect, it } from 'vitest';
import { Cache } from '../../src/cache/cache.js';
import type { Digest } from '../../src/digest/index.js';
import {
  callsTable,
  type Table,
  tablesToMimeBundle,
  tableToHtml,
  tableToText,
  valuesTable,
} from '../../src/render/index.js';
import { CallMemory, ValueMemory } from '../../src/storage/memory.js';
import { CallVoid, ValueVoid } from '../../src/storage/void.js';

function memoryCache(): Cache {
  return new Cache({ values: new ValueMemory(), calls: new CallMemory() });
}

const table: Table = {
  caption: 'values: <none> & "such"',
  columns: [
    { heading: 'digest', kind: 'digest' },
    { heading: 'value', kind: 'text' },
    { heading: 'size', kind: 'number' },
  ],
  rows: [
    [{ text: '65d52a82', title: '65d52a82ff' }, { text: "<b onclick='x()'>&amp;" }, { text: '12 B' }],
    [{ text: 'aaaaaaaa' }, { text: '日本 😀' }],
  ],
  omitted: 3,
};

describe('a table', () => {
  it('as HTML escapes everything and aligns by itself', () => {
    expect(tableToHtml(table)).toMatchInlineSnapshot(`
      "<p>values: &lt;none&gt; &amp; &quot;such&quot;</p>
      <table>
      <thead><tr><th style="text-align: left">digest</th><th style="text-align: left">value</th><th style="text-align: right">size</th></tr></thead>
      <tbody>
      <tr><td style="text-align: left" title="65d52a82ff"><code>65d52a82</code></td><td style="text-align: left">&lt;b onclick=&#39;x()&#39;&gt;&amp;amp;</td><td style="text-align: right">12 B</td></tr>
      <tr><td style="text-align: left"><code>aaaaaaaa</code></td><td style="text-align: left">日本 😀</td><td style="text-align: right"></td></tr>
      </tbody>
      </table>
      <p>… and 3 more</p>"
    `);
  });

  it('as text', () => {
    expect(tableToText(table)).toMatchInlineSnapshot(`
      "values: <none> & "such"
       digest    value                   size
      ────────────────────────────────────────
       65d52a82  <b onclick='x()'>&amp;  12 B
       aaaaaaaa  日本 😀
      … and 3 more"
    `);
  });

  it('without rows is its caption', () => {
    const empty = { ...table, rows: [], omitted: 0 };
    expect(tableToHtml(empty)).toBe('<p>values: &lt;none&gt; &amp; &quot;such&quot;</p>');
    expect(tableToText(empty)).toBe(table.caption);
  });

  it('keeps its shape when a cell tries to break it', () => {
    const hostile = { ...table, rows: [[{ text: '</td></table>' }, { text: '"' }, { text: '' }]], omitted: 0 };
    expect(tableToHtml(hostile).match(/<\/table>/g)).toHaveLength(1);
    expect(tableToText(hostile).split('\n')).toHaveLength(4);
  });
});

describe('the values of a storage', () => {
  it('in the order of their digests, whatever the order of storing', () => {
    const one = memoryCache();
    one.save({ name: 'add', arguments: { a: 2, b: 3 }, result: 5 });
    const other = memoryCache();
    other.save({ name: 'add', arguments: { b: 3, a: 2 }, result: 5 });
    expect(tableToText(valuesTable(one.values))).toBe(tableToText(valuesTable(other.values)));
    const { caption, rows } = valuesTable(one.values);
    expect(caption).toBe('values: ValueMemory, 3 values');
    expect(rows.map(([digest]) => digest?.title)).toEqual([...one.values.list()].sort());
    expect(new Set(rows.map(([, value]) => value?.text))).toEqual(new Set(['2', '3', '5']));
  });

  it('says how many are left out', () => {
    const { values } = memoryCache();
    for (let i = 0; i < 103; i += 1) values.put(i.toString(16).padStart(64, '0') as Digest, i);
    expect(valuesTable(values)).toMatchObject({ omitted: 3, rows: { length: 100 } });
    expect(valuesTable(values, { rows: 2 })).toMatchObject({ omitted: 101, rows: { length: 2 } });
    expect(
      tableToText(valuesTable(values, { rows: 2 }))
        .split('\n')
        .at(-1),
    ).toBe('… and 101 more');
  });

  it('of nothing', () => {
    expect(tablesToMimeBundle([valuesTable(new ValueVoid())])).toEqual({
      'text/plain': 'values: ValueVoid, 0 values',
      'text/html': '<p>values: ValueVoid, 0 values</p>',
    });
  });
});

describe('the calls of a cache', () => {
  it('by function and key, with arguments and results', () => {
    const c = memoryCache();
    c.save({ name: 'mul', arguments: { a: 3, b: 4 }, result: 12 });
    c.save({ name: 'add', arguments: { a: 2, b: 'x'.repeat(100) }, result: '<b>' });
    c.save({ name: 'add', arguments: {}, result: undefined });
    const { caption, rows } = callsTable(c);
    expect(caption).toBe('calls: CallMemory, 3 calls');
    const texts = rows.map(([, call, result]) => [call?.text, result?.text]);
    expect(texts.slice(0, 2).sort()).toEqual([
      ['add()', 'undefined'],
      ["add(a=2, b='xxxxxxxxxxxxxxxxxxxxxxxxxxxx…)", "'<b>'"],
    ]);
    expect(texts[2]).toEqual(['mul(a=3, b=4)', '12']);
    expect(rows.map(([key]) => key?.title).sort()).toEqual([...c.calls.list()].sort());
  });

  it('names by digest what is not stored', () => {
    const c = memoryCache();
    const key = c.save({ name: 'add', arguments: { a: 2 }, result: 5 });
    const record = c.load(key).record;
    for (const digest of [...c.values.list()]) c.values.evict(digest);
    expect(
      callsTable(c)
        .rows[0]?.slice(1)
        .map(({ text }) => text),
    ).toEqual([`add(a=<${record.arguments.a?.slice(0, 8)}>)`, '(not stored)']);
  });

  it('shows times only when asked, since they differ from run to run', () => {
    const c = memoryCache();
    const runtime = { timestart: 1_795_542_717.69, walltime: 0.000427 };
    c.save({ name: 'add', arguments: { a: 2 }, result: 5, metadata: { runtime } });
    c.save({ name: 'bare', arguments: {}, result: 5 });
    expect(callsTable(c).columns.map(({ heading }) => heading)).toEqual(['key', 'call', 'result']);
    const timed = callsTable(c, { times: true });
    expect(timed.columns.map(({ heading }) => heading)).toEqual(['key', 'call', 'result', 'started', 'seconds']);
    expect(timed.rows.map((row) => row.slice(3).map(({ text }) => text))).toEqual([
      ['2026-11-24T17:51:57Z', '0.000427'],
      ['', ''],
    ]);
  });

  it('of a cache that keeps nothing', () => {
    const c = new Cache({ values: new ValueVoid(), calls: new CallVoid() });
    expect(callsTable(c)).toMatchObject({ caption: 'calls: CallVoid, 0 calls', rows: [], omitted: 0 });
  });

  it('reads only what it shows when there are very many', () => {
    const c = memoryCache();
    for (let i = 0; i < 1001; i += 1) c.save({ name: `f${i}`, arguments: {}, result: null });
    const keys = [...c.calls.list()].sort();
    const { rows, omitted } = callsTable(c, { rows: 5 });
    expect(rows.map(([key]) => key?.title).sort()).toEqual(keys.slice(0, 5));
    expect(omitted).toBe(996);
  });
});
