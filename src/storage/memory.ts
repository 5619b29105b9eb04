import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import { SerializationError } from '../errors.js';
import { clone, cloneAgain } from '../internal/clone.js';
import { type Flat, flatten, restore, withPathPrefix } from '../serializers/index.js';
import type { CallStorage, Hit, StorageCapabilities, ValueStorage } from './types.js';

/**
 * Values in this process' memory: the fastest storage, gone when the process ends. What goes in and what comes out are
 * copies, so a later change of either reaches nobody. Functions that have a state, in variables that they captured or in
 * properties, are copied as cloudpickle does, any others handed out as they are; classes stay what they are. Instances
 * with private fields, promises and other values that cannot be copied are refused.
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

  constructor(value: unknown) {
    const { text, buffers } = flatten(value, 'cloudpickle');
    this.#flat = { text, buffers: buffers.map((bytes) => new Uint8Array(bytes)) };
  }

  load(): unknown {
    const { text, buffers } = this.#flat;
    return restore({ text, buffers: buffers.map((bytes) => new Uint8Array(bytes)) }, 'cloudpickle');
  }
}

function copyOf(value: unknown): unknown {
  try {
    return clone(value, 'ValueMemory');
  } catch (error) {
    try {
      return new Dumped(value);
    } catch (cause) {
      // Where both name a place, what stands there says more than why it is not copied.
      throw isAboutFunction(error) ? withPathPrefix(cause, '', 'ValueMemory') : error;
    }
  }
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
