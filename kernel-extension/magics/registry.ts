/** The magics that packages have added, in one place for all copies of this package in a process. */
import { ConfigurationError } from 'fleche';
import type { BuiltInDescription, MagicDescription } from './description.js';
import type { MagicHost, MimeBundle } from './types.js';

/** What a magic gets when its line runs. */
export interface MagicContext {
  /** Name of the command that the line chose; `''` if it chose none. */
  readonly command: string;
  /** The arguments by their names; one that was left out is missing. */
  readonly arguments: Readonly<Record<string, string>>;
  /** The values of the options by their long names in camel case; `true` for one that takes no value. */
  readonly options: Readonly<Record<string, string | true>>;
  /** The text of the cell, if the magic is for cells whose body is text. */
  readonly body: string | undefined;
  /** Runs the TypeScript of the cell, if the magic stands on its first line. */
  runCell(): Promise<void>;
  /** Writes text into the cell that runs. */
  write(stream: 'stdout' | 'stderr', text: string): void;
  /** Shows something rich in the cell that runs, by MIME type. */
  display(bundle: MimeBundle): void;
  /** The value of a TypeScript expression over the notebook's names. Rejects as a cell with that expression would. */
  evaluate(expression: string): Promise<unknown>;
}

/** A magic: what it says of itself, and what it does. */
export interface Magic extends MagicDescription {
  /**
   * Runs the magic. What it returns, or what the promise that it returns is fulfilled with, is the cell's result if the
   * line is its last; `undefined` is none. What it throws fails the cell.
   */
  run(context: MagicContext): unknown;
}

/** What a magic of the kernel gets beyond that. */
export interface BuiltInContext extends MagicContext {
  /** Whether it stands on the first line of a cell, with `%%`. */
  readonly isCell: boolean;
  readonly host: MagicHost;
}

/** A magic of the kernel itself. */
export interface BuiltInMagic extends BuiltInDescription {
  run(context: BuiltInContext): unknown;
}

interface Registry {
  readonly magics: Map<string, Magic>;
  readonly reserved: Set<string>;
  readonly listeners: Set<(magic: Magic) => void>;
}

const key = Symbol.for('fleche.magics.v1');

function registry(): Registry {
  const place = globalThis as { [key: symbol]: unknown };
  place[key] ??= { magics: new Map(), reserved: new Set(), listeners: new Set() } satisfies Registry;
  return place[key] as Registry;
}

/**
 * Adds a magic to the kernel that runs in this process, from the next cell on: `%name …`, with completion and help from
 * what it says of itself. A second one of the same name takes the place of the first. Elsewhere it does nothing.
 *
 * @throws ConfigurationError if the name is none, or that of a magic of the kernel itself.
 *
 * @example
 * import { registerMagic } from 'fleche/magics';
 * registerMagic({
 *   name: 'greet',
 *   description: 'greets somebody',
 *   arguments: [{ name: 'whom', description: 'a name', choices: ['world', 'moon'] }],
 *   options: [{ flags: '--times <count>', description: 'how often', kind: 'count' }],
 *   run({ arguments: { whom }, options: { times = '1' }, write }) {
 *     write('stdout', `Hello, ${whom}! `.repeat(Number(times)));
 *   },
 * });
 */
export function registerMagic(magic: Magic): void {
  if (!/^[A-Za-z_]\w*$/.test(magic.name)) {
    throw new ConfigurationError(
      `${JSON.stringify(magic.name)} can be no magic: a name has letters, digits and underscores`,
    );
  }
  const { magics, reserved, listeners } = registry();
  if (reserved.has(magic.name)) {
    throw new ConfigurationError(`%${magic.name} is a magic of the kernel; give yours another name`);
  }
  magics.set(magic.name, magic);
  for (const listener of listeners) listener(magic);
}

/** The magic of this name that a package has added. */
export function addedMagic(name: string): Magic | undefined {
  return registry().magics.get(name);
}

/** All that packages have added. */
export function addedMagics(): readonly Magic[] {
  return [...registry().magics.values()];
}

/** Keeps names for the kernel's own magics, and tells of each that is added. */
export function onMagic(ownNames: Iterable<string>, listener: (magic: Magic) => void): void {
  const { reserved, listeners } = registry();
  for (const name of ownNames) reserved.add(name);
  listeners.add(listener);
}

/** What a magic says of itself, alone: it can be sent to another thread. */
export function describe({ run: _, ...description }: Magic | BuiltInMagic): BuiltInDescription {
  return JSON.parse(JSON.stringify(description)) as BuiltInDescription;
}
