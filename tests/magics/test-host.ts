import { spawn } from 'node:child_process';
import vm from 'node:vm';
import type { MagicHost, MagicLine, MimeBundle } from '../../kernel-extension/magics/types.js';

/** A host that keeps what magics write and show, evaluates over `names` and runs real commands. */
export class TestHost implements MagicHost {
  stdout = '';
  stderr = '';
  readonly shown: MimeBundle[] = [];
  readonly names: Record<string, unknown>;

  constructor(names: Record<string, unknown> = {}) {
    this.names = names;
  }

  write(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
  }

  display(bundle: MimeBundle): void {
    this.shown.push(bundle);
  }

  async evaluate(expression: string): Promise<unknown> {
    return vm.runInNewContext(expression, this.names);
  }

  shell(command: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn('/bin/sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.setEncoding('utf8').on('data', (text: string) => this.write('stdout', text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => this.write('stderr', text));
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
  }
}

/** A line as the parser would give it: `%fleche ls`, `%%fleche void`, `!ls`. */
export function lineOf(text: string): MagicLine {
  const signs = /^(?:%%?|!)/.exec(text)?.[0] ?? '';
  return { kind: signs === '!' ? 'shell' : 'line', start: 0, end: text.length, text: text.slice(signs.length) };
}
