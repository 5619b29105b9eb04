/** The kernel's own magics. */
import { cd } from './commands/cd.js';
import { env } from './commands/env.js';
import { load, run } from './commands/files.js';
import { fleche } from './commands/fleche.js';
import { lsmagic } from './commands/lsmagic.js';
import { pwd } from './commands/pwd.js';
import { bash, sh } from './commands/scripts.js';
import { config, history, reset, who, whos } from './commands/session.js';
import { time } from './commands/time.js';
import { timeit } from './commands/timeit.js';
import type { BuiltInMagic } from './registry.js';

/** All of them, by name. */
export const builtInMagics: ReadonlyMap<string, BuiltInMagic> = new Map(
  [
    ...[fleche, bash, sh, cd, pwd, env, load, run, time, timeit, who, whos, reset, history, config],
    lsmagic(() => builtInMagics.values()),
  ].map((magic) => [magic.name, magic]),
);
