import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ConfigurationError } from 'fleche';
import type { BuiltInMagic } from '../registry.js';

let previous: string | undefined;

export const cd: BuiltInMagic = {
  name: 'cd',
  description: 'changes the current folder',
  arguments: [
    {
      name: 'folder',
      description: 'a path, - for the folder before, nothing for the home folder',
      kind: 'directory',
      optional: true,
    },
  ],
  options: [{ flags: '-q, --quiet', description: 'without printing the folder' }],
  details:
    'Commands and files are found from there. Imports stay as they are: ./lib.ts lies beside the notebook, wherever the current folder is.',
  run({ arguments: { folder = homedir() }, options, write }) {
    if (folder === '-' && previous === undefined) throw new ConfigurationError('%cd -: there was no folder before');
    const target = path.resolve(folder === '-' ? (previous as string) : folder);
    if (!existsSync(target)) throw new ConfigurationError(`%cd ${folder}: there is no ${target}`);
    if (!statSync(target).isDirectory()) throw new ConfigurationError(`%cd ${folder}: ${target} is no folder`);
    const before = process.cwd();
    process.chdir(target);
    previous = before;
    if (options.quiet !== true) write('stdout', `${process.cwd()}\n`);
  },
};
