import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LiveKernel } from '../kernel/live-kernel.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const program = join(repository, 'node_modules/tslab/bin/tslab');

/** Starts an unmodified tslab kernel in a folder of its own, where fleche is installed. */
export async function startStockKernel(): Promise<LiveKernel> {
  const folder = mkdtempSync(join(tmpdir(), 'fleche-tslab-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(repository, join(folder, 'node_modules/fleche'));
  symlinkSync(join(repository, 'node_modules/@types'), join(folder, 'node_modules/@types'));
  const kernel = new LiveKernel(folder, (file) => [program, 'kernel', '--config-path', file], ':');
  await kernel.ready();
  return kernel;
}
