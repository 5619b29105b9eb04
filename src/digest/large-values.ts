/**
 * The digest of a large value: one that unfolds to millions of parts, be it that it has so many or that a few refer to one
 * another in many ways (forty objects, each holding the next one twice, unfold to 2^40). Every object is walked once.
 * Parts above a certain size are embedded by their digests. What that size is and where it is reached depends on the
 * unfolded value alone, so that shared parts and equal copies give one digest.
 */
import { IndigestibleError } from '../errors.js';
import { componentsOf } from './components.js';
import { CycleDigests, embeds, type Graph } from './large-cycles.js';
import type { Digest } from './types.js';
import type { Guide } from './walk.js';
import type { Walker } from './walker.js';

/** From this much work on, a part is embedded by its digest. Part of the scheme. */
const embedded = 64;

/** Digests `root`, which stands at `path`. */
export function digestInParts(root: object, path: string, walker: Walker): Digest {
  const graph = surveyed(root, path, walker);
  const { of, members } = componentsOf(graph.next);
  const parts = new Map<object, Digest>();
  const sizes = new Float64Array(graph.objects.length);
  const guide: Guide = {
    once: graph.once,
    takes: (value, sink) => embeds(parts.get(value), sink),
  };
  const cycles = new CycleDigests(graph, parts, walker, path);
  const entered = new Set<number>([0]);
  graph.next.forEach((targets, node) => {
    for (const target of targets) if (of[target] !== of[node]) entered.add(target);
  });
  for (const component of members) {
    const [node = 0] = component;
    const next = graph.next[node] as readonly number[];
    if (component.length > 1 || next.includes(node)) {
      cycles.digest(component, entered);
      continue;
    }
    let size = graph.work[node] as number;
    for (const target of next) size += parts.has(graph.objects[target] as object) ? 1 : (sizes[target] as number);
    sizes[node] = size;
    if (size >= embedded || node === 0) {
      const object = graph.objects[node] as object;
      parts.set(object, walker.part(object, guide));
    }
  }
  return parts.get(root) as Digest;
}

/** Looks at each object of `root` once. */
export function surveyed(root: object, path: string, walker: Walker): Graph {
  const objects: object[] = [root];
  const numbers = new Map<object, number>([[root, 0]]);
  const next: number[][] = [];
  const work: number[] = [];
  /** Who was first seen to hold a container. */
  const holders: number[] = [-1];
  const made = new Map<object, unknown>();
  const once: Guide['once'] = (value, make) => {
    if (!made.has(value)) made.set(value, make());
    return made.get(value) as ReturnType<typeof make>;
  };
  for (let at = 0; at < objects.length; at += 1) {
    const held: number[] = [];
    const takes = (value: object): boolean => {
      let number = numbers.get(value);
      if (number === undefined) {
        number = objects.push(value) - 1;
        numbers.set(value, number);
        holders.push(at);
      }
      held.push(number);
      return true;
    };
    const object = objects[at] as object;
    try {
      work.push(walker.survey(object, '', { once, takes }));
    } catch (error) {
      if (!(error instanceof IndigestibleError)) throw error;
      // Once more, knowing where it stands.
      walker.survey(object, path + placeOf(at, objects, holders, once, walker), { once, takes });
      throw error;
    }
    next.push(held.length === 0 ? none : held);
  }
  return { objects, numbers, next, work, once };
}

const none: number[] = [];

/** The path to a container, by those who hold it. */
function placeOf(
  container: number,
  objects: readonly object[],
  holders: readonly number[],
  once: Guide['once'],
  walker: Walker,
): string {
  const steps: string[] = [];
  for (let at = container; at > 0; at = holders[at] as number) {
    let place: string | undefined;
    const takes = (value: object): boolean => {
      if (value === objects[at]) place ??= walker.path();
      return true;
    };
    walker.survey(objects[holders[at] as number] as object, '', { once, takes });
    steps.push(place ?? '');
  }
  return steps.reverse().join('');
}
