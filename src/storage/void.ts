import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import type { CallStorage, Hit, Storage, StorageCapabilities, ValueStorage } from './types.js';

/** Takes everything and keeps nothing. */
abstract class Void<T> implements Storage<T> {
  readonly capabilities: StorageCapabilities = {
    retains: false,
    persistent: false,
    sharedByProcesses: true,
    holds: 'everything',
  };
  readonly location: string = 'nowhere';

  get(_key: Digest): Hit<T> | undefined {
    return undefined;
  }

  put(_key: Digest, _value: T): void {}

  contains(_key: Digest): boolean {
    return false;
  }

  evict(_key: Digest): boolean {
    return false;
  }

  list(): Iterable<Digest> {
    return [];
  }
}

/**
 * Takes every value and keeps none: calls always run.
 *
 * @example
 * import { Cache } from 'fleche';
 * import { CallVoid, ValueVoid } from 'fleche/storage';
 * const off = new Cache({ values: new ValueVoid(), calls: new CallVoid() });
 */
export class ValueVoid extends Void<unknown> implements ValueStorage {
  readonly role = 'values';
}

/**
 * Takes every call record and keeps none: calls always run. See {@link ValueVoid}.
 *
 * @example
 * import { CallVoid } from 'fleche/storage';
 * console.log([...new CallVoid().list()]); // []
 */
export class CallVoid extends Void<CallRecord> implements CallStorage {
  readonly role = 'calls';
}
