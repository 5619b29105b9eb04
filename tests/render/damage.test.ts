import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Cache } from '../../src/cache/cache.js';
import type { Digest } from '../../src/digest/index.js';
import { callEntriesTable, callsTable, valuesTable } from '../../src/render/index.js';
import { CallPickleFile, ValuePickleFile } from '../../src/storage/pickle-file/pickle-file.js';
import { withDirectory } from '../../src/testing/with-directory.js';

function fileCache(root: string): Cache {
  return new Cache({
    values: ValuePickleFile.withPickle({ root: join(root, 'values') }),
    calls: CallPickleFile.withPickle({ root: join(root, 'calls') }),
  });
}

function flipLastByte(file: string): void {
  const bytes = readFileSync(file);
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 0xff;
  writeFileSync(file, bytes);
}

it('a damaged value shows in its own row; all others are there', () =>
  withDirectory((root) => {
    const c = fileCache(root);
    const key = c.save({ name: 'add', arguments: { a: 2, b: 3 }, result: 5 });
    const { record } = c.load(key);
    flipLastByte(join(root, 'values', record.result as string));
    truncateSync(join(root, 'values', record.arguments.a as string), 20);

    const texts = new Map(valuesTable(c.values).rows.map(([digest, value]) => [digest?.title, value?.text]));
    expect(texts.get(record.arguments.b)).toBe('3');
    expect(texts.get(record.result as string)).toMatch(/^\(corrupt: .+\)$/);
    expect(texts.get(record.arguments.a)).toMatch(/^\(corrupt: .+\)$/);
    const [, call, result] = callsTable(c).rows[0] ?? [];
    expect(call?.text).toBe(`add(a=<${record.arguments.a?.slice(0, 8)}>, b=3)`);
    expect(result?.text).toMatch(/^\(corrupt: .+\)$/);
    // A row says what is wrong, and nothing that depends on where the files lie.
    expect(JSON.stringify(valuesTable(c.values).rows)).not.toContain(root);
  }));

it('a damaged call shows in its own row, after all others', () =>
  withDirectory((root) => {
    const c = fileCache(root);
    const good = c.save({ name: 'zeta', arguments: {}, result: 5 });
    const bad = c.save({ name: 'alpha', arguments: {}, result: 6 });
    flipLastByte(join(root, 'calls', bad));
    expect(callsTable(c).rows.map((row) => row.slice(0, 2).map(({ title, text }) => title ?? text))).toEqual([
      [good, 'zeta()'],
      [bad, expect.stringMatching(/^\(corrupt: .+\)$/)],
    ]);
    const entries = new Map(callEntriesTable(c.calls).rows.map(([key, name]) => [key?.title, name?.text]));
    expect(entries.get(good)).toBe('zeta');
    expect(entries.get(bad)).toMatch(/^\(corrupt: .+\)$/);
  }));

it('a large value is not read for a line of preview', () =>
  withDirectory((root) => {
    const c = fileCache(root);
    c.values.put('a'.repeat(64) as Digest, new Uint8Array(17_000_000));
    const [row] = valuesTable(c.values).rows;
    expect(row?.slice(1).map(({ text }) => text)).toEqual(['(too large to preview)', '17.0 MB']);
  }));
