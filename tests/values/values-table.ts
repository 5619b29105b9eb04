import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest } from '../../src/digest/index.js';
import { isFlecheError } from '../../src/errors.js';
import { ValueBagOfHoldingH5File, ValueMemory, ValuePickleFile, type ValueStorage } from '../../src/storage/index.js';
import { Comparison } from '../../src/testing/comparison/comparison.js';
import { type NamedValue, ndArrays, values } from '../../src/testing/index.js';

/** How many names of values stand in a row. */
const mostNames = 5;

interface Row {
  readonly kind: string;
  readonly names: string[];
  readonly results: readonly string[];
}

/** What every storage does with every value of the corpus, as a table in Markdown, found out by doing it. */
export async function valuesTable(): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), 'fleche-table-'));
  const file = (serializer: string): ValueStorage =>
    ValuePickleFile.withSerializer(serializer, { root: join(root, serializer), fsync: false });
  const storages: readonly (readonly [name: string, storage: ValueStorage])[] = [
    ['memory', new ValueMemory()],
    ['`pickle` files', file('pickle')],
    ['`cloudpickle` files', file('cloudpickle')],
    ['`dill` files', file('dill')],
    ['HDF5 bags', await ValueBagOfHoldingH5File.open({ root: join(root, 'bags'), fsync: false })],
  ];
  const rows: Row[] = [];
  try {
    for (const value of [...values, ...ndArrays()]) {
      const results = storages.map(([, storage]) => resultOf(storage, value));
      const alike = rows.find(({ kind, results: other }) => kind === value.kind && String(other) === String(results));
      if (alike === undefined) rows.push({ kind: value.kind, names: [value.name], results });
      else alike.names.push(value.name);
    }
  } finally {
    for (const [, storage] of storages) storage.close?.();
    rmSync(root, { recursive: true });
  }
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const lines = kinds.flatMap((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    return ofKind.map(({ names, results }) =>
      line([ofKind.length === 1 ? `all ${kind}` : kind, listed(names), ...results]),
    );
  });
  const head = ['kind', 'such as', ...storages.map(([name]) => name)];
  return [line(head), line(head.map(() => '---')), ...lines].join('\n');
}

function resultOf(storage: ValueStorage, { name, make, needs }: NamedValue): string {
  const key = digest(name);
  const value = make();
  try {
    storage.put(key, value);
  } catch (error) {
    if (!isFlecheError(error, 'Serialization')) throw new Error(`${name}: ${String(error)}`, { cause: error });
    const what = / (an? .*|the .*|shared .*|syntax .*) at /.exec(
      error.message.replace(/^cannot (store in \w+|\w+)/, ''),
    )?.[1];
    return `no: ${(what ?? error.message)
      .replace(/^an? instance of \w+, which has/, 'an instance that has')
      .replace(/^an? instance of \w+/, 'an instance of its class')
      .replace(/symbol Symbol\(.*\)/, 'symbol')}`;
  }
  const difference = new Comparison().difference(storage.get(key)?.value, needs === 'impossible' ? value : make());
  if (difference !== undefined)
    throw new Error(`${name} comes back from ${storage.constructor.name} changed: ${difference}`);
  return 'exact';
}

function listed(names: readonly string[]): string {
  return names.slice(0, mostNames).join('; ') + (names.length > mostNames ? '; …' : '');
}

function line(cells: readonly string[]): string {
  const escaped = cells.map((cell) => cell.replace(/[|\\<>*_[\]]/g, (character) => `\\${character}`));
  return `| ${(cells[0]?.startsWith('kind') || cells[0] === '---' ? cells : escaped).join(' | ')} |`;
}
