/** The kernelspec: the folder by which Jupyter knows the kernel. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where a kernelspec goes: one of the user, of a Python installation, or of any other prefix. */
export type Place =
  | { readonly kind: 'user' }
  | { readonly kind: 'sys-prefix' }
  | { readonly kind: 'prefix'; readonly folder: string };

const entry = fileURLToPath(new URL('../main.js', import.meta.url));

/**
 * What the kernel's own process starts with. glibc would give each thread of V8's compilers and collectors a heap of its own
 * and return little of them: 100 MiB after a thousand cells.
 */
const environment = { MALLOC_ARENA_MAX: '2' };

/** Takes out of the environment what the kernelspec has put there: commands of cells have it as Jupyter's server has. */
export function forgetEnvironment(): void {
  for (const [name, value] of Object.entries(environment)) {
    if (process.env[name] === value) delete process.env[name];
  }
}

/** Content of `kernel.json`. Paths are absolute: Jupyter may run with another PATH. */
function kernelJson(): object {
  return {
    argv: [process.execPath, entry, 'kernel', '--config-path', '{connection_file}'],
    env: environment,
    display_name: 'TypeScript (fleche)',
    language: 'typescript',
    // A signal at the wrong moment would end the kernel; a message never does.
    interrupt_mode: 'message',
    metadata: { debugger: false },
  };
}

/**
 * Writes the kernelspec and returns its folder.
 *
 * @throws Error if `name` is none that Jupyter takes, or the place cannot be found or written.
 */
export function installKernelspec(place: Place, name: string): string {
  const folder = kernelspecFolder(place, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'kernel.json'), `${JSON.stringify(kernelJson(), null, 2)}\n`);
  return folder;
}

/**
 * Removes the kernelspec and returns its folder; `undefined` if there is none.
 *
 * @throws Error if there is one of this name that belongs to another kernel.
 */
export function uninstallKernelspec(place: Place, name: string): string | undefined {
  const folder = kernelspecFolder(place, name);
  let argv: unknown;
  try {
    ({ argv } = JSON.parse(readFileSync(path.join(folder, 'kernel.json'), 'utf8')) as { argv?: unknown });
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
  const isOurs =
    Array.isArray(argv) && argv.includes('kernel') && /kernel-extension[/\\]main\.js$/.test(String(argv[1]));
  if (!isOurs) throw new Error(`${folder} is the kernelspec of another kernel, which stays`);
  rmSync(folder, { recursive: true });
  return folder;
}

function kernelspecFolder(place: Place, name: string): string {
  // The rule of jupyter_client for names of kernels.
  if (!/^[a-z0-9._-]+$/i.test(name)) {
    throw new Error(`'${name}' is no name for a kernel: use letters, digits, '.', '-' and '_'`);
  }
  return path.join(dataFolder(place), 'kernels', name.toLowerCase());
}

function dataFolder(place: Place): string {
  if (place.kind === 'prefix') return path.resolve(place.folder, 'share', 'jupyter');
  if (place.kind === 'sys-prefix') return path.join(pythonPrefix(), 'share', 'jupyter');
  const given = process.env.JUPYTER_DATA_DIR;
  if (given) return given;
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') {
    return path.join(process.env.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'jupyter');
  }
  return path.join(process.env.XDG_DATA_HOME || path.join(homedir(), '.local', 'share'), 'jupyter');
}

function pythonPrefix(): string {
  try {
    return execFileSync('python3', ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' }).trim();
  } catch (cause) {
    throw new Error('python3 was not found; use --prefix with the folder of the Python installation', { cause });
  }
}
