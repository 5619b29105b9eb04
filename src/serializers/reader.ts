import { unflatten } from 'devalue';
import { builtinKinds } from './builtin-kinds.js';
import { codeKinds, restoreInstance, restorePrivate } from './code-kinds.js';
import { MemoryReader, type MemoryTable } from './memory.js';
import type { Kind, Payload, Restorer } from './payload.js';
import { close, restoreProperties } from './properties.js';
import { type Rung, reaches } from './rungs.js';
import { symbolKinds } from './symbols.js';
import { type Flat, payloadTag } from './writer.js';

const kinds: ReadonlyMap<string, Kind> = new Map(Object.entries({ ...builtinKinds, ...symbolKinds, ...codeKinds }));

/** Reads one value. */
export class GraphReader implements Restorer {
  readonly #rung: Rung;
  readonly #memory: MemoryReader;
  readonly #graph: unknown[];
  /** Payloads by identity: in a circle, devalue shows the same payload again. */
  readonly #made = new Map<Payload, unknown>();

  readonly #standIns = new Set<unknown>();

  constructor(flat: Flat, rung: Rung) {
    const { graph, memory } = JSON.parse(flat.text) as { graph: unknown[]; memory: MemoryTable };
    this.#rung = rung;
    this.#graph = graph;
    this.#memory = new MemoryReader(memory, flat.buffers);
  }

  read(): unknown {
    const root = unflatten(this.#graph, { [payloadTag]: (payload: Payload) => this.#make(payload) }) as Set<unknown[]>;
    const [first, ...cut] = root;
    putBack(cut as unknown[] as (readonly [object, unknown, unknown])[]);
    // Everything is made and every payload is whole: from here on the order does not matter.
    for (const [payload, made] of this.#made) {
      kinds.get(payload.kind)?.fill?.(made as never, payload);
      if (payload.branded) restorePrivate(made as object, payload.private as [object, object][]);
      if (isObject(made)) restoreProperties(made, payload);
    }
    for (const [payload, made] of this.#made) if (isObject(made)) close(made, payload);
    return first?.[0];
  }

  memory(number: unknown): ArrayBuffer | ArrayBufferView {
    return this.#memory.get(number as number);
  }

  isStandIn(value: unknown): boolean {
    return this.#standIns.has(value);
  }

  #make(payload: Payload): unknown {
    if (this.#made.has(payload)) return this.#made.get(payload);
    const kind = kinds.get(payload.kind);
    if (kind === undefined) throw new TypeError(`there is no kind of value called ${String(payload.kind)}`);
    if (!reaches(this.#rung, payload.class === undefined ? kind.rung : 'cloudpickle')) {
      throw new TypeError(`it holds ${payload.kind}, which ${this.#rung} does not load; ${kind.rung} does`);
    }
    const made = payload.branded ? restoreInstance(payload.class as object) : kind.make(payload, this);
    if (payload.class !== undefined) Object.setPrototypeOf(made, (payload.class as { prototype: object }).prototype);
    else if (payload.prototype !== undefined) Object.setPrototypeOf(made, payload.prototype as object | null);
    this.#made.set(payload, made);
    if (payload.kind === 'later') this.#standIns.add(made);
    return made;
  }
}

/** Puts what lay too deep for one recursion back where it belongs. */
function putBack(cut: readonly (readonly [holder: object, key: unknown, child: unknown])[]): void {
  const members = new Map<Map<unknown, unknown> | Set<unknown>, Map<unknown, unknown>>();
  for (const [holder, key, child] of cut) {
    if (holder instanceof Map || holder instanceof Set) {
      const standIns = members.get(holder) ?? new Map<unknown, unknown>();
      members.set(holder, standIns.set(key, child));
    } else {
      (holder as { [key: PropertyKey]: unknown })[key as PropertyKey] = child;
    }
  }
  for (const [holder, standIns] of members) {
    const real = (member: unknown): unknown => (standIns.has(member) ? standIns.get(member) : member);
    if (holder instanceof Map) {
      const entries = [...holder];
      holder.clear();
      for (const [key, value] of entries) holder.set(real(key), real(value));
    } else {
      const all = [...holder];
      holder.clear();
      for (const member of all) holder.add(real(member));
    }
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
