import { cache } from 'fleche';
import { callEntriesTable, callsTable, counted, describeStorage, tablesToMimeBundle, valuesTable } from 'fleche/render';
import type { MagicCommand } from '../description.js';
import type { MagicContext } from '../registry.js';
import { nameOf } from './names.js';

const rows = {
  flags: '--rows <count>',
  description: 'how many rows at most, 100 if not given',
  kind: 'count',
} as const;

/** The commands that look into the active cache. */
export const looks: readonly MagicCommand[] = [
  {
    name: 'ls',
    description: 'what is stored: values with their previews, calls with their functions',
    arguments: [{ name: 'what', description: 'one of the two', optional: true, choices: ['values', 'calls'] }],
    options: [rows],
  },
  {
    name: 'calls',
    description: 'the calls with their arguments and results',
    options: [rows, { flags: '--times', description: 'also when they ran and how long it took' }],
  },
];

/** Shows what a command asks to see. */
export function look({ command, arguments: { what }, options, write, display }: MagicContext): void {
  const limit = options.rows === undefined ? {} : { rows: Number(options.rows) };
  const { values, calls } = cache();
  if (command === 'ls') {
    display(
      tablesToMimeBundle([
        ...(what === 'calls' ? [] : [valuesTable(values, limit)]),
        ...(what === 'values' ? [] : [callEntriesTable(calls, limit)]),
      ]),
    );
  } else if (command === 'calls') {
    display(tablesToMimeBundle([callsTable(cache(), { ...limit, times: options.times === true })]));
  } else write('stdout', active());
}

/** What is active, in three lines: its name, its storages, where they lie and how much they hold. */
function active(): string {
  const { values, calls } = cache();
  const count = (storage: { list(): Iterable<unknown> }): number => [...storage.list()].length;
  return [
    `cache: ${nameOf(cache())}`,
    `  values: ${describeStorage(values)}, ${counted(count(values), 'value')}`,
    `  calls: ${describeStorage(calls)}, ${counted(count(calls), 'call')}`,
    '',
  ].join('\n');
}
