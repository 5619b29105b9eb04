/** Runs the lines of a cell that are for the kernel. */
import { ConfigurationError, cache } from 'fleche';
import { describeStorage } from 'fleche/render';
import type { Action } from './commands/action.js';
import { nameOf, rememberName } from './commands/names.js';
import { parseCommand } from './commands/parse-command.js';
import type { MagicHost, MagicLine } from './types.js';

const available = 'there are %fleche, %%fleche on the first line of a cell, and !command; %fleche help says more';

/**
 * Runs a `%` or `!` line. A command that fails says so on stderr; the cell goes on.
 *
 * @throws ConfigurationError if the line is not understood, and whatever the magic itself meets with.
 */
export async function runLineMagic(line: MagicLine, host: MagicHost): Promise<void> {
  if (line.kind === 'shell') {
    const code = await host.shell(line.text);
    if (code !== 0) host.write('stderr', `!${line.text.trim()}: exit code ${code}\n`);
    return;
  }
  const action = actionOf(line, '%');
  if (action.kind === 'show') return action.run(host);
  const chosen = await action.open(host);
  cache(chosen);
  rememberName(chosen, action.name);
  const { values, calls } = chosen;
  host.write(
    'stdout',
    `cache: ${nameOf(chosen)}\n  values: ${describeStorage(values)}\n  calls: ${describeStorage(calls)}\n`,
  );
}

/**
 * Runs the body of a cell under its `%%` line: with another cache for this cell, across its awaits. Everybody else keeps
 * the cache they had, and so does the next cell, also when the body throws.
 *
 * @throws ConfigurationError if the line is not understood. The body has not run then.
 */
export async function runWithCellMagic<T>(magic: MagicLine, host: MagicHost, body: () => Promise<T>): Promise<T> {
  const action = actionOf(magic, '%%');
  if (action.kind === 'show') {
    throw new ConfigurationError(
      `%%${magic.text.trim()}: %%fleche chooses a cache for its cell, as in %%fleche memory; to look, use a line: %${magic.text.trim()}`,
    );
  }
  const chosen = await action.open(host);
  rememberName(chosen, action.name);
  return cache(chosen, body);
}

function actionOf({ text }: MagicLine, signs: '%' | '%%'): Action {
  const [, name, rest] = /^(\S*)\s*(.*)$/s.exec(text.trim()) as unknown as [string, string, string];
  if (name === 'fleche') return parseCommand(rest);
  if (name.startsWith('%')) {
    throw new ConfigurationError(`%${name} must be the first line of its cell, before comments and statements`);
  }
  throw new ConfigurationError(`there is no magic ${signs}${name}; ${available}`);
}
