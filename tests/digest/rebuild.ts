/** Values at random, and the same values built in other ways. */
import fc from 'fast-check';

/** Data of all kinds, nested. */
export const anything: fc.Arbitrary<unknown> = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
  withNullPrototype: true,
  withUnicodeString: true,
  withBoxedValues: true,
});

/** The same value with properties, members and entries inserted in another order. */
export function shuffled(value: unknown, seed: number): unknown {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  const mixed = <T>(items: Iterable<T>): T[] => {
    const list = [...items];
    for (let i = list.length - 1; i > 0; i -= 1) {
      const j = Math.floor(random() * (i + 1));
      [list[i], list[j]] = [list[j] as T, list[i] as T];
    }
    return list;
  };
  const rebuild = (at: unknown): unknown => {
    if (typeof at !== 'object' || at === null) return at;
    if (at instanceof Set) return new Set(mixed(at).map(rebuild));
    if (at instanceof Map) return new Map(mixed(at).map(([key, held]) => [rebuild(key), rebuild(held)]));
    const prototype = Object.getPrototypeOf(at) as object | null;
    if (!Array.isArray(at) && prototype !== null && prototype !== Object.prototype) return at;
    const made: object = Array.isArray(at) ? new Array<unknown>(at.length) : (Object.create(prototype) as object);
    for (const key of mixed(Object.keys(at))) {
      const held = rebuild((at as Record<string, unknown>)[key]);
      Object.defineProperty(made, key, { value: held, enumerable: true, writable: true, configurable: true });
    }
    return made;
  };
  return rebuild(value);
}

/** The same value in which equal arrays and objects are one. */
export function consed(value: unknown): unknown {
  const known = new Map<string, object>();
  const numbers = new Map<unknown, number>();
  const numberOf = (at: unknown): string => {
    const key = Object.is(at, -0) ? '-0' : at;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return String(numbers.get(key));
  };
  const rebuild = (at: unknown): unknown => {
    if (typeof at !== 'object' || at === null) return at;
    const prototype = Object.getPrototypeOf(at) as object | null;
    if (!Array.isArray(at) && prototype !== Object.prototype) return at;
    const made: Record<string, unknown> | unknown[] = Array.isArray(at) ? new Array<unknown>(at.length) : {};
    const parts: string[] = [Array.isArray(at) ? `array ${at.length}` : 'object'];
    for (const key of Object.keys(at)) {
      const held = rebuild((at as Record<string, unknown>)[key]);
      Object.defineProperty(made, key, { value: held, enumerable: true, writable: true, configurable: true });
      parts.push(JSON.stringify(key), numberOf(held));
    }
    const text = parts.join();
    const same = known.get(text);
    if (same !== undefined) return same;
    known.set(text, made);
    return made;
  };
  return rebuild(value);
}
