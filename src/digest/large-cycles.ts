/**
 * The digests of objects of a large value that refer back to themselves, all of them together: the friends in a network.
 *
 * Where each can be told from all others by what it holds and by those around it, it is told by that, at one digest an
 * object. Else the objects are numbered from each one that something outside refers to, in the order in which they are met.
 * Which of them are the same object counts here, since without that two networks of other shape could look alike.
 */
import { IndigestibleError } from '../errors.js';
import { ByteSink } from './byte-sink.js';
import { Tag } from './tags.js';
import type { Digest } from './types.js';
import type { Guide } from './walk.js';
import type { Walker } from './walker.js';

/** The containers of a value, each once, and what they hold. */
export interface Graph {
  readonly objects: readonly object[];
  readonly numbers: ReadonlyMap<object, number>;
  /** For each container those that it holds, as often as it holds them. */
  readonly next: readonly (readonly number[])[];
  /** For each container the work that it is without those that it holds. */
  readonly work: readonly number[];
  readonly once: Guide['once'];
}

/** Writes the digest of a part, if it has one. */
export function embeds(digest: Digest | undefined, sink: ByteSink): boolean {
  if (digest === undefined) return false;
  sink.digestLeaf(digest, Tag.part);
  return true;
}

/** How many objects may be looked at to tell those of one cycle apart, and to number them. Part of the scheme. */
const looksToLabel = 1 << 22;
const looksToNumber = 1 << 23;

export class CycleDigests {
  readonly #graph: Graph;
  readonly #parts: Map<object, Digest>;
  readonly #walker: Walker;
  readonly #path: string;
  readonly #sink = new ByteSink();

  /** @param parts the digests of parts, to which those of cycles are added. */
  constructor(graph: Graph, parts: Map<object, Digest>, walker: Walker, path: string) {
    this.#path = path;
    this.#graph = graph;
    this.#parts = parts;
    this.#walker = walker;
  }

  /** Digests the objects of one component, or of those at least that are `entered` from outside of it. */
  digest(component: readonly number[], entered: ReadonlySet<number>): void {
    const objects = component.map((node) => this.#graph.objects[node] as object);
    const digests = this.#labelled(objects) ?? this.#numbered(component, entered);
    for (const [object, digest] of digests) this.#parts.set(object, digest);
  }

  /** By what they hold and the labels of those around them, until each has a label of its own. */
  #labelled(objects: readonly object[]): Map<object, Digest> | undefined {
    let labels = new Map<object, Digest>(objects.map((object) => [object, unlabelled]));
    let looks = 0;
    for (let count = 1; ; ) {
      const next = this.#relabelled(objects, labels);
      looks += objects.length;
      // The labels and those that were made of them say who stands next to whom.
      if (count === objects.length) return this.#told(labels, next);
      const found = new Set(next.values()).size;
      if (found === count || looks > looksToLabel) return undefined;
      count = found;
      labels = next;
    }
  }

  #relabelled(objects: readonly object[], labels: ReadonlyMap<object, Digest>): Map<object, Digest> {
    const guide = this.#guide((value, sink) => embeds(labels.get(value), sink));
    return new Map(objects.map((object) => [object, this.#walker.part(object, guide)]));
  }

  #told(labels: ReadonlyMap<object, Digest>, next: ReadonlyMap<object, Digest>): Map<object, Digest> {
    const sink = this.#sink;
    sink.reset();
    for (const pair of [...labels].map(([object, label]) => `${label}${next.get(object)}`).sort()) sink.string(pair);
    const whole = sink.digest();
    const digests = new Map<object, Digest>();
    for (const [object, label] of next) {
      sink.reset();
      sink.tag(Tag.labelledCycle);
      sink.digestLeaf(whole);
      sink.digestLeaf(label);
      digests.set(object, sink.digest());
    }
    return digests;
  }

  /** By all objects in the order in which they are met from each one that is entered. */
  #numbered(component: readonly number[], entered: ReadonlySet<number>): Map<object, Digest> {
    const entries = component.filter((node) => entered.has(node));
    if (entries.length * component.length > looksToNumber) {
      throw new IndigestibleError({
        path: this.#path,
        what: `${component.length} objects that refer to one another and look alike`,
        hint: 'give each a name or number of its own',
      });
    }
    const isMember = new Set(component.map((node) => this.#graph.objects[node] as object));
    return new Map(
      entries.map((node) => {
        const object = this.#graph.objects[node] as object;
        return [object, this.#numberedFrom(object, isMember)];
      }),
    );
  }

  #numberedFrom(entry: object, isMember: ReadonlySet<object>): Digest {
    const numbers = new Map<object, number>([[entry, 0]]);
    const order = [entry];
    const guide = this.#guide((value, sink) => {
      if (!isMember.has(value)) return false;
      let number = numbers.get(value);
      if (number === undefined) {
        number = order.push(value) - 1;
        numbers.set(value, number);
      }
      sink.tag(Tag.member);
      sink.uint32(number);
      return true;
    });
    const lines: Digest[] = [];
    for (const object of order) lines.push(this.#walker.part(object, guide));
    this.#sink.reset();
    this.#sink.tag(Tag.numberedCycle);
    for (const line of lines) this.#sink.digestLeaf(line);
    return this.#sink.digest();
  }

  /** A guide that first asks `member` and then embeds the parts that have digests. */
  #guide(member: (value: object, sink: ByteSink) => boolean): Guide {
    return {
      once: this.#graph.once,
      takes: (value, sink) => member(value, sink) || embeds(this.#parts.get(value), sink),
    };
  }
}

const unlabelled = '0'.repeat(64) as Digest;
