/** Shell commands of cells. */
import { spawn } from 'node:child_process';

/** What a command needs of the kernel. */
export interface ShellContext {
  readonly cwd: string;
  write(isError: boolean, bytes: Uint8Array): void;
  /** Tells that a process group has been started or has ended; an interrupt ends the groups that are there. */
  group(pid: number, ended: boolean): void;
}

/**
 * Runs a command in the user's shell language, `sh`, with its output streamed, in a process group of its own so that an
 * interrupt also reaches what it started. Resolves with the exit code; 128 and the signal's number if a signal ended it.
 */
export function runShell(command: string, { cwd, write, group }: ShellContext): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', command], { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    child.once('error', reject);
    const { pid } = child;
    if (pid === undefined) return;
    group(pid, false);
    child.stdout.on('data', (bytes: Buffer) => write(false, bytes));
    child.stderr.on('data', (bytes: Buffer) => write(true, bytes));
    child.once('close', (code, signal) => {
      group(pid, true);
      resolve(code ?? 128 + (signalNumbers[signal as string] ?? 0));
    });
  });
}

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
};
