import { Argument, type Command, InvalidArgumentError } from 'commander';
import { cache } from 'fleche';
import { callEntriesTable, callsTable, counted, describeStorage, tablesToMimeBundle, valuesTable } from 'fleche/render';
import type { Report } from './action.js';
import { nameOf } from './names.js';

/** Adds the commands that look into the active cache. */
export function addLooks(program: Command, report: Report): void {
  const rows = ['--rows <count>', 'how many rows at most', wholeNumber, 100] as const;
  program
    .command('ls')
    .description('what is stored: values with their previews, calls with their functions')
    .addArgument(new Argument('[what]', 'one of the two').choices(['values', 'calls']))
    .option(...rows)
    .action((what: 'values' | 'calls' | undefined, options: { rows: number }) =>
      report({
        kind: 'show',
        run: (host) => {
          const { values, calls } = cache();
          host.display(
            tablesToMimeBundle([
              ...(what === 'calls' ? [] : [valuesTable(values, options)]),
              ...(what === 'values' ? [] : [callEntriesTable(calls, options)]),
            ]),
          );
        },
      }),
    );
  program
    .command('calls')
    .description('the calls with their arguments and results')
    .option(...rows)
    .option('--times', 'also when they ran and how long it took')
    .action((options: { rows: number; times?: boolean }) =>
      report({ kind: 'show', run: (host) => host.display(tablesToMimeBundle([callsTable(cache(), options)])) }),
    );
}

/** What is active, in three lines: its name, its storages, where they lie and how much they hold. */
export function showActive(report: Report): void {
  report({
    kind: 'show',
    run: (host) => {
      const { values, calls } = cache();
      const count = (storage: { list(): Iterable<unknown> }): number => [...storage.list()].length;
      host.write(
        'stdout',
        [
          `cache: ${nameOf(cache())}`,
          `  values: ${describeStorage(values)}, ${counted(count(values), 'value')}`,
          `  calls: ${describeStorage(calls)}, ${counted(count(calls), 'call')}`,
          '',
        ].join('\n'),
      );
    },
  });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(text);
}
