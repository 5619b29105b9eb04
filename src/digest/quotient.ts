/**
 * Graphs in which those nodes are one that cannot be told apart: they have the same text of their own, and the nodes that
 * they lead to cannot be told apart either.
 */

/** A directed graph: for each node a text of its own, and the nodes that it leads to, in an order that counts. */
export interface LabelledGraph {
  readonly own: readonly string[];
  readonly next: readonly (readonly number[])[];
}

/**
 * For each node the number of its kind. Nodes of a kind are split as long as they lead to different kinds; the largest part
 * keeps the number, so that each node is looked at a few times only.
 */
export function kindsOf({ own, next }: LabelledGraph): readonly number[] {
  const numbers = new Map<string, number>();
  const members: Set<number>[] = [];
  const kinds = own.map((text, node) => {
    const kind = numbers.get(text) ?? numbers.size;
    numbers.set(text, kind);
    members[kind] ??= new Set();
    members[kind].add(node);
    return kind;
  });
  const before: number[][] = own.map(() => []);
  next.forEach((targets, node) => {
    for (const target of targets) before[target]?.push(node);
  });
  let open: Iterable<number> = own.keys();
  for (;;) {
    const moved: number[] = [];
    for (const [kind, parts] of partsByKind(open, kinds, next)) {
      const all = members[kind] as Set<number>;
      const sorted = [...parts].sort((a, b) => b.length - a.length);
      // Those that lead to nothing new are still like one another, and unlike all others.
      const rest = all.size - parts.reduce((sum, { length }) => sum + length, 0);
      if (rest < (sorted[0] as readonly number[]).length) {
        const listed = new Set(parts.flat());
        sorted.push([...all].filter((node) => !listed.has(node)));
        sorted.shift();
      }
      for (const part of sorted) {
        if (part.length === 0) continue;
        const added = members.push(new Set(part)) - 1;
        for (const node of part) {
          all.delete(node);
          kinds[node] = added;
          moved.push(node);
        }
      }
    }
    if (moved.length === 0) return kinds;
    open = new Set(moved.flatMap((node) => before[node] as number[]));
  }
}

/** The nodes in `open`, by their kinds and then by the kinds that they lead to. */
function partsByKind(
  open: Iterable<number>,
  kinds: readonly number[],
  next: LabelledGraph['next'],
): ReadonlyMap<number, readonly (readonly number[])[]> {
  const found = new Map<number, Map<string, number[]>>();
  for (const node of open) {
    const kind = kinds[node] as number;
    const leadsTo = (next[node] as readonly number[]).map((target) => kinds[target]).join();
    let parts = found.get(kind);
    if (parts === undefined) {
      parts = new Map();
      found.set(kind, parts);
    }
    const part = parts.get(leadsTo);
    if (part === undefined) parts.set(leadsTo, [node]);
    else part.push(node);
  }
  return new Map([...found].map(([kind, parts]) => [kind, [...parts.values()]]));
}

/** One line for each kind that is reached from `root`, in the order in which they are met: its text, and where it leads. */
export function linesFrom(root: number, { own, next }: LabelledGraph, kinds: readonly number[]): readonly unknown[] {
  const order = [root];
  const places = new Map([[kinds[root], 0]]);
  const lines: unknown[] = [];
  for (const at of order) {
    const leadsTo = (next[at] as readonly number[]).map((target) => {
      const kind = kinds[target];
      let place = places.get(kind);
      if (place === undefined) {
        place = order.push(target) - 1;
        places.set(kind, place);
      }
      return place;
    });
    lines.push([own[at], leadsTo]);
  }
  return lines;
}
