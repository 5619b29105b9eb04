/**
 * `{expression}` in magic lines: the value of a TypeScript expression in its place. As IPython has it, `{{` and `}}` are
 * brackets of the text's own and what is no expression stays as it is, so `{}`, `{a,b}` and `{ ls; }` are the shell's.
 * Unlike there, nothing happens inside of single quotes, where the shell's own variables mean nothing either, and a `$`
 * stays the shell's: `$HOME`, `${HOME}`.
 */
import { QuoteScanner } from './shell-text.js';
import type { MagicLine, Replacement, TypeScript } from './types.js';

/** The places in a line's text that are replaced. */
export function replacementsOf(ts: TypeScript, text: string): Replacement[] {
  const found: Replacement[] = [];
  const quotes = new QuoteScanner();
  let doubled = 0;
  let at = 0;
  const next = (): number => {
    const bracket = /[{}]/g;
    bracket.lastIndex = at;
    return bracket.exec(text)?.index ?? -1;
  };
  for (let start = next(); start >= 0; start = next()) {
    quotes.read(text.slice(at, start));
    const isOurs = quotes.quote !== "'" && !/[$\\]/.test(text[start - 1] ?? '');
    const isDouble = isOurs && text[start + 1] === text[start] && (text[start] === '{' || doubled > 0);
    const expression = isOurs && !isDouble && text[start] === '{' ? expressionAt(ts, text, start + 1) : undefined;
    if (isDouble) doubled += text[start] === '{' ? 1 : -1;
    const length = isDouble ? 2 : expression === undefined ? 1 : expression.length + 2;
    if (length > 1) found.push({ start, end: start + length, expression });
    else quotes.read(text[start] as string);
    at = start + length;
  }
  return found;
}

/** The pieces of a line's text around its expressions. */
export function literalsOf({ text, replacements }: Pick<MagicLine, 'text' | 'replacements'>): string[] {
  const literals = [''];
  let at = 0;
  for (const { start, end, expression } of [
    ...replacements,
    { start: text.length, end: text.length, expression: '' },
  ]) {
    literals.push(`${literals.pop()}${text.slice(at, start)}`);
    if (expression === undefined) literals.push(`${literals.pop()}${text[start]}`);
    else literals.push('');
    at = end;
  }
  return literals.slice(0, -1);
}

/** The shortest expression that begins here and has a `}` after it; not a list with commas, which a shell expands. */
function expressionAt(ts: TypeScript, text: string, start: number): string | undefined {
  for (let end = text.indexOf('}', start); end >= 0; end = text.indexOf('}', end + 1)) {
    const expression = text.slice(start, end);
    if (expression.trim() === '') return undefined;
    const file = ts.createSourceFile('e.ts', `(${expression}\n)`, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
    const [only, ...more] = file.statements;
    const problems = (file as unknown as { parseDiagnostics: readonly unknown[] }).parseDiagnostics;
    if (problems.length > 0 || more.length > 0 || only === undefined || !ts.isExpressionStatement(only)) continue;
    const inner = ts.isParenthesizedExpression(only.expression) ? only.expression.expression : undefined;
    if (inner === undefined) continue;
    const isList = ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.CommaToken;
    return isList ? undefined : expression;
  }
  return undefined;
}
