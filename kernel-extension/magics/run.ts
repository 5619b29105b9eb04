/** Runs the lines of a cell that are for the kernel. */
import { ConfigurationError } from 'fleche';
import { markOf, parseArguments } from './arguments.js';
import { builtInMagics } from './built-in.js';
import { literalsOf } from './interpolation.js';
import { addedMagic, addedMagics, type BuiltInContext, type BuiltInMagic, type Magic } from './registry.js';
import { shellScript } from './shell-text.js';
import { nearest } from './suggest.js';
import type { MagicHost, MagicLine } from './types.js';

/**
 * Runs a `%` or `!` line and gives its value. A command that fails says so on stderr; the cell goes on.
 *
 * @throws ConfigurationError if the line is not understood, and whatever the magic itself meets with.
 */
export async function runLineMagic(line: MagicLine, host: MagicHost): Promise<unknown> {
  if (line.kind !== 'line') return runShellLine(line, host);
  const { magic, asksHelp, rest } = magicOf(line, '%');
  if (magic.placement === 'cell' && !asksHelp) {
    throw new ConfigurationError(`%%${magic.name} goes on the first line of a cell, whose text it takes`);
  }
  return runMagic(magic, asksHelp ? '--help' : rest, line, host, undefined);
}

/**
 * Runs a cell under its `%%` line: `runCell` runs the TypeScript below it, `body` is what stands there if it is none.
 *
 * @throws ConfigurationError if the line is not understood. The cell has not run then.
 */
export async function runWithCellMagic(
  line: MagicLine,
  body: string | undefined,
  host: MagicHost,
  runCell: () => Promise<void>,
): Promise<unknown> {
  const { magic, asksHelp, rest } = magicOf(line, '%%');
  if ((magic.placement ?? 'line') === 'line') {
    throw new ConfigurationError(`%${magic.name} is for a line: write it with one %`);
  }
  return runMagic(magic, asksHelp ? '--help' : rest, line, host, { text: body, run: runCell });
}

async function runShellLine(line: MagicLine, host: MagicHost): Promise<readonly string[] | undefined> {
  const { script, parameters } = shellScript(literalsOf(line), await valuesOf(line, host));
  const isCaptured = line.kind === 'capture';
  let output = '';
  const capture = (text: string): void => {
    output += text;
  };
  const code = await host.shell(script, { parameters, ...(isCaptured && { capture }) });
  const command = `${isCaptured ? '!!' : '!'}${line.text.trim()}`;
  if (code !== 0) host.write('stderr', `${command}: exit code ${code}\n`);
  if (/^!\s*cd(?:\s+[^\s;&|]+)?$/.test(command)) {
    host.write('stderr', 'the shell that has changed its folder has ended; %cd changes that of the notebook\n');
  }
  return isCaptured ? linesOf(output) : undefined;
}

function linesOf(output: string): string[] {
  const text = output.replace(/\r?\n$/, '');
  return text === '' ? [] : text.split(/\r?\n/);
}

async function runMagic(
  magic: Magic | BuiltInMagic,
  rest: string,
  line: MagicLine,
  host: MagicHost,
  cell: { readonly text: string | undefined; run(): Promise<void> } | undefined,
): Promise<unknown> {
  const values = await valuesOf(line, host);
  const texts = values.map((value) => (Array.isArray(value) ? value.join(' ') : String(value)));
  const parsed = parseArguments(magic, rest, texts);
  if (parsed.kind === 'help') {
    if (cell !== undefined) {
      throw new ConfigurationError(`%%${line.text.trim()}: to look, use a line: %${line.text.trim()}`);
    }
    host.write('stdout', parsed.text);
    return undefined;
  }
  const context: BuiltInContext = {
    command: parsed.command,
    arguments: parsed.arguments,
    options: parsed.options,
    body: cell?.text,
    isCell: cell !== undefined,
    runCell: async () => {
      if (cell === undefined) throw new ConfigurationError(`%${magic.name} stands on a line and has no cell`);
      await cell.run();
    },
    write: (stream, text) => host.write(stream, text),
    display: (bundle) => host.display(bundle),
    evaluate: (expression) => host.evaluate(expression),
    host,
  };
  return magic.run(context);
}

/** The values of a line's expressions. */
async function valuesOf(line: MagicLine, host: MagicHost): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const { expression } of line.replacements) {
    if (expression === undefined) continue;
    try {
      values.push(await host.evaluate(expression));
    } catch (error) {
      host.write('stderr', `{${expression}} failed; brackets that are not for TypeScript are doubled: {{ }}\n`);
      throw error;
    }
  }
  return values;
}

function magicOf(line: MagicLine, signs: '%' | '%%'): { magic: Magic | BuiltInMagic; asksHelp: boolean; rest: string } {
  const number = { next: 0 };
  const text = literalsOf(line).reduce((before, literal) => `${before}${markOf(number.next++)}${literal}`);
  const [, name = '', help, rest = ''] = /^(\w*)(\?(?=\s*$))?\s*(.*)$/s.exec(text.trim()) ?? [];
  const magic = builtInMagics.get(name) ?? addedMagic(name);
  if (magic !== undefined) return { magic, asksHelp: help !== undefined, rest };
  if (text.startsWith('%')) {
    throw new ConfigurationError(`%${text.trim()} must be the first line of its cell, before comments and statements`);
  }
  const all = [...builtInMagics.values(), ...addedMagics()];
  const meant = nearest(
    name,
    all.map((each) => each.name),
  );
  const hint = meant === undefined ? '' : ` (did you mean ${written(all.find((each) => each.name === meant))}?)`;
  throw new ConfigurationError(
    `there is no magic ${signs}${name}${hint}; there are ${all.map(written).join(', ')}, and !command`,
  );
}

function written({ placement, name }: Pick<Magic, 'placement' | 'name'> = { name: '' }): string {
  return `${placement === 'cell' ? '%%' : '%'}${name}`;
}
