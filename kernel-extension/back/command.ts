/** `` await $`ls ${folder}` ``: shell commands as values. */
import { StringDecoder } from 'node:string_decoder';
import { CommandError } from '../magics/command-error.js';
import { shellScript } from '../magics/shell-text.js';
import { runShell } from './shell.js';

/** How a command of {@link Shell} runs. */
export interface CommandOptions {
  /** The folder. @default the current one */
  readonly cwd?: string;
  /** Variables of the environment beside those that there are. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it reads from its standard input. */
  readonly input?: string | Uint8Array;
  /** Whether an exit code that is not 0 is a result, too, and no error. @default false */
  readonly nothrow?: boolean;
}

/** What a command came to. As a text, in a template for instance, it is its `text`. */
export class CommandResult {
  /** All that it wrote to its standard output. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;

  constructor(stdout: string, stderr: string, exitCode: number) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.exitCode = exitCode;
  }

  /** What it wrote to its standard output, without the line break at the end. */
  get text(): string {
    return this.stdout.replace(/\r?\n$/, '');
  }

  /** The lines of that. */
  get lines(): string[] {
    return this.text === '' ? [] : this.text.split(/\r?\n/);
  }

  /** What it wrote to its standard output, read as JSON. @throws SyntaxError if it is none. */
  json(): unknown {
    return JSON.parse(this.stdout);
  }

  toString(): string {
    return this.text;
  }

  [Symbol.iterator](): Iterator<string> {
    return this.lines[Symbol.iterator]();
  }
}

/** Runs shell commands. */
export interface Shell {
  /**
   * Runs a command in `/bin/sh`. A value is one word whatever it holds, a list as many as it has members. Nothing is shown.
   *
   * @throws CommandError, with `exitCode`, `stdout` and `stderr`, if the command ends with an exit code that is not 0.
   */
  (literals: TemplateStringsArray, ...values: readonly unknown[]): Promise<CommandResult>;
  /** The same with options: `` $({ cwd: 'data' })`ls` ``. */
  (options: CommandOptions): (literals: TemplateStringsArray, ...values: readonly unknown[]) => Promise<CommandResult>;
}

/** What a text of V8 holds is limited, and a command that writes this much is better off with a file, in bytes. */
const MOST_BYTES = 1 << 28;

/** Makes a shell whose process groups are told to `group`. */
export function createShell(group: (pid: number, ended: boolean) => void): Shell {
  const run = async (
    literals: readonly string[],
    values: readonly unknown[],
    options: CommandOptions,
  ): Promise<CommandResult> => {
    const { script, parameters, shown } = shellScript(literals, values);
    const texts = { stdout: '', stderr: '' };
    const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
    let bytesLeft = MOST_BYTES;
    let child = 0;
    const { cwd = process.cwd(), env, input, nothrow = false } = options;
    const exitCode = await runShell(script, {
      cwd,
      parameters,
      ...(env !== undefined && { env: { ...process.env, ...env } }),
      ...(input !== undefined && { input }),
      write(isError, bytes) {
        if (bytesLeft < 0) return;
        bytesLeft -= bytes.length;
        if (bytesLeft < 0) endGroup(child);
        const stream = isError ? 'stderr' : 'stdout';
        texts[stream] += decoders[stream].write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
      },
      group(pid, ended) {
        child = pid;
        group(pid, ended);
      },
    });
    const stdout = texts.stdout + decoders.stdout.end();
    const stderr = texts.stderr + decoders.stderr.end();
    if (bytesLeft < 0) {
      throw new RangeError(`${shown}: it wrote more than ${MOST_BYTES / (1 << 20)} MiB; let it write into a file`);
    }
    if (exitCode !== 0 && !nothrow) throw new CommandError(shown, { exitCode, stdout, stderr });
    return new CommandResult(stdout, stderr, exitCode);
  };
  function shell(first: TemplateStringsArray | CommandOptions, ...values: unknown[]): unknown {
    if (isTemplate(first)) return run(textsOf(first), values, {});
    return (literals: TemplateStringsArray, ...more: unknown[]) => run(textsOf(literals), more, first);
  }
  return shell as Shell;
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in the meantime.
  }
}

function isTemplate(first: unknown): first is TemplateStringsArray {
  if (Array.isArray(first) && 'raw' in first) return true;
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) return false;
  throw new TypeError('write a command as a template, $`ls`, or options before one, $({ cwd })`ls`');
}

/** As written, backslashes being the shell's, but for those that a template needs before a backtick and `${`. */
function textsOf({ raw }: TemplateStringsArray): string[] {
  return raw.map((text) => text.replace(/\\(`|\$(?=\{))|\\./gs, (pair, sign?: string) => sign ?? pair));
}
