/** The Jupyter protocol of the kernel: everything that a client can ask. It knows no sockets. */
import { packageVersion } from '../shared/installation.js';
import type { ToBack, ToFront } from '../shared/messages.js';
import type { Checker } from './checker.js';
import { Executions } from './executions.js';
import { History, type HistoryRequest } from './history.js';
import type { Interrupter } from './interrupter.js';
import { toPoints, toUnits } from './positions.js';
import {
  type Channel,
  type Content,
  type Header,
  type Message,
  messageFactory,
  PROTOCOL_VERSION,
  type Route,
  type Transport,
} from './protocol-messages.js';
import { Streams } from './streams.js';

/** What the protocol needs. */
export interface ProtocolParts {
  readonly transport: Transport;
  readonly checker: Checker;
  readonly interrupter: Interrupter;
  readonly typescriptVersion: string;
  toBack(message: ToBack): void;
  /** Hands over the answer to a prompt. */
  answerPrompt(text: string): void;
  /** Ends the kernel. */
  stop(): void;
}

interface CodeRequest {
  readonly code: string;
  readonly cursor_pos: number;
}

/** What a notebook file records about the language of its cells. */
export function languageInfo(typescriptVersion: string): Content {
  return {
    name: 'typescript',
    version: typescriptVersion,
    mimetype: 'text/typescript',
    file_extension: '.ts',
    codemirror_mode: 'typescript',
    pygments_lexer: 'typescript',
    nbconvert_exporter: 'script',
  };
}

/** Speaks with clients over a transport. */
export class Protocol {
  readonly #parts: ProtocolParts;
  readonly #message = messageFactory();
  /** The inputs of the session. */
  readonly history: History = new History();
  readonly #streams = new Streams((type, content, parent) => this.#send(type, content, parent));
  readonly #executions: Executions;
  /** Whether a client has been asked for input and has not answered. */
  #asksInput = false;
  #hasSubscribers = false;

  constructor(parts: ProtocolParts) {
    this.#parts = parts;
    const { checker, interrupter, toBack } = parts;
    const publish = (type: string, content: Content, parent: Header | undefined): void =>
      this.publish(type, content, parent);
    this.#executions = new Executions({ checker, history: this.history, interrupter, publish, toBack });
  }

  /** The cell that runs, if one does. */
  get runningCell(): number | undefined {
    return this.#executions.running?.cell;
  }

  /** Publishes on iopub, after the text that was written before. */
  publish(type: string, content: Content, parent: Header | undefined): void {
    this.#streams.flush();
    this.#send(type, content, parent);
  }

  /** Sends what has been gathered. */
  flush(): void {
    this.#streams.flush();
  }

  /** Takes output of a cell. */
  output(cell: number, isError: boolean, bytes: Uint8Array): void {
    const parent = this.#executions.parentOf(cell);
    if (parent !== null) this.#streams.bytes(cell, isError, bytes, parent);
  }

  /** Takes a message of the back. */
  fromBack(message: Extract<ToFront, { op: 'done' | 'evaluated' | 'display' | 'clear' | 'input' }>): void {
    if (message.op === 'done') {
      const parent = this.#executions.parentOf(message.cell);
      if (parent !== null) this.#streams.ended(message.cell, parent);
    }
    if (message.op === 'done' || message.op === 'evaluated') this.#executions.fromBack(message);
    else if (message.op === 'display') {
      const parent = this.#executions.parentOf(message.cell);
      if (parent === null) return;
      const transient = message.displayId === undefined ? {} : { display_id: message.displayId };
      const content = { data: message.data, metadata: {}, transient };
      if (message.isUpdate) this.#streams.update(message.displayId ?? '', content, parent);
      else this.publish('display_data', content, parent);
    } else if (message.op === 'clear') {
      const parent = this.#executions.parentOf(message.cell);
      if (parent === null) return;
      this.publish('clear_output', { wait: message.wait }, parent);
      this.#streams.cleared(message.cell);
    } else {
      const parent = this.#executions.parentOf(message.cell) ?? undefined;
      const route = this.#executions.running?.route ?? [];
      this.#asksInput = true;
      this.#streams.flush();
      const content = { prompt: message.prompt, password: false };
      this.#parts.transport.send('stdin', this.#message('input_request', content, parent), route);
    }
  }

  /** Tells a new subscriber that it is one: https://jupyter.org/enhancement-proposals/65-jupyter-xpub. */
  subscribed(subscription: string): void {
    this.publish('iopub_welcome', { subscription }, undefined);
    // Nobody could have heard it before.
    if (!this.#hasSubscribers) this.publish('status', { execution_state: 'starting' }, undefined);
    this.#hasSubscribers = true;
  }

  /** Takes a message of a client. */
  receive(channel: Channel, message: Message, route: Route): void {
    const { header, content } = message;
    const type = header.msg_type;
    const reply = (body: Content): void => {
      this.#streams.flush();
      const answer = this.#message(type.replace(/_request$/, '_reply'), { status: 'ok', ...body }, header);
      this.#parts.transport.send(channel, answer, route);
    };
    if (type === 'input_reply') {
      // An answer names no request: one that comes while nothing is asked belongs to a prompt that was interrupted.
      if (this.#asksInput) this.#parts.answerPrompt(String(content.value ?? ''));
      this.#asksInput = false;
      return;
    }
    if (type === 'execute_request') {
      this.#executions.add(message, route, reply);
      return;
    }
    this.publish('status', { execution_state: 'busy' }, header);
    try {
      this.#answer(type, content, header, reply);
    } catch (error) {
      const { name, message: evalue, stack } = error as Error;
      if (type.endsWith('_request')) reply({ status: 'error', ename: name, evalue, traceback: [String(stack)] });
    }
    this.publish('status', { execution_state: 'idle' }, header);
    // The side request is done, but a cell is still at work.
    const running = this.#executions.running;
    if (running) this.publish('status', { execution_state: 'busy' }, running.header);
  }

  #answer(type: string, content: Content, header: Header, reply: (body: Content) => void): void {
    const { checker } = this.#parts;
    switch (type) {
      case 'kernel_info_request':
        reply(this.#kernelInfo());
        break;
      case 'complete_request': {
        const { code, cursor_pos } = content as unknown as CodeRequest;
        const { start, end, matches } = checker.complete(code, toUnits(code, cursor_pos));
        reply({ matches, cursor_start: toPoints(code, start), cursor_end: toPoints(code, end), metadata: {} });
        break;
      }
      case 'inspect_request': {
        const { code, cursor_pos } = content as unknown as CodeRequest;
        const data = checker.inspect(code, toUnits(code, cursor_pos));
        reply({ found: data !== undefined, data: data ?? {}, metadata: {} });
        break;
      }
      case 'is_complete_request':
        reply({ ...checker.completeness((content as unknown as CodeRequest).code) });
        break;
      case 'history_request':
        reply({ history: this.history.select(content as HistoryRequest) });
        break;
      case 'comm_info_request':
        reply({ comms: {} });
        break;
      case 'comm_open':
        // The kernel has no targets.
        this.publish('comm_close', { comm_id: content.comm_id, data: {} }, header);
        break;
      case 'interrupt_request':
        this.#asksInput = false;
        this.#executions.interrupt(header);
        reply({});
        break;
      case 'shutdown_request':
        reply({ restart: content.restart === true });
        // The other clients are told as well.
        this.publish('shutdown_reply', { status: 'ok', restart: content.restart === true }, header);
        this.#parts.stop();
        break;
      default: // not answered, as the protocol says of what a kernel does not know
    }
  }

  #kernelInfo(): Content {
    const { typescriptVersion } = this.#parts;
    return {
      protocol_version: PROTOCOL_VERSION,
      implementation: 'fleche',
      implementation_version: packageVersion,
      language_info: languageInfo(typescriptVersion),
      banner: `TypeScript ${typescriptVersion} on Node.js ${process.versions.node}, with fleche ${packageVersion}`,
      help_links: [{ text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' }],
      debugger: false,
      supported_features: [],
    };
  }

  #send(type: string, content: Content, parent: Header | undefined): void {
    this.#parts.transport.send('iopub', this.#message(type, content, parent), []);
  }
}
