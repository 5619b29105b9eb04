import { StringDecoder } from 'node:string_decoder';
import { runShell } from '../back/shell.js';
import type { TypeScript } from '../magics/parse.js';
import type { MagicHost, MimeBundle } from '../magics/types.js';
import { evaluateExpression, type Locals } from './evaluate.js';

/** What shows rich output in the running cell of tslab: its `lastWriteDisplayData`. */
export type WriteDisplayData = (content: object, isUpdate: boolean) => void;

/** A stock tslab kernel as magics see it. */
export class TslabHost implements MagicHost {
  readonly #ts: TypeScript;
  readonly #locals: Locals;
  readonly #show: () => WriteDisplayData | null;
  readonly #groups = new Set<number>();

  constructor(ts: TypeScript, locals: Locals, show: () => WriteDisplayData | null) {
    this.#ts = ts;
    this.#locals = locals;
    this.#show = show;
  }

  /** tslab redirects the streams of the process to the cell that ran last. */
  write(stream: 'stdout' | 'stderr', text: string): void {
    process[stream].write(text);
  }

  display(bundle: MimeBundle): void {
    this.#show()?.({ data: bundle, metadata: {}, transient: {} }, false);
  }

  evaluate(expression: string): Promise<unknown> {
    return evaluateExpression(this.#ts, expression, this.#locals);
  }

  async shell(command: string): Promise<number> {
    const decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
    const code = await runShell(command, {
      cwd: process.cwd(),
      write: (isError, bytes) => {
        const stream = isError ? 'stderr' : 'stdout';
        this.write(stream, decoders[stream].write(Buffer.from(bytes)));
      },
      group: (pid, ended) => {
        if (ended) this.#groups.delete(pid);
        else this.#groups.add(pid);
      },
    });
    for (const stream of ['stdout', 'stderr'] as const) this.write(stream, decoders[stream].end());
    return code;
  }

  /** Ends the commands that run, and what they started; what does not heed the interrupt is killed. */
  interrupt(): void {
    for (const pid of this.#groups) {
      signalGroup(pid, 'SIGINT');
      setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfterMs).unref();
    }
  }
}

/** Programs in the background of a shell ignore interrupts. */
const killAfterMs = 500;

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended in the meantime.
  }
}
