import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Dealer, Subscriber } from 'zeromq';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const key = 'key of the test';

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
}

/** An unmodified tslab kernel in a folder of its own, where fleche is installed, asked by the Jupyter protocol. */
export class StockKernel {
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #shell = new Dealer({ linger: 0 });
  readonly #iopub = new Subscriber({ linger: 0 });

  private constructor(folder: string) {
    this.folder = folder;
    const connection = { transport: 'ipc', ip: join(folder, '.k'), key, signature_scheme: 'hmac-sha256' };
    const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
    const file = join(folder, '.connection.json');
    writeFileSync(file, JSON.stringify({ ...connection, ...ports }));
    const tslab = join(repository, 'node_modules/tslab/bin/tslab');
    this.#process = spawn(process.execPath, [tslab, 'kernel', '--config-path', file], { cwd: folder, stdio: 'ignore' });
    process.once('exit', () => this.#process.kill('SIGKILL'));
  }

  /** Starts a kernel and waits until it answers and is heard. */
  static async start(): Promise<StockKernel> {
    const folder = mkdtempSync(join(tmpdir(), 'fleche-tslab-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(repository, join(folder, 'node_modules/fleche'));
    symlinkSync(join(repository, 'node_modules/@types'), join(folder, 'node_modules/@types'));
    const kernel = new StockKernel(folder);
    const [shell, iopub] = [join(folder, '.k:1'), join(folder, '.k:2')];
    // The heartbeat's socket is bound last: then all the others listen.
    while (!existsSync(join(folder, '.k:5'))) await sleep(20);
    kernel.#shell.connect(`ipc://${shell}`);
    kernel.#iopub.connect(`ipc://${iopub}`);
    kernel.#iopub.subscribe();
    // What is published before the subscription has arrived is lost: ask until something is heard.
    let heard = false;
    const first = kernel.#iopub.receive().then(() => {
      heard = true;
    });
    while (!heard) await kernel.request('kernel_info_request', {});
    await first;
    return kernel;
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
    for (;;) {
      const message = read(await this.#iopub.receive());
      if (message.parent_header.msg_id !== parent_header.msg_id) continue;
      const { msg_type } = message.header;
      if (msg_type === 'stream') text[message.content.name as 'stdout' | 'stderr'] += message.content.text;
      if (msg_type === 'display_data') displays.push(message.content.data as Record<string, string>);
      if (msg_type === 'status' && message.content.execution_state === 'idle') break;
    }
    return { status: String(content.status), ...text, displays };
  }

  /** Interrupts the kernel as Jupyter does. */
  interrupt(): void {
    this.#process.kill('SIGINT');
  }

  stop(): void {
    this.#process.kill('SIGKILL');
    this.#shell.close();
    this.#iopub.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #ask(type: string, content: object): Promise<Message> {
    const id = randomUUID();
    const header = { msg_id: id, msg_type: type, session: 'test', username: 'test', version: '5.3', date: '' };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac('sha256', key).update(parts.join('')).digest('hex');
    await this.#shell.send(['<IDS|MSG>', signature, ...parts]);
    for (;;) {
      const reply = read(await this.#shell.receive());
      if (reply.parent_header.msg_id === id) return reply;
    }
  }
}

function read(frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>');
  const [header, parent, , content] = frames.slice(start + 2).map((frame) => JSON.parse(frame.toString()));
  return { header, parent_header: parent, content };
}
