/** The child process that the main thread waits for, as the system's list of processes shows it. */
import { readdirSync, readFileSync } from 'node:fs';

interface Listed {
  readonly pid: number;
  readonly parent: number;
  /** In hundredths of a second since the system's start. */
  readonly started: number;
}

/**
 * The youngest child of this process that was started at `since` or later, with all that it has started, stopped by SIGSTOP:
 * otherwise one might start another while a signal is on its way to it. None where there is no /proc.
 */
export function stopYoungestChild(since: number, signal: (pid: number, name: NodeJS.Signals) => void): number[] {
  const tree: number[] = [];
  for (let before = -1; before < tree.length; ) {
    before = tree.length;
    const all = processes();
    if (tree.length === 0) {
      const children = all.filter(({ parent, started }) => parent === process.pid && started >= since);
      const [youngest] = children.sort((a, b) => b.started - a.started || b.pid - a.pid);
      if (youngest !== undefined) tree.push(youngest.pid);
    }
    // It grows while it is gone through.
    for (const pid of tree) {
      tree.push(...all.filter((each) => each.parent === pid && !tree.includes(each.pid)).map((each) => each.pid));
    }
    for (const pid of tree.slice(before)) signal(pid, 'SIGSTOP');
  }
  return tree;
}

function processes(): Listed[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      return []; // It has ended in the meantime.
    }
    // The program's name, in brackets, may hold blanks and brackets itself; state, parent and so on follow it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? [] : [{ pid: Number(name), parent: Number(fields[1]), started: Number(fields[19]) }];
  });
}
