import type { CallRecord } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import type { CallStorage, Hit, StorageCapabilities, ValueStorage } from './types.js';

const capabilities: StorageCapabilities = {
  retains: false,
  persistent: false,
  sharedByProcesses: true,
  holds: 'everything',
};

/** Takes every value and keeps none: calls always run. */
export class ValueVoid implements ValueStorage {
  readonly role = 'values';
  readonly capabilities: StorageCapabilities = capabilities;
  readonly location: string = 'nowhere';

  get(_key: Digest): Hit<unknown> | undefined {
    return undefined;
  }

  put(_key: Digest, _value: unknown): void {}

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

/** Takes every call record and keeps none: calls always run. */
export class CallVoid implements CallStorage {
  readonly role = 'calls';
  readonly capabilities: StorageCapabilities = capabilities;
  readonly location: string = 'nowhere';

  get(_key: Digest): Hit<CallRecord> | undefined {
    return undefined;
  }

  put(_key: Digest, _value: CallRecord): void {}

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
