/** Tells fleche what the notebook's variables are now: a stored instance belongs to the class of a cell that ran again. */
import type { FunctionHost } from 'fleche';

/** Adds to the function host of this process, which is registered by now, where the variables are. */
export function tellCurrentVariables(current: NonNullable<FunctionHost['current']>): void {
  const host = (globalThis as { [key: symbol]: unknown })[Symbol.for('fleche.functionHost')];
  Object.assign(host as FunctionHost, { current });
}
