/**
 * Functions that refer to each other in a circle are made before all that they capture is there. What comes later is
 * assigned later, and calls through such a variable are slower. So before a graph is read, whatever a function captures
 * outside of circles is moved to where it is read before the function is asked for.
 */

/** How devalue writes a hole in an array. */
const hole = -2;

const functionKinds: ReadonlySet<unknown> = new Set(['function', 'class', 'function in scope', 'class in scope']);

type Node = { [key: string]: unknown };

/** Adds to the payloads of functions in circles a field `ready`: what they capture, with holes for what is in the circle. */
export function readyCaptures(graph: unknown[], tag: string): void {
  const payloads = graph.flatMap((node) => {
    const index = Array.isArray(node) && node[0] === tag ? (node[1] as number) : -1;
    return isFunctionPayload(graph, graph[index]) ? [index] : [];
  });
  if (payloads.length === 0) return;
  const circles = circlesFrom(graph, payloads);
  for (const index of payloads) {
    const { kind, scope, code, base, prototype, ...rest } = graph[index] as Node;
    const values = graph[rest.values as number];
    const circle = circles[index];
    if (circle === undefined || !Array.isArray(values) || values.length === 0) continue;
    const ready = values.map((value: number) => (circles[value] === circle ? hole : value));
    if (!ready.includes(hole)) continue;
    const found = Object.entries({ kind, scope, code, base, prototype }).filter(([, node]) => node !== undefined);
    const makers = Object.fromEntries(found);
    graph[index] = { ...makers, ready: graph.push(ready) - 1, ...rest };
  }
}

function isFunctionPayload(graph: readonly unknown[], node: unknown): boolean {
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return false;
  const kind = graph[(node as Node).kind as number];
  return functionKinds.has(kind) && typeof (node as Node).values === 'number';
}

/** A number per node that says in which circle it is (Tarjan's strongly connected components, without recursion). */
function circlesFrom(graph: readonly unknown[], starts: readonly number[]): readonly (number | undefined)[] {
  const circles: (number | undefined)[] = [];
  const order: (number | undefined)[] = [];
  const low: number[] = [];
  const open: number[] = [];
  const work: { readonly node: number; readonly next: readonly number[]; at: number }[] = [];
  let count = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = count;
    count += 1;
    open.push(node);
    work.push({ node, next: referencesOf(graph, node), at: 0 });
  };
  for (const start of starts) {
    if (order[start] === undefined) enter(start);
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const { node, next } = top;
      const child = next[top.at];
      top.at += 1;
      if (child === undefined) {
        work.pop();
        const above = work.at(-1)?.node;
        if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
        if (low[node] === order[node]) {
          for (let member = open.pop(); member !== undefined; member = member === node ? undefined : open.pop()) {
            circles[member] = node;
          }
        }
      } else if (order[child] === undefined) enter(child);
      else if (circles[child] === undefined) low[node] = Math.min(low[node] as number, order[child] as number);
    }
  }
  return circles;
}

function referencesOf(graph: readonly unknown[], index: number): readonly number[] {
  const node = graph[index];
  if (typeof node !== 'object' || node === null) return [];
  return Object.values(node).filter(
    (each): each is number => typeof each === 'number' && Number.isInteger(each) && each >= 0 && each < graph.length,
  );
}
