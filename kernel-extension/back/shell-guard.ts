/** What ends shell commands if the kernel cannot: where it is killed, nothing of its own runs any more. */
import { type ChildProcess, spawn } from 'node:child_process';

/** Notes `+ GROUP` and `- GROUP`; once nobody writes any more, kills the groups that are left. */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

let guard: ChildProcess | undefined;

/** Tells the guard that a process group has been started or has ended; the first one starts the guard. */
export function guardGroup(pid: number, ended: boolean): void {
  guard ??= startGuard();
  guard.stdin?.write(`${ended ? '-' : '+'} ${pid}\n`);
}

/** In a group of its own: a signal to the kernel's does not reach it. */
function startGuard(): ChildProcess {
  const started = spawn('/bin/sh', ['-c', SCRIPT], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const gone = (): void => {
    guard = undefined;
  };
  started.once('error', gone);
  started.once('exit', gone);
  started.stdin?.on('error', gone);
  started.unref();
  (started.stdin as unknown as { unref(): void } | null)?.unref();
  return started;
}
