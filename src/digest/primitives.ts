import type { ByteSink } from './byte-sink.js';
import { Refusal } from './refusal.js';
import { Tag } from './tags.js';

/** `Symbol.iterator` and its like, by their names. */
const wellKnownSymbols: ReadonlyMap<symbol, string> = new Map(
  Object.getOwnPropertyNames(Symbol)
    .map((name) => [(Symbol as unknown as Record<string, unknown>)[name], name] as const)
    .filter((entry): entry is [symbol, string] => typeof entry[0] === 'symbol'),
);

/** Writes a primitive as a node. */
export function writePrimitive(sink: ByteSink, value: unknown): void {
  switch (typeof value) {
    case 'number':
      sink.number(value);
      return;
    case 'string':
      sink.string(value);
      return;
    case 'boolean':
      sink.tag(value ? Tag.true : Tag.false);
      return;
    case 'bigint':
      sink.tag(Tag.bigint);
      sink.string(value.toString(16));
      return;
    case 'symbol':
      writeSymbol(sink, value);
      return;
    default:
      sink.tag(value === null ? Tag.null : Tag.undefined);
  }
}

/** Writes a symbol that is the same in every process. */
export function writeSymbol(sink: ByteSink, value: symbol): void {
  const registered = Symbol.keyFor(value);
  const name = registered ?? wellKnownSymbols.get(value);
  if (name === undefined) throw new Refusal(`the unregistered ${String(value)}`, 'use Symbol.for(…)');
  sink.tag(Tag.symbol);
  sink.tag(registered === undefined ? 0 : 1);
  sink.string(name);
}
