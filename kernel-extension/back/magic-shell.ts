/** Shell commands as magics run them, in whichever kernel. */
import { StringDecoder } from 'node:string_decoder';
import type { ShellOptions } from '../magics/types.js';
import { runShell } from './shell.js';

/** Where the output of a command goes, and who ends it. */
export interface MagicShellHost {
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** Tells that a process group has been started or has ended. */
  group(pid: number, ended: boolean): void;
}

/** Runs a command in the current folder; resolves with its exit code. Characters stay whole. */
export async function runMagicShell(command: string, options: ShellOptions, host: MagicShellHost): Promise<number> {
  const { shell, shellArguments = [], parameters = [], capture } = options;
  const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  const take = (stream: 'stdout' | 'stderr', text: string): void => {
    if (stream === 'stdout' && capture !== undefined) capture(text);
    else host.write(stream, text);
  };
  const code = await runShell(command, {
    cwd: process.cwd(),
    ...(shell !== undefined && { shell }),
    shellArguments,
    parameters,
    write(isError, bytes) {
      const stream = isError ? 'stderr' : 'stdout';
      take(stream, decoders[stream].write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
    },
    group: (pid, ended) => host.group(pid, ended),
  });
  for (const stream of ['stdout', 'stderr'] as const) take(stream, decoders[stream].end());
  return code;
}
