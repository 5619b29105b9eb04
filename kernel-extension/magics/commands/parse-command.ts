import { Command, CommanderError } from 'commander';
import { ConfigurationError } from 'fleche';
import { storageForms } from 'fleche/config';
import type { Action } from './action.js';
import { addChoices, cacheOfNotebook, mixCommand } from './choose.js';
import { addLooks, showActive } from './look.js';
import { splitWords } from './words.js';

/**
 * What the text after `%fleche` or `%%fleche` asks for. Nothing runs yet.
 *
 * @throws ConfigurationError if it is not understood; says what there is.
 */
export function parseCommand(text: string): Action {
  // An expression of TypeScript has quotes and signs of its own.
  const expression = /^use\s+(.*\S)\s*$/s.exec(text)?.[1];
  if (expression !== undefined) {
    return { kind: 'choose', name: expression, open: (host) => cacheOfNotebook(expression, host) };
  }
  let action: Action | undefined;
  let output = '';
  const report = (reported: Action): void => {
    action = reported;
  };
  const program = createProgram((written) => {
    output += written;
  });
  addChoices(program, report);
  addLooks(program, report);
  for (const command of program.commands) command.copyInheritedSettings(program);

  const words = splitWords(text);
  const first = words[0];
  if (first === undefined) showActive(report);
  else {
    const isMix = first.startsWith('--') && first !== '--help';
    try {
      program.parse(isMix ? [mixCommand, ...words] : words, { from: 'user' });
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0 || error.code === 'commander.help') {
        report({ kind: 'show', run: (host) => host.write('stdout', output) });
      } else {
        throw new ConfigurationError(explain(program, text, error));
      }
    }
  }
  if (action === undefined) throw new ConfigurationError(`%fleche ${text} says too little; %fleche help says more`);
  return action;
}

function createProgram(write: (text: string) => void): Command {
  return new Command('%fleche')
    .usage('[command]')
    .description(
      'Chooses the cache of the notebook and shows what it holds; alone it says what is active.\n%%fleche on the first line of a cell chooses the cache for that cell.',
    )
    .addHelpText(
      'after',
      `\nTo mix storages: %fleche --values KIND:ROOT --calls KIND:ROOT [--compress]\n  for values: ${storageForms('values')}\n  for calls: ${storageForms('calls')}`,
    )
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {}, getOutHelpWidth: () => 100, getOutHasColors: () => false });
}

function explain(program: Command, text: string, error: CommanderError): string {
  const reason = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  if (error.code !== 'commander.unknownCommand') return `%fleche ${text}: ${reason}`;
  const words = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  return `%fleche ${text}: ${reason}; there are ${words.join(', ')}`;
}
