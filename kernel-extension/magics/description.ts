/** What magics say of themselves: plain data, which the kernel completes from and shows as help while cells run. */

/**
 * What stands in a place of a magic's line:
 * - `word`: any word, quoted as in a shell if it holds blanks;
 * - `count`: a whole number above 0;
 * - `file`, `directory`: a path;
 * - `command`: a shell command;
 * - `expression`: TypeScript over the notebook's names, up to the end of the line;
 * - `text`: whatever stands there, up to the end of the line.
 *
 * The last two are for the last argument of a magic.
 */
export type MagicValueKind = 'word' | 'count' | 'file' | 'directory' | 'command' | 'expression' | 'text';

/** An argument of a magic. */
export interface MagicArgument {
  /** Its name in the help, and in the `arguments` that `run` gets. */
  readonly name: string;
  readonly description: string;
  /** Whether it may be left out. @default false */
  readonly optional?: boolean;
  /** @default 'word' */
  readonly kind?: MagicValueKind;
  /** The words that are allowed, where not all are. */
  readonly choices?: readonly string[];
  /** Words that are offered, where others are allowed, too; after one that ends in a colon, folders are. */
  readonly suggestions?: readonly string[];
}

/** An option of a magic. */
export interface MagicOption {
  /** As in a help text: `-n, --loops <count>`; `--times` for one that takes no value. */
  readonly flags: string;
  readonly description: string;
  /** Whether it must be given. @default false */
  readonly required?: boolean;
  /** What its value is. @default 'word' */
  readonly kind?: Exclude<MagicValueKind, 'expression' | 'text'>;
  /** The values that are allowed, where not all are. */
  readonly choices?: readonly string[];
  /** Values that are offered, where others are allowed, too; after one that ends in a colon, folders are. */
  readonly suggestions?: readonly string[];
}

/** A magic, or a command of one: the `pickle` of `%fleche pickle .cache`. */
export interface MagicCommand {
  /** Letters, digits and underscores. */
  readonly name: string;
  /** One line that says what it does. */
  readonly description: string;
  readonly arguments?: readonly MagicArgument[];
  readonly options?: readonly MagicOption[];
}

/** What a magic says of itself. */
export interface MagicDescription extends MagicCommand {
  /** More for its help: examples, what it does not do. Plain text. */
  readonly details?: string;
  /** Its commands, if its first word chooses one. Options that it has beside them are for when none is chosen. */
  readonly commands?: readonly MagicCommand[];
  /** Where it may stand: `%name` on any line, `%%name` on a cell's first line, or both. @default 'line' */
  readonly placement?: 'line' | 'cell' | 'both';
  /** What the cell below `%%name` is: TypeScript, or text that only the magic understands. @default 'typescript' */
  readonly body?: 'typescript' | 'text';
}

/** A description that only the kernel's own magics may give. */
export interface BuiltInDescription extends MagicDescription {
  /** It changes what the statements of its cell mean, so it runs before they are checked and stands above them. */
  readonly isLeading?: boolean;
}

/** The magics of a kernel by their names. */
export type MagicLookup = ReadonlyMap<string, BuiltInDescription>;

/** The part of a magic that the beginning of its line chooses, and the text that is left for that. */
export function chosenCommand(magic: MagicDescription, text: string): { command: MagicCommand; rest: string } {
  const [word = ''] = /^\S+/.exec(text) ?? [];
  const command = magic.commands?.find(({ name }) => name === word);
  return command === undefined
    ? { command: magic, rest: text }
    : { command, rest: text.slice(word.length).trimStart() };
}

/** How the rest of a line is read: as words, or as one text or expression after the options. */
export function restKind({ arguments: list = [] }: MagicCommand): 'words' | 'text' | 'expression' {
  const kind = list.at(-1)?.kind;
  return kind === 'text' || kind === 'expression' ? kind : 'words';
}

/** The flags of an option: `-n, --loops <count>` has `-n` and `--loops`, and takes a value. */
export function flagsOf({ flags }: MagicOption): { names: readonly string[]; takesValue: boolean } {
  return { names: flags.match(/(?<![\w-])--?\w[\w-]*/g) ?? [], takesValue: /[<[]/.test(flags) };
}
