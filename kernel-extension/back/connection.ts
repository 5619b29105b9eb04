/** The back's end of what connects the two threads. */
import type { MessagePort } from 'node:worker_threads';
import { awaitRoom } from '../shared/congestion.js';
import { type SharedMemory, Word } from '../shared/memory.js';
import type { CompiledCode, Envelope, ErrorReport, Question, Questions, ToBack, ToFront } from '../shared/messages.js';
import { isErrorReport } from '../shared/messages.js';
import { type RingWriter, ringWriter } from '../shared/ring.js';
import { ReportedError } from './tracebacks.js';

/** Sends to the front, and asks it to compile. */
export class Connection {
  readonly ring: RingWriter;
  readonly #port: MessagePort;
  readonly #memory: SharedMemory;
  readonly #waiting = new Map<number, (code: CompiledCode | ErrorReport) => void>();
  readonly #asking = new Map<number, (message: Extract<ToBack, { op: 'answer' }>) => void>();
  #questions = 0;

  constructor(port: MessagePort, memory: SharedMemory) {
    this.#port = port;
    this.#memory = memory;
    this.ring = ringWriter(memory, () => port.postMessage('wake' satisfies Envelope));
  }

  /** Sends a message; what has been written before is shown before, and what is written after it is shown after it. */
  send(message: ToFront): void {
    const { words } = this.#memory;
    if (message.op === 'display' || message.op === 'clear') awaitRoom(this.#memory);
    const number = Atomics.load(words, Word.sent) + 1;
    this.#port.postMessage({ at: this.ring.position(), number, message } satisfies Envelope);
    // Not before: the front waits for what counts as sent, and an interrupt may break this off anywhere.
    Atomics.store(words, Word.sent, number);
  }

  /** Compiles an expression. @throws ReportedError if it has type errors. */
  async compile(expression: string, assigned: readonly string[]): Promise<CompiledCode> {
    const id = ++this.#questions;
    const answer = new Promise<CompiledCode | ErrorReport>((resolve) => this.#waiting.set(id, resolve));
    this.send({ op: 'compile', id, expression, assigned });
    const code = await answer;
    if (isErrorReport(code)) throw new ReportedError(code);
    return code;
  }

  /** Asks the front something else. @throws ReportedError if it cannot answer. */
  async ask<K extends keyof Questions>(kind: K, asked: Questions[K]['asked']): Promise<Questions[K]['answer']> {
    const id = ++this.#questions;
    const reply = new Promise<Extract<ToBack, { op: 'answer' }>>((resolve) => this.#asking.set(id, resolve));
    this.send({ op: 'ask', id, question: { kind, ...asked } as Question });
    const { answer, error } = await reply;
    if (error !== undefined) throw new ReportedError(error);
    return answer as Questions[K]['answer'];
  }

  /** Takes the answer to that. */
  replied(message: Extract<ToBack, { op: 'answer' }>): void {
    this.#asking.get(message.id)?.(message);
    this.#asking.delete(message.id);
  }

  /** Takes compiled code. */
  answered({ id, code }: Extract<ToBack, { op: 'compiled' }>): void {
    this.#waiting.get(id)?.(code);
    this.#waiting.delete(id);
  }
}
