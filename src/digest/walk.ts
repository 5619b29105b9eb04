/** What the parts of a walk share: where it stands, and where its bytes go. */
import { ByteSink } from './byte-sink.js';
import type { ClassInWalk, ClassTable } from './classes.js';
import type { CodeInWalk } from './code.js';
import { type Frame, FrameStack, Visit } from './frames.js';
import { Tag } from './tags.js';

/** Takes over from a walk what a large value is made of. */
export interface Guide {
  /** Whether `value` is dealt with, so that the walk passes it by. */
  takes(value: object, sink: ByteSink): boolean;
  /** What `make` gave for `value` the first time. */
  once<T>(value: object, make: () => T): T;
}

/**
 * How much is walked before a value counts as large: its containers and their parts, a shared one as often as it is met,
 * and units of 64 bytes. Part of the scheme: large values have another form.
 */
const limit = 1 << 21;

/** Thrown when a value turns out to be large. */
export const tooLarge: Error = new Error('a large value');

/** The work of a container itself, next to that of an element of an array. */
export const container = 8;

const unnamed: readonly never[] = [];

export class Walk {
  readonly sink: ByteSink = new ByteSink();
  readonly frames: FrameStack = new FrameStack();
  readonly classes: ClassTable;
  guide: Guide | undefined;
  /** The work done so far. */
  work = 0;

  readonly #codes: CodeInWalk;

  constructor(classes: ClassTable, codes: CodeInWalk) {
    this.classes = classes;
    this.#codes = codes;
  }

  /** Takes note of work before it is done. */
  spend(work: number): void {
    this.work += work;
    if (this.work > limit && this.guide === undefined) throw tooLarge;
  }

  /** What is computed from a value and may be another object each time: within a large value it must not be. */
  once<T>(value: object, make: () => T): T {
    return this.guide === undefined ? make() : this.guide.once(value, make);
  }

  /** As {@link once}, within all that is digested together. */
  given(instance: object, make: () => unknown): unknown {
    return this.once(instance, () => (this.#codes.once === undefined ? make() : this.#codes.once(instance, make)));
  }

  /** Lets the walk go through properties of the container of `frame`. */
  visitKeys(frame: Frame, visit: typeof Visit.fields | typeof Visit.properties, keys: Frame['keys']): void {
    this.sink.uint32(keys.length);
    frame.visit = visit;
    frame.keys = keys;
    frame.index = 0;
    frame.length = keys.length;
    // Properties of all kinds cost several times as much as fields.
    this.spend(visit === Visit.fields ? container + keys.length : 8 * (container + keys.length));
  }

  /** Lets the walk go through what the container of `frame` holds elsewhere than in properties. */
  visitItems(frame: Frame, visit: Frame['visit'], items: readonly unknown[], names: Frame['keys'] = unnamed): void {
    frame.visit = visit;
    frame.items = items;
    frame.keys = names;
    frame.digests = [];
    frame.index = 0;
    frame.length = items.length;
    // A member of a Set costs as much as a kilobyte.
    this.spend(container + 16 * items.length);
  }

  /** Writes what stands for a class; nothing for the one that the tag says already. */
  className(type: ClassInWalk, builtin: string): void {
    const { digest: code } = type.code();
    if (code !== undefined) this.sink.digestLeaf(code, Tag.classCode);
    this.sink.string(type.name === builtin ? '' : type.name);
  }
}
