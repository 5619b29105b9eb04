/**
 * Fits whatever pattern a parameter is, so that a function gets as far as its first statement, and is never `undefined`, so
 * that defaults of parameters are not evaluated.
 */
const anything: object = new Proxy(() => undefined, {
  get: (_, key) => (key === Symbol.iterator ? () => anythings.slice(0, 32)[Symbol.iterator]() : anything),
});

/** Arguments for a function whose body does not run. */
export const anythings: readonly object[] = new Array<object>(256).fill(anything);
