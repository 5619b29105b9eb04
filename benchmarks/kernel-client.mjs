/** Kernels in processes of their own, asked by the Jupyter protocol as a notebook's server asks them. */
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dealer, Subscriber } from 'zeromq';

const root = fileURLToPath(new URL('..', import.meta.url));
const key = 'key of the benchmark';

/** The Python beside `$FLECHE_JUPYTER`, or else python3; `undefined` if it has no ipykernel. */
function pythonWithKernel() {
  const jupyter = process.env.FLECHE_JUPYTER;
  const python = jupyter === undefined ? 'python3' : join(dirname(jupyter), 'python');
  try {
    execFileSync(python, ['-c', 'import ipykernel'], { stdio: 'ignore' });
    return python;
  } catch {
    return undefined;
  }
}

/** What this kernel's kernelspec says. */
function kernelspec() {
  const prefix = mkdtempSync(join(tmpdir(), 'fleche-kernelspec-'));
  try {
    const program = join(root, 'dist/kernel-extension/main.js');
    execFileSync(process.execPath, [program, 'jupyter', 'install', '--prefix', prefix], { stdio: 'ignore' });
    return JSON.parse(readFileSync(join(prefix, 'share/jupyter/kernels/fleche/kernel.json'), 'utf8'));
  } finally {
    rmSync(prefix, { recursive: true });
  }
}

/**
 * The kernels to compare: how Jupyter starts each, given the name of a connection file; `undefined`: not installed.
 */
export function kernelCommands() {
  const python = pythonWithKernel();
  const tslab = join(root, 'node_modules', 'tslab', 'bin', 'tslab');
  const { argv, env } = kernelspec();
  return {
    fleche: (file) => ({ argv: argv.map((word) => (word === '{connection_file}' ? file : word)), env }),
    'stock tslab': existsSync(tslab)
      ? (file) => ({ argv: [process.execPath, tslab, 'kernel', `--config-path=${file}`] })
      : undefined,
    ipykernel: python && ((file) => ({ argv: [python, '-m', 'ipykernel_launcher', '-f', file] })),
  };
}

async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A running kernel and its client. */
export class Kernel {
  #process;
  #folder = mkdtempSync(join(tmpdir(), 'fleche-kernel-benchmark-'));
  #shell = new Dealer({ linger: 0, reconnectInterval: 5, receiveHighWaterMark: 0 });
  #iopub = new Subscriber({ linger: 0, reconnectInterval: 5, receiveHighWaterMark: 0 });
  #waiting = new Map();
  #idle = new Map();

  /** Launches a kernel; it answers as soon as it can. */
  static async launch(command) {
    const kernel = new Kernel();
    await kernel.#start(command);
    return kernel;
  }

  async #start(command) {
    const [shell, iopub, stdin, control, hb] = await freePorts(5);
    const ports = { shell_port: shell, iopub_port: iopub, stdin_port: stdin, control_port: control, hb_port: hb };
    const file = join(this.#folder, 'connection.json');
    const connection = { transport: 'tcp', ip: '127.0.0.1', key, signature_scheme: 'hmac-sha256' };
    writeFileSync(file, JSON.stringify({ ...connection, ...ports }));
    const { argv, env } = command(file);
    const [program, ...args] = argv;
    this.#process = spawn(program, args, { cwd: this.#folder, stdio: 'ignore', env: { ...process.env, ...env } });
    process.once('exit', this.#kill);
    this.#shell.connect(`tcp://127.0.0.1:${shell}`);
    this.#iopub.connect(`tcp://127.0.0.1:${iopub}`);
    this.#iopub.subscribe();
    void this.#listen(this.#shell, ({ parent_header: { msg_id }, content }) => {
      this.#waiting.get(msg_id)?.(content);
      this.#waiting.delete(msg_id);
    });
    void this.#listen(this.#iopub, ({ header, parent_header: { msg_id }, content }) => {
      if (header.msg_type !== 'status' || content.execution_state !== 'idle') return;
      this.#idle.get(msg_id)?.();
      this.#idle.delete(msg_id);
    });
  }

  #kill = () => this.#process.kill('SIGKILL');

  async #listen(socket, take) {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>');
      const [header, parent_header, , content] = frames.slice(start + 2).map((frame) => JSON.parse(frame));
      take({ header, parent_header, content });
    }
  }

  /** Sends a request; gives its reply and when the kernel is idle again. */
  send(msg_type, content) {
    const msg_id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id, msg_type, session: 'benchmark', username: 'benchmark', version: '5.3', date };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac('sha256', key).update(parts.join('')).digest('hex');
    const reply = new Promise((resolve) => this.#waiting.set(msg_id, resolve));
    const idle = new Promise((resolve) => this.#idle.set(msg_id, resolve));
    void this.#shell.send(['<IDS|MSG>', signature, ...parts]);
    return { reply, idle };
  }

  async request(type, content) {
    return await this.send(type, content).reply;
  }

  /** Runs a cell up to its reply, which comes after its result. @throws if it fails. */
  async run(code) {
    const { status, evalue } = await this.request('execute_request', { code, allow_stdin: false });
    if (status !== 'ok') throw new Error(`${code}: ${status} ${evalue}`);
  }

  /** Milliseconds from sending a cell to its reply. */
  async time(code) {
    const begin = performance.now();
    await this.run(code);
    return performance.now() - begin;
  }

  /** Waits until the kernel is heard on iopub. */
  async heard() {
    for (let isHeard = false; !isHeard; ) {
      const { reply, idle } = this.send('kernel_info_request', {});
      await reply;
      const late = new Promise((resolve) => setTimeout(() => resolve(false), 200));
      isHeard = await Promise.race([idle.then(() => true), late]);
    }
  }

  /** Resident memory of the kernel's processes, in MiB; `undefined` where there is no /proc. */
  memory() {
    if (!existsSync('/proc/self/status')) return undefined;
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const found = new Map();
    for (const pid of processes) {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const field = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        found.set(Number(pid), { parent: field('PPid'), kilobytes: field('VmRSS') });
      } catch {
        // it has ended
      }
    }
    const isOwn = (pid) => pid === this.#process.pid || (found.has(pid) && isOwn(found.get(pid).parent));
    return [...found].reduce((sum, [pid, { kilobytes }]) => (isOwn(pid) ? sum + kilobytes / 1024 : sum), 0);
  }

  /** Ends it at once. */
  async stop() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#kill();
    await ended;
    process.off('exit', this.#kill);
    this.#shell.close();
    this.#iopub.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
