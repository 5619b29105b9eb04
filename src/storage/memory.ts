import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import { SerializationError } from '../errors.js';
import { clone, cloneAgain } from '../internal/clone.js';
import { type Flat, flatten, restore, restoreHere, withPathPrefix } from '../serializers/index.js';
import type { CallStorage, Hit, StorageCapabilities, ValueStorage } from './types.js';

/**
 * Values in this process' memory: the fastest storage, gone when the process ends. What goes in and what comes out are
 * copies, so a later change of either reaches nobody. Functions that have a state, in variables that they captured or in
 * properties, are copied as cloudpickle and dill do, any others handed out as they are; classes stay what they are. So are
 * instances with private fields, if making another one of their class runs nothing that anybody notices; if not, they are
 * refused, as are promises and other values that cannot be copied.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { CallMemory, ValueMemory } from 'fleche/storage';
 * const memoryCache = new Cache({ values: new ValueMemory(), calls: new CallMemory() });
 */
export class ValueMemory implements ValueStorage {
  readonly role = 'values';
  readonly capabilities: StorageCapabilities = {
    retains: true,
    persistent: false,
    sharedByProcesses: false,
    holds: 'code',
  };
  readonly location: string = 'memory';
  readonly #entries = new Map<Digest, unknown>();

  get(key: Digest): Hit<unknown> | undefined {
    const value = this.#entries.get(key);
    if (value === undefined && !this.#entries.has(key)) return undefined;
    return { value: value instanceof Dumped ? value.load() : cloneAgain(value, 'ValueMemory') };
  }

  put(key: Digest, value: unknown): void {
    this.#entries.set(key, copyOf(value));
  }

  contains(key: Digest): boolean {
    return this.#entries.has(key);
  }

  evict(key: Digest): boolean {
    return this.#entries.delete(key);
  }

  /** A snapshot: what changes afterwards does not disturb the listing. */
  list(): Iterable<Digest> {
    return [...this.#entries.keys()];
  }
}

/** A value that cannot be copied part by part, taken apart. */
class Dumped {
  readonly #flat: Flat;
  readonly #rung: 'cloudpickle' | 'dill';

  constructor(value: unknown, rung: 'cloudpickle' | 'dill') {
    const { text, buffers } = flatten(value, rung);
    this.#flat = { text, buffers: buffers.map((bytes) => new Uint8Array(bytes)) };
    this.#rung = rung;
    // Only trying tells whether instances with private fields get their own class back.
    if (rung === 'dill') this.load();
  }

  load(): unknown {
    const { text, buffers } = this.#flat;
    const flat = { text, buffers: buffers.map((bytes) => new Uint8Array(bytes)) };
    return this.#rung === 'dill' ? restoreHere(flat, 'dill') : restore(flat, 'cloudpickle');
  }
}

function copyOf(value: unknown): unknown {
  let refusal: unknown;
  for (const copy of [
    () => clone(value, 'ValueMemory'),
    () => new Dumped(value, 'cloudpickle'),
    () => new Dumped(value, 'dill'),
  ]) {
    try {
      return copy();
    } catch (error) {
      // Where both name a place, what stands there says more than why it is not copied.
      if (refusal === undefined) refusal = error;
      else if (isAboutFunction(refusal) && error instanceof SerializationError) {
        refusal = withPathPrefix(error, '', 'ValueMemory');
      }
    }
  }
  throw refusal;
}

function isAboutFunction(error: unknown): boolean {
  return error instanceof SerializationError && /^cannot store in ValueMemory a (native )?function/.test(error.message);
}

/**
 * Call records in this process' memory. They are frozen instead of copied: nothing about a record ever changes.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { CallMemory, ValueMemory } from 'fleche/storage';
 * const memoryCache = new Cache({ values: new ValueMemory(), calls: new CallMemory() });
 */
export class CallMemory implements CallStorage {
  readonly role = 'calls';
  readonly capabilities: StorageCapabilities = {
    retains: true,
    persistent: false,
    sharedByProcesses: false,
    holds: 'data',
  };
  readonly location: string = 'memory';
  readonly #records = new Map<Digest, Hit<CallRecord>>();

  get(key: Digest): Hit<CallRecord> | undefined {
    return this.#records.get(key);
  }

  put(key: Digest, value: CallRecord): void {
    const record = clone(value, 'CallMemory') as CallRecord;
    freezeDeep(record);
    this.#records.set(key, Object.freeze({ value: record }));
  }

  contains(key: Digest): boolean {
    return this.#records.has(key);
  }

  evict(key: Digest): boolean {
    return this.#records.delete(key);
  }

  /** A snapshot: what changes afterwards does not disturb the listing. */
  list(): Iterable<Digest> {
    return [...this.#records.keys()];
  }
}

function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
}
