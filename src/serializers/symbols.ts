/** Symbols: registered and well-known ones are the same everywhere; any other one is made anew per value. */
import type { Describer, Kind, Payload } from './payload.js';

const wellKnown: ReadonlyMap<symbol, string> = new Map(
  Object.getOwnPropertyNames(Symbol).flatMap((name) => {
    const value: unknown = (Symbol as unknown as { readonly [name: string]: unknown })[name];
    return typeof value === 'symbol' ? [[value, name] as const] : [];
  }),
);

/** Whether `symbol` is the same symbol in every process. */
export function isSharedSymbol(symbol: symbol): boolean {
  return wellKnown.has(symbol) || Symbol.keyFor(symbol) !== undefined;
}

/** The payload of a symbol. */
export function describeSymbol(symbol: symbol, describer: Describer): Payload {
  const name = wellKnown.get(symbol);
  if (name !== undefined) return { kind: 'symbol', name };
  const key = Symbol.keyFor(symbol);
  if (key !== undefined) return { kind: 'symbol', key };
  if (!describer.reaches('dill')) {
    describer.refuse(`the symbol ${String(symbol)}`, {
      takenBy: 'dill',
      hint: 'Symbol.for(…) symbols can be held by all',
    });
  }
  return { kind: 'own symbol', description: symbol.description };
}

/** How symbols come back. */
export const symbolKinds: { readonly [kind: string]: Kind } = {
  symbol: {
    rung: 'pickle',
    make: ({ name, key }) => {
      if (typeof key === 'string') return Symbol.for(key);
      for (const [symbol, known] of wellKnown) if (known === name) return symbol;
      throw new TypeError(`this version of Node has no Symbol.${String(name)}`);
    },
  },
  'own symbol': { rung: 'dill', make: ({ description }) => Symbol(description as string | undefined) },
};
