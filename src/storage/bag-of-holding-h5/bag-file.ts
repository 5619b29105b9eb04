import { closeSync, existsSync, fstatSync, openSync } from 'node:fs';
import type { Digest } from '../../digest/index.js';
import { CorruptEntryError, FlecheError, RejectedError } from '../../errors.js';
import { type Durability, publishFile } from '../../internal/atomic-file.js';
import { type Flat, flatten, withPathPrefix } from '../../serializers/graph.js';
import type { Hit } from '../types.js';
import { type H5Engine, H5Failure } from './engine.js';
import { H5Reader } from './h5-reader.js';
import { H5Writer } from './h5-writer.js';
import { heapsAreSound } from './heap-check.js';
import { bagVersion, mark } from './names.js';
import { type Plan, plansIn } from './plan.js';
import { planBag } from './planning.js';
import { readBag } from './read-bag.js';
import { checkSeal, readFully, seal } from './seal.js';
import { tooLarge } from './size-check.js';
import { writeBag } from './write-bag.js';

/** How new bags are written. */
export interface BagFileOptions extends Durability {
  /** The gzip level of arrays, 0 for none. */
  readonly compression: number;
  /** Who writes, for errors. */
  readonly storage: string;
}

/**
 * Writes `value` as the bag `path`, replacing what was there.
 *
 * @throws SerializationError, RejectedError
 */
export function writeBagFile(engine: H5Engine, path: string, value: unknown, options: BagFileOptions): void {
  const plan = planBag(value);
  const flat = flattened(plan, value, options.storage);
  const refusal = tooLarge(plan, flat, options.storage);
  if (refusal !== undefined) throw refusal;
  publishFile(path, options, (temporary) => {
    try {
      H5Writer.create(engine, temporary, options.compression, (writer) => writeBag(writer, plan, flat));
    } catch (cause) {
      if (!(cause instanceof H5Failure) || cause.code !== undefined) throw cause;
      throw new RejectedError({ location: path, reason: `HDF5 failed: ${cause.message}`, cause });
    }
    seal(temporary);
  });
}

/**
 * Reads the bag `path`; `undefined` when there is no such file.
 *
 * @param part Loads another entry, for values that Python's fleche has split.
 * @throws CorruptEntryError
 */
export function readBagFile(
  engine: H5Engine,
  path: string,
  key: Digest,
  part: (key: string) => unknown,
): Hit<unknown> | undefined {
  const sealed = examine(path, key);
  if (sealed === undefined) return undefined;
  try {
    return H5Reader.open(engine, path, (reader) => {
      const ours = reader.attributeNames('/').includes(mark.bag);
      if (ours && !sealed) throw new CorruptEntryError({ key, location: path, reason: 'its checksum is missing' });
      if (ours) checkVersion(reader, path, key);
      return { value: readBag(reader, part) };
    });
  } catch (error) {
    if (error instanceof FlecheError) throw error;
    // Removed by somebody else since we looked.
    if (!existsSync(path)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw new CorruptEntryError({ key, location: path, reason, cause: error });
  }
}

/** Whether the file has a seal; `undefined` when there is no such file. */
function examine(path: string, key: Digest): boolean | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    const sizeBytes = fstatSync(descriptor).size;
    const start = Buffer.alloc(Math.min(sizeBytes, signature.length));
    readFully(descriptor, start, 0);
    if (!start.equals(signature)) throw new CorruptEntryError({ key, location: path, reason: 'it is no HDF5 file' });
    const state = checkSeal(descriptor, sizeBytes);
    if (typeof state === 'object') throw new CorruptEntryError({ key, location: path, reason: state.wrong });
    if (state === 'unsealed' && !heapsAreSound(descriptor, sizeBytes)) {
      throw new CorruptEntryError({ key, location: path, reason: 'its texts are damaged' });
    }
    return state === 'sealed';
  } finally {
    closeSync(descriptor);
  }
}

/** How every HDF5 file begins. */
const signature = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');

function checkVersion(reader: H5Reader, path: string, key: Digest): void {
  const bytes = reader.attribute('/', mark.bag);
  const version = typeof bytes === 'string' ? undefined : bytes[0];
  if (version === bagVersion) return;
  const reason = `its layout has the version ${version}, and this version of fleche knows ${bagVersion}`;
  throw new CorruptEntryError({ key, location: path, reason });
}

/** The graphs of a plan as text and buffers. A refusal tells the path from the whole value. */
function flattened(plan: Plan, value: unknown, storage: string): ReadonlyMap<Plan, Flat> {
  const flat = new Map<Plan, Flat>();
  try {
    for (const node of plansIn(plan)) if (node.kind === 'graph') flat.set(node, flatten(node.value, 'pickle'));
    return flat;
  } catch (error) {
    try {
      flatten(value, 'pickle');
    } catch (told) {
      throw withPathPrefix(told, '', storage);
    }
    throw withPathPrefix(error, '', storage);
  }
}
