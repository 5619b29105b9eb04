import { ConfigurationError } from 'fleche';
import { previewValue, type Table, tablesToMimeBundle } from 'fleche/render';
import type { BuiltInMagic } from '../registry.js';
import { nearest } from '../suggest.js';
import type { MagicHost } from '../types.js';

export const who: BuiltInMagic = {
  name: 'who',
  description: 'names what the notebook has declared',
  async run({ write, host }) {
    const names = await host.names();
    write('stdout', names.length === 0 ? 'nothing is declared\n' : `${names.map(({ name }) => name).join('  ')}\n`);
  },
};

export const whos: BuiltInMagic = {
  name: 'whos',
  description: 'shows what the notebook has declared, with types and values',
  async run({ display, host }) {
    const names = await host.names();
    const rows = names.map(({ name, type, isType, value }) => [
      { text: name },
      { text: short(type), title: type },
      { text: isType ? '' : preview(value, host) },
    ]);
    display(
      tablesToMimeBundle([
        table(`${names.length} ${names.length === 1 ? 'name' : 'names'}`, ['name', 'type', 'value'], rows),
      ]),
    );
  },
};

export const reset: BuiltInMagic = {
  name: 'reset',
  description: 'forgets all that the notebook has declared, types too',
  isLeading: true,
  options: [{ flags: '-f, --force', description: 'nothing else: the kernel never asks' }],
  details: 'The active cache, what is imported already, the current folder and the numbers of cells stay.',
  run: ({ host }) => host.forget(),
};

export const history: BuiltInMagic = {
  name: 'history',
  description: 'prints the cells of this session as they were run',
  arguments: [{ name: 'range', description: 'numbers of cells: 4, or 4-6', optional: true }],
  options: [
    { flags: '-n, --numbers', description: 'with their numbers' },
    { flags: '-l, --limit <count>', description: 'the latest ones, so many', kind: 'count' },
    { flags: '-g, --pattern <pattern>', description: 'those that a pattern with * and ? fits' },
  ],
  async run({ arguments: { range }, options: { numbers, limit, pattern }, write, host }) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(range ?? '') ?? [];
    if (range !== undefined && from === undefined) {
      throw new ConfigurationError(`%history ${range}: write the number of a cell, or two as in 4-6`);
    }
    const inputs = await host.history({
      ...(from !== undefined && { range: [Number(from), Number(to)] as const }),
      ...(limit !== undefined && { limit: Number(limit) }),
      ...(typeof pattern === 'string' && { pattern }),
    });
    for (const [line, source] of inputs) write('stdout', `${numbers === undefined ? '' : `${line}: `}${source}\n`);
  },
};

export const config: BuiltInMagic = {
  name: 'config',
  description: 'shows the options of the kernel, or changes one',
  isLeading: true,
  arguments: [
    { name: 'option', description: 'its name', optional: true },
    { name: 'value', description: 'what it shall be', optional: true },
  ],
  async run({ arguments: { option, value }, write, display, host }) {
    const options = await host.options();
    if (option === undefined) {
      const rows = options.map((each) =>
        [each.name, each.value, each.values.join(', '), each.description].map((text) => ({ text })),
      );
      display(
        tablesToMimeBundle([table('%config NAME VALUE changes one', ['option', 'is', 'can be', 'what it does'], rows)]),
      );
      return;
    }
    const known = options.find(({ name }) => name === option);
    const names = options.map(({ name }) => name);
    if (known === undefined) {
      const meant = nearest(option, names);
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      throw new ConfigurationError(`%config ${option}: there is no such option${hint}; there are ${names.join(', ')}`);
    }
    if (value === undefined) {
      write('stdout', `${option} is ${known.value}\n`);
      return;
    }
    if (!known.values.includes(value)) {
      throw new ConfigurationError(`%config ${option} ${value}: it can be ${known.values.join(', ')}`);
    }
    await host.setOption(option, value);
    write('stdout', `${option} is ${value} now\n`);
  },
};

function table(caption: string, headings: readonly string[], rows: Table['rows']): Table {
  return { caption, columns: headings.map((heading) => ({ heading, kind: 'text' as const })), rows, omitted: 0 };
}

/** A look at a value runs its getters: one that throws must not take the others with it. */
function preview(value: unknown, host: MagicHost): string {
  try {
    return host.call(() => previewValue(value));
  } catch (error) {
    if ((error as Error | undefined)?.name === 'InterruptError') throw error;
    return `(${String(error)})`;
  }
}

function short(type: string): string {
  const line = type.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
