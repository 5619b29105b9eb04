/**
 * What all copies of the package in one process share: a notebook's cells, its modules and the kernel must agree on the
 * active cache even when each found its own copy.
 */
const key = Symbol.for('fleche.state.v1');

/** The part of the shared state named `name`; `make` makes it when no copy of the package has yet. */
export function shared<T>(name: string, make: () => T): T {
  const holder = globalThis as { [key]?: Map<string, unknown> };
  holder[key] ??= new Map();
  const state = holder[key];
  if (!state.has(name)) state.set(name, make());
  return state.get(name) as T;
}
