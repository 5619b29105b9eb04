import { homedir } from 'node:os';
import { ConfigurationError } from 'fleche';
import { parse } from 'shell-quote';

/**
 * The words of a magic line, divided as a shell does: quotes and backslashes keep blanks, `$NAME` is the environment's,
 * `~` the home directory, `#` begins a comment. Nothing is matched against files.
 *
 * @throws ConfigurationError for what only a shell could do, such as `>` and `&&`.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const part of parse(text, process.env)) {
    if (typeof part === 'string') words.push(part.replace(/^(\w+:)?~(?=\/|$)/, (_, kind = '') => kind + homedir()));
    else if ('comment' in part) break;
    else if ('pattern' in part) words.push(part.pattern);
    else throw new ConfigurationError(`${part.op} means nothing in a magic; put a word that holds it in quotes`);
  }
  return words;
}
