/** Shell commands of cells. They need `/bin/sh`, so not Windows. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { guardGroup } from './shell-guard.js';

/** What a command needs of the kernel. */
export interface ShellContext {
  readonly cwd: string;
  /** @default process.env */
  readonly env?: NodeJS.ProcessEnv;
  /** What gets `-c` and the command. @default '/bin/sh' */
  readonly shell?: string;
  /** What it gets before that. */
  readonly shellArguments?: readonly string[];
  /** What the command finds as `$1`, `$2` … */
  readonly parameters?: readonly string[];
  /** What the command reads from its standard input; nothing if not given. */
  readonly input?: string | Uint8Array;
  write(isError: boolean, bytes: Uint8Array): void;
  /** Tells that a process group has been started or has ended; an interrupt ends the groups that are there. */
  group(pid: number, ended: boolean): void;
}

/**
 * Runs a command in the user's shell language, `sh`, with its output streamed, in a process group of its own so that an
 * interrupt also reaches what it started. Resolves with the exit code; 128 and the signal's number if a signal ended it.
 */
export function runShell(command: string, context: ShellContext): Promise<number> {
  const { cwd, env = process.env, shell = '/bin/sh', shellArguments = [], parameters = [], input } = context;
  return new Promise((resolve, reject) => {
    const child = spawn(shell, [...shellArguments, '-c', command, 'sh', ...parameters], {
      cwd,
      env,
      detached: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    child.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, shell, cwd)));
    const { pid } = child;
    if (pid === undefined) return;
    guardGroup(pid, false);
    context.group(pid, false);
    child.stdin?.on('error', () => {
      // The command has ended without reading all of it.
    });
    child.stdin?.end(input);
    child.stdout?.on('data', (bytes: Buffer) => context.write(false, bytes));
    child.stderr?.on('data', (bytes: Buffer) => context.write(true, bytes));
    child.once('close', (code, signal) => {
      guardGroup(pid, true);
      context.group(pid, true);
      resolve(code ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0));
    });
  });
}

/** Node names the program also where the folder is what is missing. */
function explained(error: NodeJS.ErrnoException, shell: string, cwd: string): Error {
  if (error.code === 'E2BIG')
    return new Error('the values are too long for a command: hand them over in a file', { cause: error });
  if (error.code !== 'ENOENT') return error;
  return new Error(
    existsSync(cwd) ? `there is no program ${shell} here` : `the folder ${cwd} is gone; %cd to another`,
    {
      cause: error,
    },
  );
}
