import { Cache } from '../cache/cache.js';
import { ConfigurationError } from '../errors.js';
import { shared } from '../internal/state.js';
import type { CallStorage, ValueStorage } from '../storage/types.js';
import { type CacheSpec, type CallsSpec, checkStorage, type ValuesSpec } from './spec.js';

/**
 * Opens the cache that plain data describes. Directories and databases are made where there are none.
 *
 * The kind `memory` means one storage for the whole process: what is asked for again still holds what it held. For a
 * memory of your own, make a `ValueMemory` and a `CallMemory`.
 *
 * @throws ConfigurationError if the description does not fit; says which kinds there are.
 * @throws EngineMissingError if a package that a kind needs is not installed.
 * @example
 * import { cache } from 'fleche';
 * import { cacheFrom } from 'fleche/config';
 * cache(await cacheFrom({ values: { kind: 'memory' }, calls: { kind: 'sql', url: 'sqlite://' } }));
 */
export async function cacheFrom(spec: CacheSpec): Promise<Cache> {
  if (typeof spec !== 'object' || spec === null) {
    throw new ConfigurationError(`a cache is described by { values, calls }, not by ${String(spec)}`);
  }
  // Both are checked before either is opened: a refused description leaves no directory behind.
  const values = checkStorage('values', spec.values) as ValuesSpec;
  const calls = checkStorage('calls', spec.calls);
  return new Cache({ values: await openValues(values), calls: await openCalls(calls) });
}

// Each backend is loaded on first use: who makes a cache by hand never loads those that they do not use.

async function openValues(spec: ValuesSpec): Promise<ValueStorage> {
  switch (spec.kind) {
    case 'memory': {
      const { ValueMemory } = await import('../storage/memory.js');
      return shared('config.ValueMemory', () => new ValueMemory());
    }
    case 'void': {
      const { ValueVoid } = await import('../storage/void.js');
      return new ValueVoid();
    }
    case 'h5': {
      const { ValueBagOfHoldingH5File } = await import('../storage/bag-of-holding-h5/bag-of-holding-h5-file.js');
      return ValueBagOfHoldingH5File.open({ root: spec.root });
    }
    case 'pickle':
    case 'cloudpickle':
    case 'dill': {
      const { ValuePickleFile } = await import('../storage/pickle-file/pickle-file.js');
      const { root, compress = false } = spec;
      return ValuePickleFile.withSerializer(spec.kind, { root, compress });
    }
  }
}

async function openCalls(spec: CallsSpec): Promise<CallStorage> {
  switch (spec.kind) {
    case 'memory': {
      const { CallMemory } = await import('../storage/memory.js');
      return shared('config.CallMemory', () => new CallMemory());
    }
    case 'void': {
      const { CallVoid } = await import('../storage/void.js');
      return new CallVoid();
    }
    case 'sql': {
      const { Sql } = await import('../storage/sql/sql.js');
      return Sql.open({ url: spec.url });
    }
    case 'h5': {
      const { CallBagOfHoldingH5File } = await import('../storage/bag-of-holding-h5/bag-of-holding-h5-file.js');
      return CallBagOfHoldingH5File.open({ root: spec.root });
    }
    case 'pickle':
    case 'cloudpickle':
    case 'dill': {
      const { CallPickleFile } = await import('../storage/pickle-file/pickle-file.js');
      const { root, compress = false } = spec;
      return CallPickleFile.withSerializer(spec.kind, { root, compress });
    }
  }
}
