/** A kernel in a process of its own, asked by the Jupyter protocol over real sockets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';

const key = 'key of the test';
/** How long an answer is waited for while the kernel starts, in milliseconds. */
const ASK_AGAIN_MS = 1000;

interface Message {
  readonly header: { readonly msg_type: string; readonly msg_id: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, unknown>>;
}

/** What a cell came to. */
export interface Outcome {
  readonly status: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly displays: readonly Readonly<Record<string, string>>[];
  /** The text of the cell's value. */
  readonly value: string | undefined;
  readonly payload: readonly unknown[];
}

/** A running kernel and its client. */
export class LiveKernel {
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #shell = new Dealer({ linger: 0 });
  readonly #control = new Dealer({ linger: 0 });
  readonly #iopub = new Subscriber({ linger: 0 });

  readonly #joint: ':' | '-';
  readonly #waiting = new Map<string, (reply: Message) => void>();

  /**
   * Starts the program of a kernel in a folder of its own, which is removed at the end. See {@link ready}.
   *
   * @param joint What stands between folder and port in the names of sockets: `-` for Jupyter, `:` for tslab.
   */
  constructor(folder: string, command: (connectionFile: string) => readonly string[], joint: ':' | '-' = '-') {
    this.folder = folder;
    this.#joint = joint;
    const connection = { transport: 'ipc', ip: join(folder, '.k'), key, signature_scheme: 'hmac-sha256' };
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    const file = join(folder, '.connection.json');
    writeFileSync(file, JSON.stringify({ ...connection, ...ports }));
    this.#process = spawn(process.execPath, command(file), {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, NO_COLOR: '1' },
    });
    process.once('exit', () => this.#process.kill('SIGKILL'));
  }

  /** Waits until the kernel answers and is heard. */
  async ready(): Promise<void> {
    const [shell, iopub, , control] = [1, 2, 3, 4, 5].map((port) => join(this.folder, `.k${this.#joint}${port}`));
    for (const socket of [shell, iopub, control] as string[]) while (!existsSync(socket)) await sleep(20);
    this.#shell.connect(`ipc://${shell}`);
    this.#control.connect(`ipc://${control}`);
    this.#iopub.connect(`ipc://${iopub}`);
    this.#iopub.subscribe();
    void this.#listen(this.#shell);
    void this.#listen(this.#control);
    // What is published before the subscription has arrived is lost: ask until something is heard.
    let heard = false;
    const first = this.#iopub.receive().then(() => {
      heard = true;
    });
    // As Jupyter's own clients do, not relying on one answer: of sockets in a process that is busy some wait for ever.
    while (!heard) await Promise.race([this.request('kernel_info_request', {}), sleep(ASK_AGAIN_MS)]);
    await first;
  }

  /** Sends a request and gives the content of its reply. */
  async request(type: string, content: object): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#ask(type, content)).content;
  }

  /** Runs a cell. tslab aborts what comes within 200 ms after an error: it is sent again, as a user would. */
  async run(code: string): Promise<Outcome> {
    for (;;) {
      const outcome = await this.#runOnce(code);
      if (outcome.status !== 'abort') return outcome;
      await sleep(50);
    }
  }

  /** Gathers what a cell shows until the kernel is idle again. */
  async #runOnce(code: string): Promise<Outcome> {
    const { parent_header, content } = await this.#ask('execute_request', { code, silent: false });
    const text = { stdout: '', stderr: '' };
    const displays: Record<string, string>[] = [];
    let value: string | undefined;
    for (;;) {
      const message = read(await this.#iopub.receive());
      if (message.parent_header.msg_id !== parent_header.msg_id) continue;
      const { msg_type } = message.header;
      if (msg_type === 'stream') text[message.content.name as 'stdout' | 'stderr'] += message.content.text;
      if (msg_type === 'display_data') displays.push(message.content.data as Record<string, string>);
      if (msg_type === 'execute_result') value = (message.content.data as Record<string, string>)['text/plain'];
      if (msg_type === 'status' && message.content.execution_state === 'idle') break;
    }
    const payload = (content.payload ?? []) as readonly unknown[];
    return { status: String(content.status), ...text, displays, value, payload };
  }

  /** Completions where the text has a `|`: the words, and the text that they take the place of. */
  async completions(marked: string): Promise<{ words: readonly string[]; replaced: string }> {
    const { code, cursor_pos } = positionOf(marked);
    const reply = await this.request('complete_request', { code, cursor_pos });
    const [start, end] = [reply.cursor_start, reply.cursor_end] as [number, number];
    return { words: reply.matches as string[], replaced: [...code].slice(start, end).join('') };
  }

  /** What the kernel says about the place where the text has a `|`, by MIME type. */
  async inspection(marked: string): Promise<Readonly<Record<string, string>>> {
    const reply = await this.request('inspect_request', positionOf(marked));
    return reply.data as Record<string, string>;
  }

  /** Sends the process a signal. */
  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }

  /** Interrupts the kernel by a message, and waits for its answer. */
  async interrupt(): Promise<void> {
    await this.#ask('interrupt_request', {}, this.#control);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
    this.#shell.close();
    this.#control.close();
    this.#iopub.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ask(type: string, content: object, socket = this.#shell): Promise<Message> {
    const id = randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: 'test',
      username: 'test',
      version: '5.3',
      date: new Date().toISOString(),
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac('sha256', key).update(parts.join('')).digest('hex');
    const reply = new Promise<Message>((resolve) => this.#waiting.set(id, resolve));
    await socket.send(['<IDS|MSG>', signature, ...parts]);
    return reply;
  }

  /** Gives each reply to whoever has asked, until the socket is closed. */
  async #listen(socket: Dealer): Promise<void> {
    for await (const frames of socket) {
      const message = read(frames);
      const id = message.parent_header.msg_id ?? '';
      this.#waiting.get(id)?.(message);
      this.#waiting.delete(id);
    }
  }
}

function positionOf(marked: string): { readonly code: string; readonly cursor_pos: number } {
  const [before, after] = marked.split('|') as [string, string];
  return { code: before + after, cursor_pos: [...before].length };
}

function read(frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>');
  const [header, parent, , content] = frames.slice(start + 2).map((frame) => JSON.parse(frame.toString()));
  return { header, parent_header: parent, content };
}
