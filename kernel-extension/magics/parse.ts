/**
 * Divides a cell into TypeScript and the lines that are for the kernel.
 *
 * - `%%name …` is a cell magic on the first line that is not blank, and nowhere else. What stands below it is TypeScript
 *   with magics of its own, or the magic's text.
 * - `%name …` is a line magic, in column 0 or indented, wherever a new statement of the cell's top level may begin. A
 *   name that no magic has is one too, so that the kernel can say what there is, unless the line continues an
 *   expression. One that a magic has and no variable always is one there. `%fleche` is one even beside its variable: the
 *   remainder of a division by the decorator means nothing.
 * - `!command` is a shell line, in column 0 only, wherever a new statement of the top level may begin and what follows
 *   the `!` is no expression ({@link looksLikeShell}). A command that has the name of a variable is that variable.
 *   `!!command`, likewise, captures what the command writes.
 * - A line with a backslash at its end goes on in the next one.
 *
 * So nothing inside a template, comment, regular expression, JSX text, expression or block is ever taken. TypeScript's own
 * parser decides, not a pattern: the text before the line is parsed with an identifier in the line's place.
 */
import { chosenCommand, type MagicLookup, restKind } from './description.js';
import { replacementsOf } from './interpolation.js';
import { TopLevel } from './top-level.js';
import type { MagicLine, ParsedCell, TypeScript } from './types.js';

/** What the session knows about names. */
export interface KnownNames {
  /** Whether earlier cells have a variable of this name; the cell's own are found by the parser. */
  isVariable(name: string): boolean;
  /** The magics that there are. */
  readonly magics: MagicLookup;
}

const cellMagicLine = /^(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*(%%[A-Za-z_].*)/;
const candidateLine = /^(?:[ \t]*(%%?[A-Za-z_].*)|(!.+))$/gm;
const lineBreak = /\r\n|[\r\n\u2028\u2029]/;

/** Finds the magics of a cell. `ts` is handed in because every host has its own. */
export function parseCell(ts: TypeScript, source: string, known: KnownNames): ParsedCell {
  const { magics } = known;
  const cellText = cellMagicLine.exec(source)?.[1];
  const cellMagic =
    cellText === undefined ? undefined : lineAt(ts, 'line', source, source.indexOf('%%'), cellText, 2, magics);
  if (cellMagic !== undefined) {
    const magic = magics.get(/^\w+/.exec(cellMagic.text)?.[0] ?? '');
    // What belongs to a magic that is not known can be no TypeScript of ours.
    if (magic === undefined || (magic.placement ?? 'line') === 'line' || magic.body === 'text') {
      const body = source.slice(cellMagic.end).replace(/^(?:\r\n|[\r\n])/, '');
      const whole = { ...cellMagic, end: source.length };
      return { source, cellMagic, body, lines: [], endsWithMagic: false, masked: masked(source, [whole]) };
    }
  }

  const top = new TopLevel(ts, cellMagic === undefined ? source : masked(source, [cellMagic]));
  const lines: MagicLine[] = [];
  let done = cellMagic?.end ?? 0;
  for (const match of source.matchAll(candidateLine)) {
    const text = (match[1] ?? match[2]) as string;
    const start = match.index + match[0].length - text.length;
    if (start < top.closedUntil || start < done) continue;
    const isVariable = (name: string): boolean => top.declares(name, start) || known.isVariable(name);
    const isShell = match[2] !== undefined;
    if (!top.beginsStatement(start)) continue;
    if (isShell ? !looksLikeShell(text, isVariable) : !isMagic(text, start, top, isVariable, magics)) continue;
    const kind = !isShell ? 'line' : text.startsWith('!!') ? 'capture' : 'shell';
    const line = lineAt(ts, kind, source, start, text, kind === 'capture' ? 2 : 1, magics);
    lines.push(line);
    top.skip(line);
    done = line.end;
  }
  const endsWithMagic = lines.length > 0 && !top.hasStatementAfter(done);
  const all = cellMagic === undefined ? lines : [cellMagic, ...lines];
  return { source, cellMagic, body: undefined, lines, endsWithMagic, masked: masked(source, all) };
}

function isMagic(
  text: string,
  start: number,
  top: TopLevel,
  isVariable: (name: string) => boolean,
  magics: MagicLookup,
): boolean {
  const name = /^%(\w+)/.exec(text)?.[1] ?? '';
  if (name === 'fleche' || (magics.has(name) && !isVariable(name) && !(name in globalThis))) return true;
  return !top.continuesExpression(start, text);
}

/** The line that begins at `start` with `first`, and its continuations. */
function lineAt(
  ts: TypeScript,
  kind: MagicLine['kind'],
  source: string,
  start: number,
  first: string,
  signs: number,
  magics: MagicLookup,
): MagicLine {
  let end = start + first.length;
  while (/(?<!\\)(?:\\\\)*\\$/.test(source.slice(start, end))) {
    const next = /^(?:\r\n|[\r\n])[^\r\n\u2028\u2029]*/.exec(source.slice(end));
    if (next === null) break;
    end += next[0].length;
  }
  const text = source.slice(start + signs, end);
  return { kind, start, end, text, replacements: isInterpolated(kind, text, magics) ? replacementsOf(ts, text) : [] };
}

/** A line that ends in an expression has brackets of its own. */
function isInterpolated(kind: MagicLine['kind'], text: string, magics: MagicLookup): boolean {
  if (kind !== 'line') return true;
  const [, name = '', rest = ''] = /^(\w*)\s*(.*)$/s.exec(text) ?? [];
  const magic = magics.get(name);
  return magic !== undefined && restKind(chosenCommand(magic, rest).command) !== 'expression';
}

/** The source with comments of the same length, line by line, in the place of the given lines. */
export function masked(source: string, lines: readonly { readonly start: number; readonly end: number }[]): string {
  let text = '';
  let at = 0;
  for (const { start, end } of lines) {
    text += source.slice(at, start);
    for (const part of source.slice(start, end).split(/(\r\n|[\r\n\u2028\u2029])/)) {
      if (lineBreak.test(part)) text += part;
      else text += part.length < 2 ? ' '.repeat(part.length) : `//${' '.repeat(part.length - 2)}`;
    }
    at = end;
  }
  return text + source.slice(at);
}

/** Words that begin an expression after `!`. `import` and names of globals need a bracket or a dot: see below. */
const operators = /^(?:function|async|await|new|typeof|void|delete|class|this|super|yield|null|undefined|true|false)\b/;
const number = /^(?:0[xob][\da-f]+|\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?n?)(?![\w/])/i;
const stringMember = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\??[.[]/;
const regularExpression = /^\/(?:[^/\\]|\\.)+\/[dgimsuvy]*\.(?:test|exec)\(/;

/**
 * Whether `!…` is a command. It is TypeScript when what follows is an operator, a bracket, a number, a template, a text or
 * regular expression with a method, a call `name(…)`, a member of a global, or a known name. A blank may follow the `!`,
 * and a second one captures.
 */
export function looksLikeShell(line: string, isKnownName: (name: string) => boolean): boolean {
  const text = line.replace(/^!!?/, '').trimStart();
  if (!/^(?:[\p{L}\p{N}_/$"']|~\/|\.\.?\/)/u.test(text)) return false;
  if (operators.test(text) || number.test(text) || stringMember.test(text) || regularExpression.test(text))
    return false;
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text)?.[0];
  if (name === undefined) return true;
  const next = text.slice(name.length);
  if (next.startsWith('(') || isKnownName(name)) return false;
  return !((name === 'import' || name in globalThis) && /^\s*(?:\?\.|[.[(])/.test(next));
}
