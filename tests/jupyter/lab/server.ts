/** A JupyterLab of its own: settings, data and kernels under one new folder, nothing of the machine's. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jupyterProgram, PROGRAM } from './environment.js';

const TOKEN = 'test';
const START_MS = 60_000;
const STOP_MS = 10_000;

/** What would make two runs differ: news, autosaving, cells that are drawn only when they are seen. */
const SETTINGS = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
  '@jupyterlab/notebook-extension:tracker': { windowingMode: 'none' },
  '@jupyterlab/completer-extension:manager': { autoCompletion: false },
  '@jupyterlab/docmanager-extension:plugin': { autosave: false },
};

/** A running server. */
export interface Lab {
  /** The folder that it shows. */
  readonly folder: string;
  /** The environment in which other programs of Jupyter find the same kernels. */
  readonly environment: NodeJS.ProcessEnv;
  /** The address at which a file of the folder is open, in a workspace without any other. */
  address(file: string): string;
  /** Ends the server and its kernels and removes what they wrote. */
  stop(): Promise<void>;
}

/** Installs our kernel and starts JupyterLab. */
export async function startLab(): Promise<Lab> {
  const home = mkdtempSync(join(tmpdir(), 'fleche-lab-'));
  const [folder, config, prefix] = ['work', 'config', 'prefix'].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(folder);
  mkdirSync(join(config, 'labconfig'), { recursive: true });
  writeFileSync(join(config, 'labconfig', 'default_setting_overrides.json'), JSON.stringify(SETTINGS));
  execFileSync(process.execPath, [PROGRAM, 'jupyter', 'install', '--prefix', prefix]);
  // In colour, as people have it, whatever the runner of the tests wants for its own output.
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const environment = {
    ...inherited,
    JUPYTER_PATH: join(prefix, 'share', 'jupyter'),
    JUPYTER_CONFIG_DIR: config,
    JUPYTER_DATA_DIR: join(home, 'data'),
    JUPYTER_RUNTIME_DIR: join(home, 'runtime'),
    JUPYTERLAB_SETTINGS_DIR: join(config, 'user'),
    JUPYTERLAB_WORKSPACES_DIR: join(config, 'workspaces'),
  };
  const base = `http://127.0.0.1:${await freePort()}`;
  const log = join(home, 'server.log');
  const server = spawnServer(base, folder, log, environment);
  await answers(`${base}/api/status?token=${TOKEN}`, server, log);
  return {
    folder,
    environment,
    address: (file) => `${base}/lab/tree/${file}?token=${TOKEN}&reset`,
    async stop() {
      await ended(server);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function spawnServer(base: string, folder: string, log: string, env: NodeJS.ProcessEnv): ChildProcess {
  const output = openSync(log, 'a');
  const server = spawn(
    jupyterProgram(),
    [
      'lab',
      '--allow-root',
      '--no-browser',
      '--ip=127.0.0.1',
      `--port=${new URL(base).port}`,
      '--ServerApp.port_retries=0',
      `--IdentityProvider.token=${TOKEN}`,
      `--ServerApp.root_dir=${folder}`,
      // `window.jupyterapp` in the page, by which the tests wait.
      '--LabApp.expose_app_in_browser=True',
      '--LabApp.extension_manager=readonly',
    ],
    { stdio: ['ignore', output, output], env },
  );
  closeSync(output);
  return server;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answers(address: string, server: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const isUp = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (server.exitCode !== null || Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`JupyterLab did not start:\n${readFileSync(log, 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** One SIGTERM ends the server and its kernels. */
function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
    server.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    server.kill('SIGTERM');
  });
}
