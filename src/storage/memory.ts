import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import { clone } from '../internal/clone.js';
import { cloudpickle } from '../serializers/index.js';
import type { CallStorage, Hit, StorageCapabilities, ValueStorage } from './types.js';

/**
 * Values in this process' memory: the fastest storage, gone when the process ends. What goes in and what comes out are
 * copies, so a later change of either reaches nobody. Functions are not copied, unless they capture a part of the value that
 * they stand in; instances with private fields, promises and other values that cannot be copied are refused.
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
    return { value: value instanceof Dumped ? value.load() : clone(value, 'ValueMemory') };
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

/** A value that cannot be copied part by part, as bytes. */
class Dumped {
  readonly #bytes: Uint8Array;

  constructor(value: unknown) {
    this.#bytes = Buffer.concat(cloudpickle.dump(value));
  }

  load(): unknown {
    const bytes = this.#bytes;
    return cloudpickle.load({
      location: 'memory',
      sizeBytes: bytes.length,
      read: (target, position) => target.set(bytes.subarray(position, position + target.byteLength)),
    });
  }
}

function copyOf(value: unknown): unknown {
  try {
    return clone(value, 'ValueMemory');
  } catch (error) {
    try {
      return new Dumped(value);
    } catch {
      throw error;
    }
  }
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
