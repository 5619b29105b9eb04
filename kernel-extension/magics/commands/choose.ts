import { type Cache, ConfigurationError, cache, isCache } from 'fleche';
import {
  besideEachOther,
  type CacheSpec,
  type CallsSpec,
  cacheFrom,
  parseStorage,
  sqlWithValues,
  storageForms,
  type ValuesSpec,
} from 'fleche/config';
import type { MagicCommand } from '../description.js';
import type { MagicContext } from '../registry.js';

/** A cache to make active. */
export interface Choice {
  /** How people call it: `pickle .cache`. */
  readonly name: string;
  open(): Promise<Cache>;
}

const root = { name: 'root', description: 'a directory', kind: 'directory' } as const;
const compress = { flags: '--compress', description: 'as gzip files' } as const;

/** The kinds of storages as one begins to write them: `memory`, `pickle:`. */
export function storageKinds(role: 'values' | 'calls'): string[] {
  return storageForms(role)
    .split(', ')
    .map((form) => form.replace(/:.*/, ':'));
}

/** The commands that choose a cache. */
export const choices: readonly MagicCommand[] = [
  { name: 'memory', description: 'keep results as long as the kernel lives' },
  { name: 'void', description: 'keep nothing: every call runs' },
  { name: 'off', description: 'the same as void: calls run uncached' },
  {
    name: 'pickle',
    description: 'data in files, in ROOT/values and ROOT/calls',
    arguments: [root],
    options: [compress],
  },
  {
    name: 'cloudpickle',
    description: 'data, functions and classes in files, in ROOT/values and ROOT/calls',
    arguments: [root],
    options: [compress],
  },
  {
    name: 'dill',
    description: 'data, functions, classes and private fields in files, in ROOT/values and ROOT/calls',
    arguments: [root],
    options: [compress],
  },
  { name: 'h5', description: 'data in HDF5 files, in ROOT/values and ROOT/calls', arguments: [root] },
  {
    name: 'sql',
    description: 'calls in a SQLite database, values in files beside it',
    arguments: [{ name: 'url', description: 'sqlite:///calls.db, or the path of a file', kind: 'file' }],
    options: [
      {
        flags: '--values <kind:root>',
        description: `values elsewhere: ${storageForms('values')}`,
        suggestions: storageKinds('values'),
      },
    ],
  },
  {
    name: 'use',
    description: 'a cache of the notebook',
    arguments: [{ name: 'expression', description: 'TypeScript', kind: 'expression' }],
  },
];

/** What a command chooses; `undefined` if it is none that chooses. */
export function choiceOf({ command, arguments: given, options, evaluate }: MagicContext): Choice | undefined {
  const { root: folder = '', url = '', expression = '' } = given;
  const chosen = (name: string, spec: () => CacheSpec): Choice => ({ name, open: async () => cacheFrom(spec()) });
  switch (command) {
    case 'memory':
    case 'void':
      return { name: command, open: async () => cache(command, () => cache()) };
    case 'off':
      return { name: command, open: async () => cache('void', () => cache()) };
    case 'pickle':
    case 'cloudpickle':
    case 'dill': {
      const isCompressed = options.compress === true;
      return chosen(`${command} ${folder}${isCompressed ? ' --compress' : ''}`, () =>
        besideEachOther(command, folder, { compress: isCompressed }),
      );
    }
    case 'h5':
      return chosen(`h5 ${folder}`, () => besideEachOther('h5', folder));
    case 'sql': {
      const { values } = options;
      if (typeof values !== 'string') return chosen(`sql ${url}`, () => sqlWithValues(url));
      return chosen(`sql ${url} --values ${values}`, () => ({
        values: parseStorage('values', values),
        calls: { kind: 'sql', url },
      }));
    }
    case 'use':
      return { name: expression, open: () => cacheOfNotebook(expression, evaluate) };
    default: {
      const { values, calls } = options;
      if (typeof values !== 'string' || typeof calls !== 'string') return undefined;
      const isCompressed = options.compress === true;
      return chosen(`--values ${values} --calls ${calls}${isCompressed ? ' --compress' : ''}`, () =>
        mix(values, calls, isCompressed),
      );
    }
  }
}

function mix(valuesForm: string, callsForm: string, isCompressed: boolean): CacheSpec {
  const values = parseStorage('values', valuesForm);
  const calls = parseStorage('calls', callsForm);
  if (!isCompressed) return { values, calls };
  const compressedPair = { values: compressed(values), calls: compressed(calls) };
  if (compressedPair.values === values && compressedPair.calls === calls) {
    throw new ConfigurationError('--compress is for pickle, cloudpickle and dill');
  }
  return compressedPair;
}

function compressed<S extends ValuesSpec | CallsSpec>(spec: S): S {
  return spec.kind === 'pickle' || spec.kind === 'cloudpickle' || spec.kind === 'dill'
    ? { ...spec, compress: true }
    : spec;
}

/**
 * The cache that an expression of the notebook gives.
 *
 * @throws ConfigurationError if it gives something else.
 */
async function cacheOfNotebook(expression: string, evaluate: MagicContext['evaluate']): Promise<Cache> {
  const value = await evaluate(expression);
  if (isCache(value)) return value;
  const what = value === null ? 'null' : typeof value === 'object' ? `a ${value.constructor?.name}` : typeof value;
  throw new ConfigurationError(`${expression} is ${what}, not a Cache; make one by new Cache({ values, calls })`);
}
