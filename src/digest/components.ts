/** The strongly connected components of a graph (Tarjan's algorithm, with a stack of our own). */

/** For each node the number of its component. A component comes after all those that it leads to. */
export interface Components {
  readonly of: Int32Array;
  readonly members: readonly (readonly number[])[];
}

/** @param next for each node those that it leads to. */
export function componentsOf(next: readonly (readonly number[])[]): Components {
  const count = next.length;
  const of = new Int32Array(count).fill(-1);
  const members: number[][] = [];
  const order = new Int32Array(count).fill(-1);
  const low = new Int32Array(count);
  const at = new Int32Array(count);
  const path: number[] = [];
  const open: number[] = [];
  let found = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = found++;
    path.push(node);
    open.push(node);
  };
  for (let root = 0; root < count; root += 1) {
    if (order[root] !== -1) continue;
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1] as number;
      const targets = next[node] as readonly number[];
      const index = at[node] as number;
      if (index < targets.length) {
        at[node] = index + 1;
        const target = targets[index] as number;
        if (order[target] === -1) enter(target);
        else if (of[target] === -1) low[node] = Math.min(low[node] as number, order[target] as number);
        continue;
      }
      path.pop();
      const above = path[path.length - 1];
      if (above !== undefined) low[above] = Math.min(low[above] as number, low[node] as number);
      if (low[node] !== order[node]) continue;
      const component: number[] = [];
      for (let member = -1; member !== node; ) {
        member = open.pop() as number;
        of[member] = members.length;
        component.push(member);
      }
      members.push(component);
    }
  }
  return { of, members };
}
