/** The help of a magic, from what it says of itself. */
import type { BuiltInDescription, MagicArgument, MagicCommand } from './description.js';

/** The help as plain text; that of one of its commands if given. */
export function helpText(magic: BuiltInDescription, command: MagicCommand = magic): string {
  const isWhole = command === magic;
  const rows: [string, string][] = [
    ...(command.arguments ?? []).map((each): [string, string] => [form(each), withChoices(each)]),
    ...(command.options ?? []).map((each): [string, string] => [each.flags, withChoices(each)]),
    ...(isWhole ? (magic.commands ?? []) : []).map((each): [string, string] => [usage(each), each.description]),
  ];
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
  const parts = [`Usage: ${usageOf(magic, command)}`, sentence(command.description), lines.join('\n')];
  return `${[...parts, isWhole ? magic.details : undefined].filter((part) => part).join('\n\n')}\n`;
}

/** The same as Markdown. */
export function helpMarkdown(magic: BuiltInDescription, command: MagicCommand = magic): string {
  const isWhole = command === magic;
  const rows = [
    ...(command.arguments ?? []).map((each) => `- \`${form(each)}\` ${withChoices(each)}`),
    ...(command.options ?? []).map((each) => `- \`${each.flags}\` ${withChoices(each)}`),
    ...(isWhole ? (magic.commands ?? []) : []).map((each) => `- \`${usage(each)}\` ${each.description}`),
  ];
  const details = isWhole ? magic.details?.replace(/\n/g, '  \n') : undefined;
  const parts = [`\`${usageOf(magic, command)}\``, sentence(command.description), rows.join('\n'), details];
  return parts.filter((part) => part).join('\n\n');
}

function usageOf(magic: BuiltInDescription, command: MagicCommand): string {
  const { name, placement = 'line', commands } = magic;
  if (command !== magic) return `%${name} ${usage(command)}`;
  const rest = commands === undefined ? usage(magic).slice(name.length) : ' [command]';
  const forms = placement === 'both' ? ['%', '%%'] : [placement === 'cell' ? '%%' : '%'];
  return forms.map((sign) => `${sign}${name}${rest}`).join(', ');
}

/** `pickle <root> [options]` */
function usage({ name, arguments: list = [], options = [] }: MagicCommand): string {
  return [name, ...(options.length > 0 ? ['[options]'] : []), ...list.map(form)].join(' ');
}

function form({ name, optional = false }: MagicArgument): string {
  return optional ? `[${name}]` : `<${name}>`;
}

function withChoices({
  description,
  choices,
}: {
  readonly description: string;
  readonly choices?: readonly string[];
}): string {
  return choices === undefined ? description : `${description} (${choices.join(', ')})`;
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
