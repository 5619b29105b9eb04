#!/usr/bin/env node
/** The program `fleche`: installs the kernel, is the kernel, and runs notebooks without Jupyter. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { launchFront } from './back/launch.js';
import { forgetEnvironment, installKernelspec, type Place, uninstallKernelspec } from './jupyter/kernelspec.js';
import { packageVersion, requireKernelPackages } from './shared/installation.js';
import type { FrontMode } from './shared/messages.js';

interface PlaceOptions {
  readonly user?: boolean;
  readonly sysPrefix?: boolean;
  readonly prefix?: string;
  readonly name: string;
}

interface RunOptions {
  readonly output?: string;
  readonly inplace?: boolean;
  readonly allowErrors?: boolean;
}

function placeOf({ sysPrefix, prefix }: PlaceOptions): Place {
  if (prefix !== undefined) return { kind: 'prefix', folder: prefix };
  return { kind: sysPrefix ? 'sys-prefix' : 'user' };
}

function withPlace(command: Command): Command {
  return command
    .addOption(new Option('--user', 'for the current user (default)').conflicts(['sysPrefix', 'prefix']))
    .addOption(new Option('--sys-prefix', 'for the Python installation or environment of python3').conflicts('prefix'))
    .option('--prefix <dir>', 'for the installation under DIR: DIR/share/jupyter/kernels')
    .option('--name <name>', 'name of the kernelspec', 'fleche');
}

async function startKernel(mode: FrontMode, cwd: string): Promise<void> {
  requireKernelPackages('tslab', 'typescript', '@types/node', ...(mode.kind === 'jupyter' ? ['zeromq'] : []));
  const front = launchFront(mode, cwd);
  const back = await import('./back/back.js');
  back.startKernel(front, mode, cwd);
}

async function run(notebook: string, { output, inplace, allowErrors }: RunOptions): Promise<void> {
  const file = path.resolve(notebook);
  if (!existsSync(file)) throw new Error(`${notebook} does not exist`);
  const target = inplace ? file : output === undefined ? undefined : path.resolve(output);
  const folder = path.dirname(file);
  // As in Jupyter, cells find the notebook's folder as the current one.
  process.chdir(folder);
  await startKernel({ kind: 'notebook', file, output: target, allowErrors: allowErrors === true }, folder);
}

const program = new Command('fleche')
  .description('A persistent cache for function calls, and a TypeScript kernel for Jupyter.')
  .version(packageVersion);

const jupyter = program.command('jupyter').description('install the kernel into Jupyter, or remove it');
withPlace(jupyter.command('install').description('write the kernelspec')).action((options: PlaceOptions) => {
  const folder = installKernelspec(placeOf(options), options.name);
  console.log(`installed the kernel '${options.name}' in ${folder}`);
});
withPlace(jupyter.command('uninstall').description('remove the kernelspec')).action((options: PlaceOptions) => {
  const folder = uninstallKernelspec(placeOf(options), options.name);
  console.log(folder === undefined ? `there is no kernel '${options.name}' there` : `removed ${folder}`);
});

program
  .command('run')
  .description('execute a notebook without Jupyter')
  .argument('<notebook>', 'a notebook file (.ipynb)')
  .addOption(new Option('--output <file>', 'write the executed notebook to FILE').conflicts('inplace'))
  .option('--inplace', 'write the outputs into the notebook itself')
  .option('--allow-errors', 'go on after a cell that fails')
  .action(run);

program
  .command('kernel', { hidden: true })
  .requiredOption('--config-path <file>', 'connection file')
  .action(({ configPath }: { configPath: string }) => {
    forgetEnvironment();
    return startKernel({ kind: 'jupyter', connectionFile: path.resolve(configPath) }, process.cwd());
  });

program.exitOverride();
program.parseAsync().catch((error: unknown) => {
  // Commander has printed what it has to say.
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    console.error(`fleche: ${(error as Error).message}`);
    process.exitCode = 1;
  }
});
