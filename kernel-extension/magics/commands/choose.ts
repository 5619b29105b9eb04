import type { Command } from 'commander';
import { type Cache, ConfigurationError, cache, isCache } from 'fleche';
import {
  besideEachOther,
  type CacheSpec,
  type CallsSpec,
  cacheFrom,
  type PickleKind,
  parseStorage,
  sqlWithValues,
  storageForms,
  type ValuesSpec,
} from 'fleche/config';
import type { MagicHost } from '../types.js';
import type { Report } from './action.js';

/** The words that begin with an option, `--values … --calls …`, go to this command. */
export const mixCommand = 'mix';

/** Adds the commands that choose a cache. */
export function addChoices(program: Command, report: Report): void {
  const named = (word: string, name: 'memory' | 'void', description: string): void => {
    const open = async (): Promise<Cache> => cache(name, () => cache());
    program
      .command(word)
      .description(description)
      .action(() => report({ kind: 'choose', name: word, open }));
  };
  named('memory', 'memory', 'keep results as long as the kernel lives');
  named('void', 'void', 'keep nothing: every call runs');
  named('off', 'void', 'the same as void: calls run uncached');

  const choose = (name: string, spec: () => CacheSpec): void =>
    report({ kind: 'choose', name, open: async () => cacheFrom(spec()) });
  const pickles: readonly (readonly [PickleKind, string])[] = [
    ['pickle', 'data'],
    ['cloudpickle', 'data, functions and classes'],
    ['dill', 'data, functions, classes and private fields'],
  ];
  for (const [kind, holds] of pickles) {
    program
      .command(kind)
      .description(`${holds} in files, in ROOT/values and ROOT/calls`)
      .argument('<root>', 'a directory')
      .option('--compress', 'as gzip files')
      .action((root: string, { compress = false }: { compress?: boolean }) =>
        choose(`${kind} ${root}${compress ? ' --compress' : ''}`, () => besideEachOther(kind, root, { compress })),
      );
  }
  program
    .command('h5')
    .description('data in HDF5 files, in ROOT/values and ROOT/calls')
    .argument('<root>', 'a directory')
    .action((root: string) => choose(`h5 ${root}`, () => besideEachOther('h5', root)));
  program
    .command('sql')
    .description('calls in a SQLite database, values in files beside it')
    .argument('<url>', 'sqlite:///calls.db, or the path of a file')
    .option('--values <kind:root>', `values elsewhere: ${storageForms('values')}`)
    .action((url: string, { values }: { values?: string }) =>
      choose(`sql ${url}${values === undefined ? '' : ` --values ${values}`}`, () =>
        values === undefined
          ? sqlWithValues(url)
          : { values: parseStorage('values', values), calls: { kind: 'sql', url } },
      ),
    );
  program
    .command(mixCommand, { hidden: true })
    .requiredOption('--values <kind:root>', `one of ${storageForms('values')}`)
    .requiredOption('--calls <kind:root>', `one of ${storageForms('calls')}`)
    .option('--compress', 'as gzip files, where the storages are files')
    .action((options: { values: string; calls: string; compress?: boolean }) =>
      choose(`--values ${options.values} --calls ${options.calls}${options.compress ? ' --compress' : ''}`, () =>
        mix(options),
      ),
    );
  // For the help alone: the expression is taken from the line as it stands, see parseCommand.
  program.command('use').description('a cache of the notebook').argument('<expression>', 'TypeScript');
}

function mix(options: { values: string; calls: string; compress?: boolean }): CacheSpec {
  const values = parseStorage('values', options.values);
  const calls = parseStorage('calls', options.calls);
  if (!options.compress) return { values, calls };
  const compressed = { values: compress(values), calls: compress(calls) };
  if (compressed.values === values && compressed.calls === calls) {
    throw new ConfigurationError('--compress is for pickle, cloudpickle and dill');
  }
  return compressed;
}

function compress<S extends ValuesSpec | CallsSpec>(spec: S): S {
  return spec.kind === 'pickle' || spec.kind === 'cloudpickle' || spec.kind === 'dill'
    ? { ...spec, compress: true }
    : spec;
}

/**
 * The cache that an expression of the notebook gives.
 *
 * @throws ConfigurationError if it gives something else.
 */
export async function cacheOfNotebook(expression: string, host: MagicHost): Promise<Cache> {
  const value = await host.evaluate(expression);
  if (isCache(value)) return value;
  const what = value === null ? 'null' : typeof value === 'object' ? `a ${value.constructor?.name}` : typeof value;
  throw new ConfigurationError(`${expression} is ${what}, not a Cache; make one by new Cache({ values, calls })`);
}
