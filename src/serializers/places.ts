import { step } from '../internal/value-path.js';

/** Where something was first met inside the value that is being written. */
export interface Place {
  /** What holds it; `undefined` for the value itself. */
  readonly holder: unknown;
  /** Its step from the holder: a key, or a function that tells (steps are only spelled out when something goes wrong). */
  readonly step: PropertyKey | (() => string);
  /** How many levels of recursion lie above it. */
  readonly depth: number;
}

/** Remembers where every object was met first, so that an error can tell the path to it. */
export class Places {
  readonly #places = new Map<unknown, Place>();
  readonly #steps = new WeakMap<object, (key: PropertyKey) => string>();

  get(thing: unknown): Place | undefined {
    return this.#places.get(thing);
  }

  has(thing: unknown): boolean {
    return this.#places.has(thing);
  }

  /** Everything of the user's that stands somewhere: neither symbols nor functions, which are named or compared by content. */
  *objects(): Generator<object> {
    for (const thing of this.#places.keys()) if (typeof thing === 'object' && thing !== null) yield thing;
  }

  set(thing: unknown, place: Place): void {
    this.#places.set(thing, place);
  }

  /** Says how a path goes on inside a container of ours, which the user never sees. */
  spell(container: object, steps: (key: PropertyKey) => string): void {
    this.#steps.set(container, steps);
  }

  /** The path to `place`: empty for the value itself, else `.options[1]`. */
  path(place: Place | undefined): string {
    const steps: string[] = [];
    for (let at = place; at?.holder !== undefined; at = this.#places.get(at.holder)) steps.push(this.#stepOf(at));
    return steps.reverse().join('').trimStart();
  }

  #stepOf(place: Place): string {
    if (typeof place.step === 'function') return place.step();
    const spelled = this.#steps.get(place.holder as object);
    return spelled === undefined ? step(place.step) : spelled(place.step);
  }
}
