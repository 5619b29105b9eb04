import type { CallRecord, Metadata } from '../calls/record.js';
import type { Digest } from '../digest/index.js';
import { UnknownDigestError } from '../errors.js';
import type { ValueStorage } from '../storage/types.js';

/**
 * A stored call. Its arguments and its result are loaded when they are looked at, each time anew.
 *
 * @example
 * import { cache, fleche } from 'fleche';
 * cache('memory');
 * const add = fleche(function add(a: number, b: number) { return a + b; });
 * add(2, 3);
 * const call = cache().load(add.fleche.digest(2, 3));
 * console.log(call.name, call.arguments, call.result); // add { a: 2, b: 3 } 5
 */
export class LazyCall {
  /** The lookup key. */
  readonly key: Digest;
  /** What the call storage holds. */
  readonly record: CallRecord;
  readonly #values: ValueStorage;

  constructor(key: Digest, record: CallRecord, values: ValueStorage) {
    this.key = key;
    this.record = record;
    this.#values = values;
  }

  get name(): string {
    return this.record.name;
  }

  get module(): string | null {
    return this.record.module;
  }

  get version(): string | number | null {
    return this.record.version;
  }

  get metadata(): Metadata {
    return this.record.metadata;
  }

  /**
   * The result.
   *
   * @throws UnknownDigestError if it is no longer stored.
   * @throws CorruptEntryError if it is damaged.
   */
  get result(): unknown {
    const { result } = this.record;
    const hit = result === null ? undefined : this.#values.get(result);
    if (hit === undefined) throw new UnknownDigestError({ digest: result ?? 'none', what: 'value' });
    return hit.value;
  }

  /**
   * The argument of this name.
   *
   * @throws UnknownDigestError if the call has no such argument or its value is not stored.
   * @throws CorruptEntryError if it is damaged.
   */
  argument(name: string): unknown {
    const key = this.record.arguments[name];
    const hit = key === undefined ? undefined : this.#values.get(key);
    if (hit === undefined) {
      throw new UnknownDigestError({ digest: key ?? name, what: 'value', hint: `asked for the argument ${name}` });
    }
    return hit.value;
  }

  /** All arguments by name; one whose value is not stored is missing. */
  get arguments(): Readonly<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const [name, key] of Object.entries(this.record.arguments)) {
      const hit = this.#values.get(key);
      if (hit !== undefined) found[name] = hit.value;
    }
    return found;
  }
}
