/** The containers on the way from the root to the value under way. A stack of our own: depth costs memory only. */
import { step } from '../internal/value-path.js';

/** What is visited of a container. */
export const Visit = {
  /** The elements of an array, by index. */
  elements: 0,
  /** Enumerable properties with texts as keys. */
  fields: 1,
  /** Own properties of all kinds, with their flags. */
  properties: 2,
  members: 3,
  entries: 4,
  privateFields: 5,
  /** What an instance says of itself. */
  given: 6,
} as const;
type Visit = (typeof Visit)[keyof typeof Visit];

/** One container that is being walked. */
export interface Frame {
  value: object;
  visit: Visit;
  keys: readonly (string | symbol)[];
  /** Members, or entries as key, value, key, value, or private values. */
  items: readonly unknown[];
  index: number;
  length: number;
  /** The digests of the members or of the keys and values visited so far. */
  digests: string[];
}

const none: readonly never[] = [];
const nothing: object = Object.freeze({});
/** Up to here, looking through the stack is faster than a Map. */
const shallow = 16;
const framesKept = 1024;

export class FrameStack {
  depth = 0;
  readonly #frames: Frame[] = [];
  /** The levels of the containers from `shallow` on. */
  readonly #levels = new Map<object, number>();

  push(value: object): Frame {
    const level = this.depth++;
    if (level >= shallow) this.#levels.set(value, level);
    let frame = this.#frames[level];
    if (frame === undefined) {
      frame = { value, visit: Visit.elements, keys: none, items: none, index: 0, length: 0, digests: [] };
      this.#frames.push(frame);
    } else {
      frame.value = value;
      frame.index = 0;
      frame.length = 0;
    }
    return frame;
  }

  top(): Frame {
    return this.#frames[this.depth - 1] as Frame;
  }

  pop(): void {
    const level = --this.depth;
    const frame = this.#frames[level] as Frame;
    if (level >= shallow) this.#levels.delete(frame.value);
    frame.value = nothing;
    frame.keys = none;
    frame.items = none;
  }

  clear(): void {
    while (this.depth > 0) this.pop();
    if (this.#frames.length > framesKept) this.#frames.length = framesKept;
  }

  /** How many containers up the way to the root `value` stands; 0 when it does not. */
  distance(value: object): number {
    const { depth } = this;
    for (let i = Math.min(depth, shallow) - 1; i >= 0; i -= 1) {
      if ((this.#frames[i] as Frame).value === value) return depth - i;
    }
    const level = depth > shallow ? this.#levels.get(value) : undefined;
    return level === undefined ? 0 : depth - level;
  }

  /** The path of the value under way. */
  path(): string {
    let path = '';
    for (let i = 0; i < this.depth; i += 1) path += placeOf(this.#frames[i] as Frame);
    return path;
  }
}

function placeOf({ visit, keys, items, index }: Frame): string {
  if (index === 0) return '';
  const at = index - 1;
  switch (visit) {
    case Visit.elements:
      return `[${at}]`;
    case Visit.members:
      return `[member ${at}]`;
    case Visit.entries: {
      if (at % 2 === 0) return `[key ${at / 2}]`;
      const key = items[at - 1];
      return `.get(${typeof key === 'string' ? JSON.stringify(key) : `key ${(at - 1) / 2}`})`;
    }
    case Visit.privateFields:
      return `.${String(keys[at])}`;
    case Visit.given:
      return "[Symbol.for('fleche.digest')]()";
    default:
      return step(keys[at] as string | symbol);
  }
}
