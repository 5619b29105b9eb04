/** The execute requests: one runs at a time, in the order in which they came. */
import { stripVTControlCharacters } from 'node:util';
import { runPieces } from '../magics/pieces.js';
import type { CellSource, MimeBundle } from '../magics/types.js';
import type { CellOutcome, ErrorReport, ToBack, ToFront } from '../shared/messages.js';
import { isErrorReport } from '../shared/messages.js';
import type { Checker } from './checker.js';
import type { History } from './history.js';
import type { Interrupter } from './interrupter.js';
import type { Content, Header, Message, Route } from './protocol-messages.js';

/** Content of an `execute_request`, as far as it counts. */
interface ExecuteRequest {
  readonly code: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly user_expressions?: Readonly<Record<string, string>>;
  readonly allow_stdin?: boolean;
  readonly stop_on_error?: boolean;
}

/** Sends a reply to a request. */
export type Reply = (content: Content) => void;

interface Waiting {
  readonly request: ExecuteRequest;
  readonly header: Header;
  readonly route: Route;
  readonly reply: Reply;
  /** The epoch in which it came. */
  readonly epoch: number;
}

/** A cell that runs. */
interface Running {
  readonly header: Header;
  readonly route: Route;
  readonly cell: number;
  readonly isSilent: boolean;
  resolve: (outcome: CellOutcome) => void;
}

/** What executions need. */
export interface ExecutionParts {
  readonly checker: Checker;
  readonly history: History;
  readonly interrupter: Interrupter;
  publish(type: string, content: Content, parent: Header | undefined): void;
  toBack(message: ToBack): void;
}

/**
 * An interrupt that comes this much before its cell, in milliseconds, still stops it: they travel on two sockets. Their dates
 * tell which was sent first; long after, a clock may have been set.
 */
const OVERTAKEN_MS = 10_000;
const INTERRUPTED: ErrorReport = {
  ename: 'InterruptError',
  evalue: 'interrupted',
  traceback: ['InterruptError: interrupted'],
};

/** Runs cells. */
export class Executions {
  /** The execution count. */
  count = 0;
  readonly #parts: ExecutionParts;
  readonly #queue: Waiting[] = [];
  /** The requests that cells came with, for output that comes late. `undefined`: a silent one. */
  readonly #parents = new Map<number, Header | undefined>();
  readonly #evaluations = new Map<number, (result: MimeBundle | ErrorReport) => void>();
  #running: Running | undefined;
  #isWorking = false;
  #cells = 0;
  #questions = 0;
  /** Raised by a failing cell: what came before that is aborted. */
  #epoch = 0;
  #overtaken: { readonly header: Header; readonly at: number } | undefined;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
  }

  /** The request of the cell that runs. */
  get running(): { readonly header: Header; readonly route: Route; readonly cell: number } | undefined {
    return this.#running;
  }

  /** The request that output of a cell belongs to; `null`: to be thrown away. */
  parentOf(cell: number): Header | undefined | null {
    if (!this.#parents.has(cell)) return undefined;
    return this.#parents.get(cell) ?? null;
  }

  /** Takes an execute request. */
  add({ header, content }: Message, route: Route, reply: Reply): void {
    const request = { ...content, code: String(content.code ?? '') } as ExecuteRequest;
    this.#queue.push({ request, header, route, reply, epoch: this.#epoch });
    void this.#work();
  }

  /** Interrupts the cell that an interrupt request was meant for. */
  interrupt(header: Header): void {
    const running = this.#running;
    if (running === undefined) this.#overtaken = { header, at: performance.now() };
    else if (!isLater(running.header, header)) this.#parts.interrupter.interrupt(running.cell);
  }

  /** Takes what the back tells about cells and expressions. */
  fromBack(message: Extract<ToFront, { op: 'done' | 'evaluated' }>): void {
    if (message.op === 'done') {
      if (this.#running?.cell === message.cell) this.#running.resolve(message.outcome);
    } else {
      this.#evaluations.get(message.id)?.(message.result);
      this.#evaluations.delete(message.id);
    }
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) await this.#execute(next);
    this.#isWorking = false;
  }

  async #execute({ request, header, route, reply, epoch }: Waiting): Promise<void> {
    const { publish, interrupter, history } = this.#parts;
    const cell = ++this.#cells;
    const isSilent = request.silent === true;
    const isStored = !isSilent && request.store_history !== false;
    this.#running = { header, route, cell, isSilent, resolve: () => {} };
    this.#parents.set(cell, isSilent ? undefined : header);
    publish('status', { execution_state: 'busy' }, header);
    try {
      if (epoch < this.#epoch) {
        reply({ status: 'aborted' });
        return;
      }
      if (isStored) {
        this.count++;
        history.add(this.count, request.code);
      }
      const execution_count = this.count;
      if (!isSilent) publish('execute_input', { code: request.code, execution_count }, header);
      const name = isStored ? `cell_${this.count}.ts` : `cell_${this.count}_${cell}.ts`;
      const outcome = await this.#inPieces(this.#running, request, name);
      const expressions = outcome.error ? {} : await this.#expressions(cell, request.user_expressions ?? {});
      if (!isSilent && outcome.error) publish('error', { ...outcome.error }, header);
      else if (!isSilent && outcome.data) {
        if (isStored) history.answer(stripVTControlCharacters(outcome.data['text/plain']));
        publish('execute_result', { execution_count, data: outcome.data, metadata: {} }, header);
      }
      if (outcome.error && request.stop_on_error !== false) await this.#abortWaiting();
      const rest = outcome.error ? outcome.error : { payload: payloadOf(outcome), user_expressions: expressions };
      reply({ status: outcome.error ? 'error' : 'ok', execution_count, ...rest });
    } finally {
      this.#running = undefined;
      interrupter.ended(cell);
      publish('status', { execution_state: 'idle' }, header);
    }
  }

  /** Runs a cell, and between its magics and its statements the cells that magics include. */
  async #inPieces(running: Running, { code, allow_stdin }: ExecuteRequest, name: string): Promise<CellOutcome> {
    const ended = (outcome: CellOutcome): PieceOutcome => ({
      outcome,
      include: outcome.wishes?.include ?? [],
      hasFailed: outcome.error !== undefined,
    });
    const failed = (problem: string): PieceOutcome => {
      const error = { ename: 'MagicError', evalue: problem, traceback: [`MagicError: ${problem}`] };
      return ended({ finished: false, assigned: [], error });
    };
    const { outcome } = await runPieces(
      { name, source: code },
      ({ source }) => this.#parts.checker.pieces(source),
      async (piece) => ended(await this.#outcome(running, piece, allow_stdin === true)),
      failed,
    );
    return outcome;
  }

  async #outcome(running: Running, { name, source: code }: CellSource, allowStdin: boolean): Promise<CellOutcome> {
    const { checker, toBack } = this.#parts;
    let runnable: ReturnType<Checker['convert']>;
    try {
      runnable = checker.convert(code, name);
    } catch (error) {
      // A flaw of the kernel must not leave a cell without an answer.
      const { message, stack } = error as Error;
      runnable = {
        ename: 'KernelError',
        evalue: `the cell could not be compiled: ${message}`,
        traceback: [String(stack)],
      };
    }
    const failed = (error: ErrorReport): CellOutcome => ({ finished: false, assigned: [], error });
    if (this.#wasOvertaken(running.header)) return failed(INTERRUPTED);
    if (isErrorReport(runnable)) return failed(runnable);
    const ended = new Promise<CellOutcome>((resolve) => {
      running.resolve = resolve;
    });
    toBack({ op: 'run', cell: running.cell, runnable, allowStdin });
    const outcome = await ended;
    checker.commit(outcome.assigned, outcome.finished);
    return outcome;
  }

  /** Requests that were sent before the failure are taken in first; those are aborted, the next one sent runs. */
  async #abortWaiting(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
    this.#epoch++;
  }

  async #expressions(cell: number, expressions: Readonly<Record<string, string>>): Promise<Content> {
    const results: Record<string, Content> = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const code = this.#parts.checker.expression(expression, []);
      const result = isErrorReport(code) ? code : await this.#evaluate(cell, code);
      results[name] = isErrorReport(result)
        ? { status: 'error', ...result }
        : { status: 'ok', data: result, metadata: {} };
    }
    return results;
  }

  #evaluate(cell: number, code: Extract<ToBack, { op: 'evaluate' }>['code']): Promise<MimeBundle | ErrorReport> {
    const id = ++this.#questions;
    const result = new Promise<MimeBundle | ErrorReport>((resolve) => this.#evaluations.set(id, resolve));
    this.#parts.toBack({ op: 'evaluate', id, cell, code });
    return result;
  }

  #wasOvertaken(header: Header): boolean {
    const overtaken = this.#overtaken;
    this.#overtaken = undefined;
    if (overtaken === undefined || performance.now() - overtaken.at > OVERTAKEN_MS) return false;
    // Some clients tell milliseconds only: a cell of the same one was most likely sent once the interrupt was answered.
    return isLater(overtaken.header, header);
  }
}

interface PieceOutcome {
  readonly outcome: CellOutcome;
  readonly include: readonly CellSource[];
  readonly hasFailed: boolean;
}

/** What a front end is to do once a cell has run. */
function payloadOf({ wishes }: CellOutcome): Content[] {
  if (wishes?.nextInput === undefined) return [];
  return [{ source: 'set_next_input', text: wishes.nextInput, replace: true }];
}

/** Whether `a` was sent after `b`; known within one session only, for another client has another clock. */
function isLater(a: Header, b: Header): boolean {
  return a.session === b.session && a.date > b.date;
}
