/**
 * The digests of the functions and classes that a walk meets, each found once. They refer to one another, also in circles:
 * what is in no circle embeds the digests of what it refers to, the members of a circle are told by the whole of it.
 */
import { IndigestibleError } from '../errors.js';
import type { Callable } from '../internal/functions/function-source.js';
import { ClassNode, knownClassCode } from './class-code.js';
import { byName, type ClassCode, type CodeInWalk, type CodeNode } from './code.js';
import { componentsOf } from './components.js';
import { FunctionNode, functionBehind } from './functions.js';
import { hashText, numbered } from './hash-text.js';
import { kindsOf, linesFrom } from './quotient.js';
import { moved } from './refusal.js';
import type { Digest } from './types.js';
import { Walker } from './walker.js';

/** A function or class of a walk. At last it has a digest, an error or a place in a circle. */
interface Entry {
  readonly node: CodeNode;
  digest?: Digest;
  error?: IndigestibleError;
  circle?: { readonly of: Circle; readonly at: number };
}

const blank = '0'.repeat(64) as Digest;

export class CodeDigests implements CodeInWalk {
  /** A walker for values that know their code by these digests. */
  readonly walker: Walker = new Walker(this);
  readonly #entries = new Map<object, Entry>();
  readonly #made = new Map<object, unknown>();
  #inside: Inside | undefined;

  /** Forgets everything: it may be different the next time. */
  clear(): void {
    if (this.#made.size > 0) this.#made.clear();
    if (this.#entries.size === 0) return;
    this.#entries.clear();
    this.#inside?.forget();
  }

  ofFunction(fn: Callable, path: string): Digest {
    return digestOf(this.#settled(this.functionEntry(fn)), path);
  }

  ofClass(prototype: object): ClassCode {
    const known = knownClassCode(prototype);
    if (known !== undefined) return known;
    const entry = this.classEntry(prototype);
    if (entry === undefined) return knownClassCode(prototype) ?? byName;
    return { digest: digestOf(this.#settled(entry), ''), maps: entry.node.maps };
  }

  once<T>(instance: object, make: () => T): T {
    if (!this.#made.has(instance)) this.#made.set(instance, make());
    return this.#made.get(instance) as T;
  }

  functionEntry(given: Callable): Entry {
    const fn = functionBehind(given);
    return this.#entries.get(fn) ?? this.#enter(fn, new FunctionNode(fn));
  }

  /** `undefined`: its name is all that counts. */
  classEntry(prototype: object): Entry | undefined {
    const known = this.#entries.get(prototype);
    if (known !== undefined) return known;
    const node = new ClassNode(prototype);
    return node.isByName ? undefined : this.#enter(prototype, node);
  }

  #enter(key: object, node: CodeNode): Entry {
    const entry: Entry = { node };
    this.#entries.set(key, entry);
    return entry;
  }

  #settled(entry: Entry): Entry {
    if (!isSettled(entry)) {
      this.#inside ??= new Inside(this);
      this.#inside.settle(entry);
    }
    return entry;
  }
}

/** Goes through the code that code holds. */
class Inside {
  readonly #looker: Walker;
  readonly #writer: Walker;
  /** What is met by the one under way. */
  #met: Entry[] = [];
  /** The circle under way: its members by number. */
  #members: ReadonlyMap<Entry, number> = new Map();
  #order: number[] = [];

  constructor(entries: CodeDigests) {
    const walker = (stands: (entry: Entry, path: string) => Digest, looksOnly: boolean): Walker =>
      new Walker(
        {
          ofFunction: (fn, path) => stands(entries.functionEntry(fn), path),
          ofClass: (prototype) => {
            const entry = knownClassCode(prototype) === undefined ? entries.classEntry(prototype) : undefined;
            return entry === undefined
              ? (knownClassCode(prototype) ?? byName)
              : { digest: stands(entry, ''), maps: entry.node.maps };
          },
          once: (instance, make) => entries.once(instance, make),
        },
        looksOnly,
      );
    this.#looker = walker((entry) => {
      this.#met.push(entry);
      return blank;
    }, true);
    this.#writer = walker((entry, path) => this.#standIn(entry, path), false);
  }

  /** Settles `root` and all that it leads to. */
  settle(root: Entry): void {
    const entries = [root];
    const numbers = new Map([[root, 0]]);
    const next: number[][] = [];
    for (const entry of entries) {
      next.push(
        this.#look(entry).map((target) => {
          let number = numbers.get(target);
          if (number === undefined) {
            number = entries.push(target) - 1;
            numbers.set(target, number);
          }
          return number;
        }),
      );
    }
    for (const component of componentsOf(next).members) {
      const [first = 0] = component;
      const isCircle = component.length > 1 || (next[first] as readonly number[]).includes(first);
      if (isCircle) this.#settleCircle(component.map((node) => entries[node] as Entry));
      else this.#settleOne(entries[first] as Entry);
    }
  }

  /** Lets go of what was met last. */
  forget(): void {
    this.#met = [];
    this.#order = [];
  }

  /** What an entry leads to and is not settled yet. */
  #look(entry: Entry): readonly Entry[] {
    this.#met = [];
    try {
      entry.node.digest(this.#looker);
    } catch (error) {
      if (!(error instanceof IndigestibleError)) throw error;
      entry.error = error;
    }
    return this.#met.filter((met) => !isSettled(met) || met === entry);
  }

  #settleOne(entry: Entry): void {
    if (entry.error !== undefined) return;
    try {
      entry.digest = entry.node.digest(this.#writer);
    } catch (error) {
      if (!(error instanceof IndigestibleError)) throw error;
      entry.error = error;
    }
  }

  #settleCircle(members: readonly Entry[]): void {
    this.#members = new Map(members.map((entry, i) => [entry, i]));
    const own: string[] = members.map(() => '');
    const next: number[][] = members.map(() => []);
    // A member that is found to have no digest changes those that refer to it, if they have one without it at all.
    const open = [...members.keys()];
    const holders = new Map<number, Set<number>>();
    for (const at of open) {
      const entry = members[at] as Entry;
      if (entry.error === undefined) {
        this.#order = [];
        try {
          own[at] = entry.node.digest(this.#writer);
          next[at] = this.#order;
        } catch (error) {
          if (!(error instanceof IndigestibleError)) throw error;
          entry.error = error;
        }
        for (const target of this.#order) holders.set(target, (holders.get(target) ?? new Set()).add(at));
      }
      if (entry.error !== undefined) open.push(...(holders.get(at) ?? []));
    }
    this.#members = new Map();
    const circle = new Circle(own, next);
    members.forEach((entry, at) => {
      entry.circle = { of: circle, at };
    });
  }

  #standIn(entry: Entry, path: string): Digest {
    const member = this.#members.get(entry);
    if (member !== undefined && entry.error === undefined) return numbered(this.#order.push(member));
    // What is made anew at each look was never seen before.
    if (!isSettled(entry))
      throw new IndigestibleError({ path, what: 'code that is made anew each time it is asked for' });
    return digestOf(entry, path);
  }
}

/** Code that refers back to itself. Two members that cannot be told apart in it count as one. */
class Circle {
  readonly #graph: { readonly own: readonly string[]; readonly next: readonly (readonly number[])[] };
  readonly #kinds: readonly number[];

  constructor(own: readonly string[], next: readonly (readonly number[])[]) {
    this.#graph = { own, next };
    this.#kinds = kindsOf(this.#graph);
  }

  digestFrom(member: number): Digest {
    return hashText('circle', JSON.stringify(linesFrom(member, this.#graph, this.#kinds)));
  }
}

function isSettled({ digest, error, circle }: Entry): boolean {
  return digest !== undefined || error !== undefined || circle !== undefined;
}

function digestOf(entry: Entry, path: string): Digest {
  const { error, circle } = entry;
  if (error !== undefined) throw moved(error, path + error.path);
  if (entry.digest === undefined && circle !== undefined) entry.digest = circle.of.digestFrom(circle.at);
  return entry.digest as Digest;
}
