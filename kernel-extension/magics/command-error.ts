/** A shell command that has failed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** What the command ended with; 128 and the signal's number if a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;

  constructor(
    command: string,
    { exitCode, stdout = '', stderr = '' }: { exitCode: number; stdout?: string; stderr?: string },
  ) {
    const said = stderr.trim().split('\n').slice(-20).join('\n');
    super(`${command}: exit code ${exitCode}${said === '' ? '' : `\n${said}`}`);
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}
