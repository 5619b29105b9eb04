/** The processes that a process has started, and those have. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

interface Listed {
  readonly pid: number;
  readonly parent: number;
  /** Later for younger ones. */
  readonly started: number;
}

/** The youngest child of a process, with all that it has started; none if there is no child. */
export function youngestChild(parent: number): number[] {
  const all = process.platform === 'linux' ? ofProc() : ofPs();
  const children = all.filter((each) => each.parent === parent);
  const [youngest] = children.sort((a, b) => b.started - a.started || b.pid - a.pid);
  const tree = youngest === undefined ? [] : [youngest.pid];
  // It grows while it is gone through.
  for (const pid of tree) tree.push(...all.filter((each) => each.parent === pid).map((each) => each.pid));
  return tree;
}

function ofProc(): Listed[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((name) => {
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      return []; // It has ended in the meantime.
    }
    // The name of the program, in brackets, may hold blanks and brackets itself; state, parent and so on follow it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(name), parent: Number(fields[1]), started: Number(fields[19]) }];
  });
}

/** Where there is no /proc. Numbers of processes grow, but for once in a long while. */
function ofPs(): Listed[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number) as [number, number];
    return { pid, parent, started: pid };
  });
}
