/** The global `prompt`, `confirm` and `alert`: they ask the user and wait for the answer. */
import { Prompt, type SharedMemory, Word } from '../shared/memory.js';
import type { Connection } from './connection.js';
import { InterruptError, type Interrupts } from './interrupts.js';
import type { CellContext } from './output.js';

/** What dialogs need of the kernel. */
export interface DialogParts {
  readonly memory: SharedMemory;
  readonly connection: Connection;
  readonly context: CellContext;
  readonly interrupts: Interrupts;
}

/** Installs the dialogs. The result tells whether a user can answer; where nobody can, `alert` prints and
 * the others throw. */
export function installDialogs({ memory, connection, context, interrupts }: DialogParts): (isAllowed: boolean) => void {
  const { words, answer } = memory;
  let isAllowed = false;

  function ask(name: string, prompt: string): string {
    if (!isAllowed) throw new Error(`nobody can answer a ${name} here`);
    const cell = context.current();
    Atomics.store(words, Word.prompt, Prompt.waiting);
    // The front looks at the prompt after it has asked for an interrupt: one of the two sees the other.
    if (interrupts.take(cell)) throw new InterruptError();
    connection.send({ op: 'input', cell, prompt });
    Atomics.wait(words, Word.prompt, Prompt.waiting);
    if (Atomics.load(words, Word.prompt) === Prompt.interrupted) {
      interrupts.take(Atomics.load(words, Word.interrupt));
      throw new InterruptError();
    }
    const length = Atomics.load(words, Word.answerLength);
    if (length < 0) throw new RangeError(`the answer to a ${name} may have ${answer.length} bytes at most`);
    return answer.toString('utf8', 0, length);
  }

  Object.assign(globalThis, {
    prompt: (message = '', initial = '') => ask('prompt', String(message)) || String(initial),
    confirm: (message = '') => /^y(es)?$/i.test(ask('confirm', `${message} [y/N] `).trim()),
    alert: (message = '') => {
      if (isAllowed) ask('alert', `${message} [Enter] `);
      else process.stdout.write(`${message}\n`);
    },
  });
  return (allowed) => {
    isAllowed = allowed;
  };
}
