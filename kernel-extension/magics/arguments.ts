/** What a magic's line says, by the magic's own description. */
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { ConfigurationError } from 'fleche';
import {
  chosenCommand,
  flagsOf,
  type MagicArgument,
  type MagicCommand,
  type MagicDescription,
  restKind,
} from './description.js';
import { helpText } from './help.js';
import { splitWords } from './words.js';

/** What a line asks for: a command with its arguments, or the help. */
export type ParsedArguments =
  | {
      readonly kind: 'run';
      readonly command: string;
      readonly arguments: Readonly<Record<string, string>>;
      readonly options: Readonly<Record<string, string | true>>;
    }
  | { readonly kind: 'help'; readonly text: string };

/** Goes first where options are those of the magic itself and not of one of its commands. */
const itself = 'itself';

/**
 * What the text after a magic's name asks for. Nothing runs yet.
 *
 * @param values Take the places of marks in the text, see {@link markOf}.
 * @throws ConfigurationError if it is not understood; says what there is.
 */
export function parseArguments(magic: MagicDescription, text: string, values: readonly string[] = []): ParsedArguments {
  const filled = (word: string): string => withValues(word, values);
  let parsed: ParsedArguments | undefined;
  const program = createProgram(magic);
  const take = (command: MagicCommand, name: string) => {
    return (...given: unknown[]): void => {
      const options = given.at(-2) as Record<string, string | true>;
      const pairs = (command.arguments ?? []).map(({ name: argument }, index) => [argument, given[index]]);
      parsed = {
        kind: 'run',
        command: name,
        arguments: Object.fromEntries(pairs.filter(([, value]) => value !== undefined)),
        options: { ...options },
      };
    };
  };
  const hasCommands = magic.commands !== undefined;
  for (const command of magic.commands ?? []) {
    addTo(program.command(command.name).description(command.description), command).action(take(command, command.name));
  }
  if (hasCommands) addTo(program.command(itself, { hidden: true }), magic).action(take(magic, ''));
  else addTo(program, magic).action(take(magic, ''));
  for (const command of program.commands) command.copyInheritedSettings(program);

  const words = wordsOf(magic, text).map(filled);
  const first = words[0];
  if (hasCommands && first === undefined) return { kind: 'run', command: '', arguments: {}, options: {} };
  const isItself = hasCommands && first?.startsWith('-') && !/^(?:-h|--help)$/.test(first);
  try {
    program.parse(isItself ? [itself, ...words] : words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === 'commander.help') {
      const asked = magic.commands?.find(({ name }) => words.includes(name));
      return { kind: 'help', text: helpText(magic, asked) };
    }
    throw new ConfigurationError(explain(program, `%${magic.name} ${filled(text)}`.trim(), error));
  }
  if (parsed === undefined) {
    throw new ConfigurationError(`%${magic.name} ${text} says too little; %${magic.name} help says more`);
  }
  return parsed;
}

const open = '\u{E000}';
const close = '\u{E001}';

/** Stands in a text for the value of this number, and is a part of a word for every reader. */
export function markOf(number: number): string {
  return `${open}${number}${close}`;
}

function withValues(text: string, values: readonly string[]): string {
  return text.replace(/\u{E000}(\d+)\u{E001}/gu, (mark, number) => values[Number(number)] ?? mark);
}

/** The words of a line; what is one text or expression to its end is one word. */
function wordsOf(magic: MagicDescription, text: string): string[] {
  const joined = text.replace(/\\(?:\r\n|[\r\n])/g, ' ').trim();
  const { command, rest } = chosenCommand(magic, joined);
  if (restKind(command) === 'words') return splitWords(joined);
  const words = command === magic ? [] : [command.name];
  const options = new Map(
    (command.options ?? []).flatMap((option) => {
      const { names, takesValue } = flagsOf(option);
      return names.map((name) => [name, takesValue] as const);
    }),
  );
  let left = rest;
  if (left === '--help' || left === '-h') return [...words, left];
  for (;;) {
    const [whole = '', flag = ''] = /^(--?[A-Za-z][\w-]*)(?:\s+|$)/.exec(left) ?? [];
    const takesValue = options.get(flag);
    if (takesValue === undefined) break;
    words.push(flag);
    left = left.slice(whole.length);
    if (!takesValue) continue;
    const [value = ''] = /^\S+/.exec(left) ?? [];
    if (value !== '') words.push(value);
    left = left.slice(value.length).trimStart();
  }
  left = left.replace(/^--\s+/, '');
  return left === '' ? words : [...words, '--', left];
}

function addTo(command: Command, { arguments: list = [], options = [] }: MagicCommand): Command {
  for (const argument of list) command.addArgument(argumentOf(argument));
  for (const { flags, description, required = false, kind, choices } of options) {
    const option = new Option(flags, description).makeOptionMandatory(required);
    if (choices !== undefined) option.choices([...choices]);
    else if (kind === 'count') option.argParser(wholeNumber);
    command.addOption(option);
  }
  return command;
}

function argumentOf({ name, description, optional = false, kind, choices }: MagicArgument): Argument {
  const argument = new Argument(optional ? `[${name}]` : `<${name}>`, description);
  if (choices !== undefined) argument.choices([...choices]);
  else if (kind === 'count') argument.argParser(wholeNumber);
  return argument;
}

function wholeNumber(text: string): string {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return text;
}

function createProgram(magic: MagicDescription): Command {
  return new Command(`%${magic.name}`)
    .description(magic.description)
    .exitOverride()
    .configureOutput({ writeOut: () => {}, writeErr: () => {} });
}

function explain(program: Command, line: string, error: CommanderError): string {
  const reason = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
  if (error.code !== 'commander.unknownCommand') return `${line}: ${reason}`;
  const words = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => command.name());
  return `${line}: ${reason}; there are ${words.join(', ')}`;
}
