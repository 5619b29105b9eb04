/** Finds out, while a value is written, which of its functions share a variable that one of them assigns. */
import type { CodeDescription } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { InspectorUnavailable } from '../internal/functions/inspector.js';
import { sharersOf } from '../internal/functions/shared-variables.js';
import { NoScopes, type SharedScope, type SharedVariable, scopesFor } from './shared-scopes.js';

/** Who writes a graph, as far as refusing a function in it goes. */
export interface GraphOfFunctions {
  pathOf(fn: Callable): string;
  refuseFunction(fn: Callable, what: string, hint: string): never;
}

/** A function that uses a variable, as it was when it was met. */
interface Use {
  readonly fn: Callable;
  readonly value: unknown;
  readonly assigned: boolean;
  readonly box: object | undefined;
  readonly graph: GraphOfFunctions;
}

/**
 * What is known about the variables of one value. A value is written once to meet all of its functions, and once more if
 * some of them turn out to share a variable.
 */
export class Sharing {
  #uses = new Map<string, Use[]>();
  readonly #descriptions = new Map<Callable, CodeDescription>();
  /** Of which functions it is known what they share, by the name of the variable. */
  readonly #known = new Map<string, Set<Callable>>();
  #variables: readonly SharedVariable[] = [];
  #scopes: ReadonlyMap<Callable, SharedScope> = new Map();
  #made: ReadonlySet<unknown> = new Set();

  /** Notes the variables that a function captures. */
  note(fn: Callable, description: CodeDescription, graph: GraphOfFunctions): void {
    this.#descriptions.set(fn, description);
    for (const [name, { value, assigned, box }] of description.captures) {
      const uses = this.#uses.get(name) ?? [];
      uses.push({ fn, value, assigned, box, graph });
      this.#uses.set(name, uses);
    }
  }

  /** The scope of a function that shares variables. */
  scopeOf(fn: Callable): SharedScope | undefined {
    return this.#scopes.get(fn);
  }

  isScope(thing: unknown): thing is SharedScope {
    return this.#made.has(thing);
  }

  /**
   * Whether the value was written with all that is shared; if not, it has to be written again.
   *
   * @throws SerializationError if what is shared cannot be told, or not be made again.
   */
  settle(): boolean {
    let isSettled = true;
    for (const [name, uses] of this.#uses) {
      for (const alike of alikeIn(uses)) {
        const known = this.#known.get(name) ?? new Set();
        if (alike.every(({ fn }) => known.has(fn))) continue;
        this.#known.set(name, new Set([...known, ...alike.map(({ fn }) => fn)]));
        const found = this.#shared(name, alike);
        if (found.length === 0) continue;
        const users = new Set(alike.map(({ fn }) => fn));
        const others = this.#variables.filter(
          (each) => each.name !== name || ![...each.users].some((fn) => users.has(fn)),
        );
        this.#variables = [...others, ...found];
        isSettled = false;
      }
    }
    if (!isSettled) this.#arrange();
    this.#uses = new Map();
    return isSettled;
  }

  #shared(name: string, uses: readonly Use[]): readonly SharedVariable[] {
    const distinct = [...new Map(uses.map((use) => [use.fn, use])).values()];
    let groups: readonly (readonly Callable[])[];
    try {
      groups = sharersOf(name, distinct);
    } catch (error) {
      if (!(error instanceof InspectorUnavailable)) throw error;
      return refuse(name, uses, `whether they do cannot be told: ${error.message}`);
    }
    const [first] = uses as [Use];
    return groups.flatMap((group) => {
      const users = new Set(group);
      const mine = uses.filter(({ fn }) => users.has(fn));
      if (users.size < 2 || !mine.some(({ assigned }) => assigned)) return [];
      const isSplit = mine.some(({ graph }) => graph !== mine[0]?.graph);
      return isSplit
        ? refuse(name, mine, 'the data of a registered instance is written apart')
        : [{ name, value: first.value, users }];
    });
  }

  #arrange(): void {
    try {
      this.#scopes = scopesFor(this.#variables, (fn) => this.#descriptions.get(fn) as CodeDescription);
    } catch (error) {
      if (!(error instanceof NoScopes)) throw error;
      const [name, uses] = [error.variable, this.#uses.get(error.variable) ?? []];
      refuse(name, uses, `variables of the name ${name} are too entangled`);
    }
    const made = new Set<unknown>();
    for (const scope of this.#scopes.values()) {
      for (let at: SharedScope | undefined = scope; at !== undefined; at = at.outer) made.add(at);
    }
    this.#made = made;
  }
}

/** Parts uses of one name by the values, where several functions may share a variable that one of them assigns. */
function alikeIn(uses: readonly Use[]): readonly (readonly Use[])[] {
  if (uses.length < 2 || !uses.some(({ assigned }) => assigned)) return [];
  const byValue = new Map<unknown, Use[]>();
  for (const use of uses) byValue.set(use.value, [...(byValue.get(use.value) ?? []), use]);
  return [...byValue.values()].filter(
    (alike) => alike.some(({ assigned }) => assigned) && new Set(alike.map(({ fn }) => fn)).size > 1,
  );
}

function refuse(name: string, uses: readonly Use[], reason: string): never {
  const [one, other = one] = [...new Map(uses.map((use) => [use.fn, use])).values()] as [Use, ...Use[]];
  const place = one.graph.pathOf(one.fn) || 'the value itself';
  return other.graph.refuseFunction(
    other.fn,
    `a function that seems to share the variable ${name} with the function at ${place}`,
    `${reason}; keep the state in an object`,
  );
}
