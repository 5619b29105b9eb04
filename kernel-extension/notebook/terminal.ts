/** What `fleche run` prints: progress on stderr, the cells' outputs on stdout. */
import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import type { Output } from './nbformat.js';

/** Prints from a worker, whose own streams would go through the main thread. */
export class Terminal {
  /** A cell begins. */
  begin(number: number, total: number, source: string): void {
    const line = source.trim().split('\n')[0] as string;
    this.#print(2, `[${number}/${total}] ${line.length > 80 ? `${line.slice(0, 79)}…` : line}\n`);
  }

  /** A cell shows something. */
  output(output: Output): void {
    if (output.output_type === 'stream') {
      this.#print(output.name === 'stderr' ? 2 : 1, output.text as string);
    } else if (output.output_type === 'error') this.#print(2, `${output.traceback.join('\n')}\n`);
    else {
      const text = withLineEnd(String(output.data['text/plain'] ?? `<${Object.keys(output.data).join(', ')}>`));
      this.#print(1, isatty(1) ? text : stripVTControlCharacters(text));
    }
  }

  /** A cell failed and ends the run. */
  failed(file: string, number: number): void {
    this.#print(2, `${file}: code cell ${number} failed\n`);
  }

  /** All cells have run. */
  end(total: number, failed: number): void {
    this.#print(2, `${total} code cells ran${failed > 0 ? `, ${failed} of them failed` : ''}\n`);
  }

  /** The executed notebook has been written. */
  wrote(file: string): void {
    this.#print(2, `wrote ${file}\n`);
  }

  /** The notebook cannot be run. */
  problem(text: string): void {
    this.#print(2, `${text}\n`);
  }

  #print(descriptor: 1 | 2, text: string): void {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) {
      try {
        at += writeSync(descriptor, bytes, at);
      } catch (error) {
        const { code } = error as { code?: string };
        // A reader that has gone away (`| head`) is no reason to stop the cells; a slow one is waited for.
        if (code !== 'EAGAIN') return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
      }
    }
  }
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
