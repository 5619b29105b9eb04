import assert from 'node:assert/strict';

/** A value of the corpus. */
export interface NamedValue {
  /** No two values have the same. */
  readonly name: string;
  /** The kind of value, in the plural: `dates`. */
  readonly kind: string;
  /** Makes the value anew at each call, so that no test sees another's changes. */
  readonly make: () => unknown;
  /**
   * What a storage must hold to take it; see `StorageCapabilities.holds`. `impossible` is what only the process that made
   * it can use, or what nobody can read: every serializer refuses it.
   */
  readonly needs: 'data' | 'code' | 'everything' | 'impossible';
  /** Uses what came back, beyond its being the same: calls its functions, reads its private state. */
  readonly check?: (actual: unknown) => void;
  /**
   * The name of the value with the same content, so that both have one digest: they differ in what a digest does not look
   * at (the order of entries, who shares what, the memory around a view, what is read-only or frozen).
   */
  readonly sameContentAs?: string;
}

/** What a value has beside its name and itself. */
type Details = Pick<NamedValue, 'check' | 'sameContentAs'>;

type Namer = (name: string, make: () => unknown, details?: Details) => NamedValue;

/** Makes values of one kind, by what they need. */
export function valuesOf(kind: string): { readonly [needs in NamedValue['needs']]: Namer } {
  const namer =
    (needs: NamedValue['needs']): Namer =>
    (name, make, details = {}) => ({ name, kind, make, needs, ...details });
  return {
    data: namer('data'),
    code: namer('code'),
    everything: namer('everything'),
    impossible: namer('impossible'),
  };
}

const compiled = new Map<string, () => unknown>();

/** What `body` returns, as sloppy code outside of any module: for syntax that TypeScript or a module has not. */
export function script(body: string): unknown {
  // Compiled once, since whoever asks V8 where a function stands pays for every script there is.
  const run = compiled.get(body) ?? (new Function(body) as () => unknown);
  compiled.set(body, run);
  return run();
}

/** Checks what a function returns. */
export const returns =
  (expected: unknown, ...args: unknown[]): ((actual: unknown) => void) =>
  (actual) =>
    assert.deepStrictEqual((actual as (...args: unknown[]) => unknown)(...args), expected);
