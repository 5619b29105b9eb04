/**
 * One box per name for the whole session, which later cells read and assign as `__b_NAME.v`. A constant is a plain value
 * in its box (reading it costs what a local costs); a `let` or `var` that functions see lives on in its cell, and the box
 * reaches it both ways.
 */

/** A box: its one property is `v`. */
export interface Box {
  v: unknown;
}

/** What a cell hands over at its start: an object with one accessor per name. */
export type OwnNames = object;

/** The boxes of a session. */
export class Boxes {
  readonly #boxes = new Map<string, Box>();
  /** Names whose box is a pair of accessors now. */
  readonly #live = new Set<string>();

  /** The box of a name, made when it is asked for first. */
  get(name: string): Box {
    let box = this.#boxes.get(name);
    if (box === undefined) {
      box = { v: undefined };
      this.#boxes.set(name, box);
    }
    return box;
  }

  /** The box of a name, if any cell has declared that name. */
  find(name: string): Box | undefined {
    return this.#boxes.get(name);
  }

  /** Forgets all of them. Code that has a box keeps it. */
  clear(): void {
    this.#boxes.clear();
    this.#live.clear();
  }

  /**
   * Takes over what a cell has assigned so far, at its end or earlier: a name whose declaration has not been reached is
   * left out. `exports` holds its imports. Returns the names.
   */
  settle(own: OwnNames, exports: object): string[] {
    const names: string[] = [];
    for (const [name, { get, set }] of Object.entries(Object.getOwnPropertyDescriptors(own))) {
      if (this.#put(name, get as () => unknown, set)) names.push(name);
    }
    for (const name of Object.keys(exports)) {
      if (this.#put(name, () => (exports as Record<string, unknown>)[name], undefined)) names.push(name);
    }
    return names;
  }

  /** Takes over one name that a cell has just assigned, before its end. */
  declare(name: string, own: OwnNames): void {
    const { get, set } = Object.getOwnPropertyDescriptor(own, name) ?? {};
    if (get !== undefined) this.#put(name, get, set);
  }

  #put(name: string, get: () => unknown, set: ((value: unknown) => void) | undefined): boolean {
    let value: unknown;
    try {
      value = get();
    } catch {
      return false;
    }
    const box = this.get(name);
    const shape = { enumerable: true, configurable: true };
    if (set !== undefined) {
      Object.defineProperty(box, 'v', { get, set, ...shape });
      this.#live.add(name);
    } else if (this.#live.delete(name)) Object.defineProperty(box, 'v', { value, writable: true, ...shape });
    else box.v = value;
    return true;
  }
}
