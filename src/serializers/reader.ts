import { unflatten } from 'devalue';
import type { Callable } from '../internal/functions/function-source.js';
import { builtinKinds } from './builtin-kinds.js';
import { codeKinds, restoreInstance, restorePrivate } from './code-kinds.js';
import { MemoryReader, type MemoryTable } from './memory.js';
import type { Kind, Payload, Restorer } from './payload.js';
import { close, restoreProperties } from './properties.js';
import { readyCaptures } from './ready-captures.js';
import { registeredClass, registeredKinds } from './registered.js';
import { type Rung, reaches } from './rungs.js';
import { scopeKinds } from './shared-scopes.js';
import { StoredClasses } from './stored-classes.js';
import { symbolKinds } from './symbols.js';
import { type Flat, payloadTag } from './writer.js';

const kinds: ReadonlyMap<string, Kind> = new Map(
  Object.entries({ ...builtinKinds, ...symbolKinds, ...codeKinds, ...registeredKinds, ...scopeKinds }),
);

/**
 * Reads one value.
 *
 * @param mayMakeClasses whether classes that are not there may be made from their texts.
 * @throws Error of any kind if it is none.
 */
export function read(flat: Flat, rung: Rung, mayMakeClasses = true): unknown {
  const { graph, memory } = JSON.parse(flat.text) as { graph: unknown[]; memory: MemoryTable };
  const classes = new StoredClasses(rung, flat.text.includes('"branded":'), mayMakeClasses);
  const value = new GraphReader(graph, new MemoryReader(memory, flat.buffers), classes).read();
  classes.settle();
  return value;
}

/** Reads one value. */
export class GraphReader implements Restorer {
  readonly #memory: MemoryReader;
  readonly #graph: unknown[];
  /** Payloads by identity: in a circle, devalue shows the same payload again. */
  readonly #made = new Map<Payload, unknown>();

  readonly #standIns = new Set<unknown>();
  /** Payloads of classes that are there already and stay as they are. */
  readonly #present = new Set<Payload>();
  readonly #classes: StoredClasses;
  /** The classes of this graph. */
  readonly #taken = new Set<unknown>();

  constructor(graph: unknown[], memory: MemoryReader, classes: StoredClasses) {
    this.#graph = graph;
    this.#memory = memory;
    this.#classes = classes;
  }

  read(): unknown {
    readyCaptures(this.#graph, payloadTag);
    const root = unflatten(this.#graph, { [payloadTag]: (payload: Payload) => this.#make(payload) }) as Set<unknown[]>;
    const [first, ...cut] = root;
    putBack(cut as unknown[] as (readonly [object, unknown, unknown])[]);
    // Everything is made and every payload is whole: from here on the order does not matter.
    for (const [payload, made] of this.#made) {
      if (this.#present.has(payload)) continue;
      kinds.get(payload.kind)?.fill?.(made as never, payload);
      if (payload.branded) restorePrivate(made as object, payload.private as [Callable, object][]);
      if (isObject(made)) restoreProperties(made, payload);
    }
    for (const [payload, made] of this.#made) {
      if (isObject(made) && !this.#present.has(payload)) close(made, payload);
    }
    return first?.[0];
  }

  nested(text: unknown): unknown {
    return new GraphReader(JSON.parse(String(text)) as unknown[], this.#memory, this.#classes).read();
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
    if (kind === undefined) {
      throw new TypeError(
        `it holds a kind of value that this version does not know: ${String(payload.kind)}; a newer fleche wrote it`,
      );
    }
    const { rung } = this.#classes;
    const needed = payload.class === undefined ? kind.rung : 'cloudpickle';
    if (!reaches(rung, needed)) {
      throw new TypeError(`it holds ${payload.kind}, which ${rung} does not load; ${needed} does`);
    }
    const present = this.#classes.find(payload, this.#taken);
    if (present !== undefined) this.#present.add(payload);
    const made = present ?? (payload.branded ? restoreInstance(payload.class as Callable) : kind.make(payload, this));
    if (present === undefined) this.#classes.note(payload, made);
    if (payload.kind === 'class') this.#taken.add(made);
    this.#adopt(payload, made);
    this.#made.set(payload, made);
    if (payload.kind === 'later') this.#standIns.add(made);
    return made;
  }

  #adopt(payload: Payload, made: unknown): void {
    if (this.#present.has(payload)) return;
    if (payload.registered !== undefined) {
      Object.setPrototypeOf(made, registeredClass(payload.registered).Class.prototype as object);
    } else if (payload.class !== undefined)
      Object.setPrototypeOf(made, (payload.class as { prototype: object }).prototype);
    else if (payload.prototype !== undefined) Object.setPrototypeOf(made, payload.prototype as object | null);
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
