import { ConfigurationError } from 'fleche';

const statement = /^(?:const|let|var|function|async function|class|import|export|for|while|do|if|switch|try|throw)\b/;

/**
 * The expression that a line measures, without the semicolon that may end it.
 *
 * @throws ConfigurationError for a statement: what it declares would be gone with it.
 */
export function measuredExpression(name: string, text: string): string {
  if (statement.test(text)) {
    throw new ConfigurationError(
      `%${name} measures an expression; for statements write %%time alone on the first line`,
    );
  }
  return text.replace(/;\s*$/, '');
}
