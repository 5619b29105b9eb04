/**
 * Values in shell commands. A value never becomes a part of the command's text: the text gets a reference to a variable,
 * quoted as its place needs, and the value travels beside it. So no value can be taken for a command.
 */

/** A command for a shell that gets `-c`, the script and the parameters. */
export interface ShellScript {
  readonly script: string;
  /** What the script finds as its arguments. */
  readonly parameters: readonly string[];
  /** The command with its values written out, for people. */
  readonly shown: string;
}

/**
 * The command that has `values` between `literals`. A value is one word, or a part of one, whatever it holds; a list is
 * as many words as it has members, and no word if it has none. Inside quotes both are a part of what is quoted.
 */
export function shellScript(literals: readonly string[], values: readonly unknown[]): ShellScript {
  const scanner = new QuoteScanner();
  const parameters: string[] = [];
  const reference = (value: unknown): string => `\${__${parameters.push(wordOf(value))}}`;
  let [script, shown] = ['', ''];
  for (const [index, literal] of literals.entries()) {
    scanner.read(literal);
    script += literal;
    shown += literal;
    if (index >= values.length) break;
    const value = values[index];
    const words: readonly unknown[] = Array.isArray(value) ? value : [value];
    const whole = words.map(wordOf).join(' ');
    if (scanner.quote === '"') {
      script += reference(whole);
      shown += whole.replace(/["\\$`]/g, '\\$&');
    } else if (scanner.quote === "'") {
      script += `'"${reference(whole)}"'`;
      shown += whole.replaceAll("'", "'\\''");
    } else {
      script += words.map((word) => `"${reference(word)}"`).join(' ');
      shown += words.map((word) => quoted(wordOf(word))).join(' ');
    }
  }
  // On the first line, so that the shell's messages have the right numbers.
  const assigned = parameters.map((_, index) => `__${index + 1}=\${${index + 1}}`).join(' ');
  const head = parameters.length === 0 ? '' : `${assigned}; shift ${parameters.length}; `;
  return { script: head + script, parameters, shown };
}

/** A word as a shell reads it back. */
export function quoted(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What a value is in a command: the text that it is as a string. A NUL would end it, so there can be none. */
function wordOf(value: unknown): string {
  const word = String(value);
  if (word.includes('\0')) throw new TypeError('a shell command can hold no NUL character');
  return word;
}

/** Follows the quotes of a command from its beginning. */
export class QuoteScanner {
  /** What is open: quotes, and within double quotes `$(` and `${`, in which quotes begin anew. */
  readonly #open: string[] = [];
  #before = '';

  /** The quotes that are open here. */
  get quote(): '"' | "'" | undefined {
    const last = this.#open.at(-1);
    return last === '"' || last === "'" ? last : undefined;
  }

  read(text: string): void {
    let isEscaped = false;
    for (const char of text) {
      const last = this.#open.at(-1);
      if (isEscaped) isEscaped = false;
      else if (last === '#') {
        if (char === '\n') this.#open.pop();
      } else if (last === "'") {
        if (char === "'") this.#open.pop();
      } else if (char === '\\') isEscaped = true;
      else if (char === '"') {
        if (last === '"') this.#open.pop();
        else this.#open.push(char);
      } else if (char === "'" && last !== '"') this.#open.push(char);
      else if (char === '(' && (last !== '"' || this.#before === '$')) this.#open.push(')');
      else if (char === '{' && this.#before === '$') this.#open.push('}');
      else if ((char === ')' || char === '}') && char === last) this.#open.pop();
      else if (char === '#' && last !== '"' && last !== '}' && /^[\s;&|(]?$/.test(this.#before)) this.#open.push('#');
      this.#before = char;
    }
  }
}
