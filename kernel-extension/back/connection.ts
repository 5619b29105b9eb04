/** The back's end of what connects the two threads. */
import type { MessagePort } from 'node:worker_threads';
import { awaitRoom } from '../shared/congestion.js';
import type { SharedMemory } from '../shared/memory.js';
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

  /** Sends a message; what has been written before is shown before. */
  send(message: ToFront): void {
    if (message.op === 'display') awaitRoom(this.#memory);
    this.#port.postMessage({ at: this.ring.position(), message } satisfies Envelope);
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
