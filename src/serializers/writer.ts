import { stringify } from 'devalue';
import { SerializationError } from '../errors.js';
import {
  type CodeDescription,
  describeFunction,
  type FunctionDescription,
} from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { noteLoadedModules } from '../internal/functions/references.js';
import { mapStep, setStep } from './builtins.js';
import { describeValue } from './describe.js';
import { digestOf } from './identity.js';
import { noteClass } from './live-classes.js';
import { MemoryWriter } from './memory.js';
import type { ClassIdentity, Describer, Member, Payload } from './payload.js';
import { type Place, Places } from './places.js';
import { refused, withPathPrefix } from './refusal.js';
import { type Rung, reaches, rungs } from './rungs.js';
import { describeScope, type SharedScope } from './shared-scopes.js';
import { Sharing } from './sharing.js';

/** A value as text and the large buffers that stand beside it. */
export interface Flat {
  readonly text: string;
  /** Views of the memory of the value itself: use them before anything else runs. */
  readonly buffers: readonly Uint8Array[];
}

/** The tag of all payloads in devalue's text. */
export const payloadTag = '@';

/**
 * How deep devalue may recurse before what lies deeper is cut off and written on its own, to be put back when reading.
 * A stack has room for several times as much.
 */
const depthLimit = 250;

/**
 * Payload fields without which the value cannot be made. They are never cut off, and until they are written, what refers
 * back to the value is cut off instead. The field `whole` comes right after them.
 */
const makers: ReadonlySet<unknown> = new Set([
  'class',
  'prototype',
  'base',
  'target',
  'self',
  'arguments',
  'scope',
  'outer',
]);

/** Payload fields that hold nothing of the user's: they are never cut off, with all that is in them. */
const solid: ReadonlySet<unknown> = new Set(['code', 'reference', 'shape']);

/** What writers of parts of one value share. */
interface Session {
  readonly memory: MemoryWriter;
  readonly descriptions: Map<Callable, FunctionDescription>;
  /** The functions that the texts of classes make, as far as the classes were met. */
  readonly members: Map<Callable, Member>;
  readonly sharing: Sharing;
  /** The writers of what registrations gave for instances, each a graph of its own. */
  readonly nested: GraphWriter[];
}

/**
 * Writes `value`.
 *
 * @throws SerializationError if something in it would not come back as it is.
 */
export function write(value: unknown, rung: Rung): Flat {
  const members = new Map<Callable, Member>();
  const sharing = new Sharing();
  for (;;) {
    const writer = new GraphWriter(rung, { ...newSession(), members, sharing });
    const flat = writer.write(value);
    const isSettled = sharing.settle();
    // A method that was met before its class was taken for a function of its own.
    if (isSettled && !writer.metMembersFirst) return flat;
  }
}

/**
 * What tells a class from all others: see `live-classes.ts`.
 *
 * @throws SerializationError if that cannot be told.
 */
export function identityOf(Class: Callable, session?: Session): ClassIdentity {
  const told = (purpose: 'identity' | 'state'): string =>
    digestOf(new GraphWriter('dill', newSession(session?.descriptions), purpose).write(Class));
  const [identity, state] = [told('identity'), told('state')];
  return { identity, ...(state !== identity && { state }) };
}

function newSession(descriptions: Session['descriptions'] = new Map()): Session {
  return { memory: new MemoryWriter(), descriptions, members: new Map(), sharing: new Sharing(), nested: [] };
}

/** Writes one value. */
class GraphWriter implements Describer {
  readonly rung: Rung;
  readonly purpose: Describer['purpose'];
  /** Whether a method was met before the class whose text makes it. */
  metMembersFirst = false;
  readonly #session: Session;
  readonly #places = new Places();
  /** Stand in arrays, Maps and Sets for what is put back later. */
  readonly #standIns = new WeakSet<object>();
  /** Payloads and the containers right in them that are needed to make the value, with the value. */
  readonly #payloads = new Map<object, unknown>();
  readonly #solid = new WeakSet<object>();
  /** Values that cannot be made yet from what is written of them. */
  readonly #unready = new Set<unknown>();
  /** What was cut off: holder, key or stand-in, what belongs there. */
  readonly #cut: (readonly [place: Place, key: unknown, child: object | symbol])[] = [];
  /** What is being described. */
  #current: unknown;

  constructor(rung: Rung, session: Session, purpose: Describer['purpose'] = 'value') {
    this.rung = rung;
    this.#session = session;
    this.purpose = purpose;
  }

  write(value: unknown): Flat {
    const text = this.#text(value);
    this.#keepApart();
    const { table, buffers } = this.#session.memory.finish();
    return { text: `{"graph":${text},"memory":${JSON.stringify(table)}}`, buffers };
  }

  #text(value: unknown): string {
    const root = new Set<unknown>();
    this.#places.set(value, { holder: undefined, step: '', depth: 0 });
    if (this.reaches('cloudpickle')) noteLoadedModules();
    try {
      return this.#stringify(root, value);
    } catch (cause) {
      // V8 has neither a longer text nor, where we are called, a deeper stack.
      if (!(cause instanceof RangeError)) throw cause;
      const hint = 'its structure is too large; keep large numbers of values in typed arrays';
      throw refused({ path: '', what: 'the value', serializer: this.rung, hint, cause });
    }
  }

  #stringify(root: Set<unknown>, value: unknown): string {
    return stringify(
      root,
      { [payloadTag]: (thing: unknown) => (thing === root ? undefined : this.#payloadOf(thing)) },
      {
        operations: {
          isThenable: () => false,
          tagOf: (thing: unknown) => tags.get(Object.getPrototypeOf(thing) as object) ?? 'Object',
          shapeOf: (thing: object) => ({
            kind: Object.getPrototypeOf(thing) === null ? ('null-proto' as const) : ('plain' as const),
            keys: Object.keys(thing),
          }),
          get: (holder: object, key: PropertyKey) => this.#property(holder, key),
          valuesOf: (set: Set<unknown>) => (set === root ? this.#parts(value) : this.#members(set)),
          entriesOf: (map: Map<unknown, unknown>) => this.#entries(map),
        },
      },
    );
  }

  refuse(what: string, why: { takenBy?: Rung; hint?: string; at?: string; cause?: unknown } = {}): never {
    const { at = '', takenBy, ...rest } = why;
    const path = this.#places.path(this.#places.get(this.#current));
    const taker = takenBy === undefined || this.purpose !== 'value' ? {} : takerOf(this.#current, takenBy, path);
    throw refused({ path: path + at, what, serializer: this.rung, ...taker, ...rest });
  }

  reaches(needed: Rung): boolean {
    return reaches(this.rung, needed);
  }

  spelled<T extends object>(container: T, steps: (key: PropertyKey) => string): T {
    this.#places.spell(container, steps);
    return container;
  }

  memory(content: ArrayBuffer | ArrayBufferView, own?: 'own'): number {
    return this.#session.memory.add(content, own);
  }

  description(fn: Callable): FunctionDescription {
    const known = this.#session.descriptions.get(fn) ?? describeFunction(fn, true);
    this.#session.descriptions.set(fn, known);
    return known;
  }

  identity(Class: Callable): ClassIdentity {
    const found = identityOf(Class, this.#session);
    noteClass(Class, found);
    return found;
  }

  noteMember(fn: Callable, member: Member): void {
    const { members } = this.#session;
    if (members.has(fn)) return;
    members.set(fn, member);
    if (this.#places.has(fn)) this.metMembersFirst = true;
  }

  member(fn: Callable): Member | undefined {
    return this.#session.members.get(fn);
  }

  nested(data: unknown, name: string): string {
    const { nested } = this.#session;
    const writer = new GraphWriter(this.rung, this.#session);
    const path = this.#places.path(this.#places.get(this.#current));
    try {
      const text = writer.#text(data);
      nested.push(writer);
      return text;
    } catch (error) {
      throw withPathPrefix(error, `${path} → data of the registered ${name}`);
    }
  }

  /** Refuses what stands in the data of a registered instance and elsewhere too: it would come back twice. */
  #keepApart(): void {
    const seen = new Set<object>();
    for (const writer of this.#session.nested) {
      for (const thing of writer.#places.objects()) {
        if (writer.#payloads.has(thing)) continue;
        if (seen.has(thing) || this.#places.has(thing)) {
          const path = this.#places.path(this.#places.get(thing));
          const hint = 'let toData copy what it gives';
          const what = 'a part that the data of a registered instance shares with others';
          throw refused({ path, what, serializer: this.rung, hint });
        }
        seen.add(thing);
      }
    }
  }

  captured(fn: Callable, description: CodeDescription): void {
    this.#session.sharing.note(fn, description, this);
  }

  scope(fn: Callable): SharedScope | undefined {
    return this.#session.sharing.scopeOf(fn);
  }

  pathOf(fn: Callable): string {
    return this.#places.path(this.#places.get(fn));
  }

  refuseFunction(fn: Callable, what: string, hint: string): never {
    this.#current = fn;
    this.refuse(what, { hint });
  }

  #payloadOf(thing: unknown): Payload | undefined {
    if (isTracked(thing) && this.#standIns.has(thing as object)) return { kind: 'later' };
    this.#current = thing;
    const { sharing } = this.#session;
    const payload = sharing.isScope(thing) ? describeScope(thing, this) : describeValue(thing, this);
    if (payload === undefined) return undefined;
    this.#payloads.set(payload, thing);
    if (Array.isArray(payload.arguments)) this.#payloads.set(payload.arguments, thing);
    if ('whole' in payload) this.#unready.add(thing);
    this.#places.spell(payload, () => '');
    this.#places.set(payload, { holder: thing, step: () => '', depth: this.#depthBelow(thing) });
    return payload;
  }

  #property(holder: object, key: PropertyKey): unknown {
    const child: unknown = (holder as { readonly [key: PropertyKey]: unknown })[key];
    if (key === 'whole') this.#unready.delete(this.#payloads.get(holder));
    if (!isTracked(child)) return child;
    const place = { holder, step: key, depth: this.#depthBelow(holder) };
    if (this.#solid.has(holder) || (this.#payloads.has(holder) && solid.has(key))) {
      this.#solid.add(child as object);
      this.#places.set(child, place);
      return child;
    }
    if (this.#payloads.has(holder) && (makers.has(key) || Array.isArray(holder))) {
      if (this.#unready.has(child)) {
        this.#current = this.#payloads.get(holder);
        this.refuse('a value that is made from itself');
      }
      if (!this.#places.has(child)) this.#places.set(child, place);
      return child;
    }
    if (this.#enter(child, place)) return child;
    this.#cut.push([place, key, child]);
    // What a function captures must be known to be missing when the function is made.
    return Array.isArray(holder) ? this.#standIn() : undefined;
  }

  *#members(set: Set<unknown>): Generator<unknown> {
    const depth = this.#depthBelow(set);
    let index = 0;
    for (const member of set) {
      const at = index;
      yield this.#present(member, { holder: set, step: () => setStep(at), depth });
      index += 1;
    }
  }

  *#entries(map: Map<unknown, unknown>): Generator<[unknown, unknown]> {
    const depth = this.#depthBelow(map);
    let index = 0;
    for (const [key, value] of map) {
      const at = index;
      yield [
        this.#present(key, { holder: map, step: () => `.keys()[${at}]`, depth }),
        this.#present(value, { holder: map, step: () => mapStep(key), depth }),
      ];
      index += 1;
    }
  }

  /** The value, then everything that was cut off so far or will be while this goes on. */
  *#parts(value: unknown): Generator<unknown[]> {
    // In an array, since a Set does not tell -0 from 0.
    yield [value];
    for (const [place, key, child] of this.#cut) {
      const part: unknown[] = [place.holder, key, child];
      this.#places.set(child, this.#places.get(child) ?? { ...place, depth: 1 });
      yield part;
    }
  }

  /** `child` as a member of a Map or Set, or what stands there when it lies too deep. */
  #present(child: unknown, place: Place): unknown {
    if (!isTracked(child) || this.#enter(child, place)) return child;
    const standIn = this.#standIn();
    this.#cut.push([place, standIn, child]);
    return standIn;
  }

  #standIn(): object {
    const standIn = {};
    this.#standIns.add(standIn);
    return standIn;
  }

  /** Notes where `child` is met, or says that it lies too deep or cannot be made yet. */
  #enter(child: object | symbol, place: Place): boolean {
    if (this.#unready.has(child)) return false;
    if (this.#places.has(child)) return true;
    if (place.depth > depthLimit && typeof child !== 'symbol') return false;
    this.#places.set(child, place);
    return true;
  }

  #depthBelow(holder: unknown): number {
    return (this.#places.get(holder)?.depth ?? 0) + 1;
  }
}

/** Which serializer takes `value` after all, from `first` on; or why none does, as seen from the whole. */
function takerOf(value: unknown, first: Rung, path: string): { readonly takenBy: Rung } | { readonly hint: string } {
  let failure: SerializationError | undefined;
  for (const rung of rungs.slice(rungs.indexOf(first))) {
    try {
      write(value, rung);
      return { takenBy: rung };
    } catch (error) {
      if (!(error instanceof SerializationError)) throw error;
      failure = error;
    }
  }
  const { message = '', path: inside = '' } = failure ?? {};
  if (inside === '') return { hint: /; (.+)$/.exec(message)?.[1] ?? 'keep the data behind it instead' };
  return { hint: `no serializer can: ${(withPathPrefix(failure, path) as Error).message}` };
}

/** Whether the place of `value` is remembered: numbers, strings and the like can always be written. */
function isTracked(value: unknown): value is object | symbol {
  return (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol';
}

/** devalue's own forms by prototype; what reaches them was found to be what its prototype says. */
const tags: ReadonlyMap<object, string> = new Map<object, string>([
  [Array.prototype, 'Array'],
  [Map.prototype, 'Map'],
  [Set.prototype, 'Set'],
  [Date.prototype, 'Date'],
  [RegExp.prototype, 'RegExp'],
  [URL.prototype, 'URL'],
  [URLSearchParams.prototype, 'URLSearchParams'],
  [Number.prototype, 'Number'],
  [String.prototype, 'String'],
  [Boolean.prototype, 'Boolean'],
  [BigInt.prototype, 'BigInt'],
]);
