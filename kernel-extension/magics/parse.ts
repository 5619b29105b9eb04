/**
 * Divides a cell into TypeScript and the lines that are for the kernel.
 *
 * - `%%name …` is a cell magic on the first line that is not blank, and nowhere else.
 * - `%name …` is a line magic, in column 0 or indented, wherever a new statement of the cell's top level may begin. A
 *   name that no magic has is one too, so that the kernel can say what there is, unless the line continues an
 *   expression. `%fleche` always is one there: the remainder of a division by the decorator means nothing.
 * - `!command` is a shell line, in column 0 only, wherever a new statement of the top level may begin and what follows
 *   the `!` is no expression ({@link looksLikeShell}). A command that has the name of a variable is that variable.
 *
 * So nothing inside a template, comment, regular expression, JSX text, expression or block is ever taken. TypeScript's own
 * parser decides, not a pattern: the text before the line is parsed with an identifier in the line's place.
 */
import type { MagicLine, ParsedCell } from './types.js';

/** The TypeScript module that parses: stock 6.0.3 and the fork of tslab (5.0.4) both do. */
export type TypeScript = typeof import('typescript');

/** The names that are magics here. */
const magicNames: ReadonlySet<string> = new Set(['fleche']);

const cellMagicLine = /^(?:[ \t]*(?:\r\n|\r|\n))*[ \t]*(%%[A-Za-z_].*)/;
const candidateLine = /^(?:[ \t]*(%%?[A-Za-z_].*)|(!.+))$/gm;

/**
 * Finds the magics of a cell.
 *
 * @param ts TypeScript, handed in because every host has its own.
 * @param isKnownName Whether earlier cells have a variable of this name; the cell's own are found here.
 */
export function parseCell(ts: TypeScript, source: string, isKnownName: (name: string) => boolean): ParsedCell {
  const cell = cellMagicLine.exec(source)?.[1];
  const cellStart = cell === undefined ? 0 : source.indexOf('%%');
  const cellMagic = cell === undefined ? undefined : magicLine('line', source, cellStart, cell, 2);

  const top = new TopLevel(ts, cellMagic === undefined ? source : masked(source, [cellMagic]));
  const lines: MagicLine[] = [];
  for (const match of source.matchAll(candidateLine)) {
    const text = (match[1] ?? match[2]) as string;
    const start = match.index + match[0].length - text.length;
    if (start < top.closedUntil || (cellMagic !== undefined && start < cellMagic.end)) continue;
    const name = /^%(\w+)/.exec(text)?.[1];
    const taken =
      match[2] === undefined
        ? top.beginsStatement(start) && (magicNames.has(name ?? '') || !top.continuesExpression(start))
        : top.beginsStatement(start) && looksLikeShell(text, (word) => top.declares(word, start) || isKnownName(word));
    if (!taken) continue;
    const line = magicLine(match[2] === undefined ? 'line' : 'shell', source, start, text, 1);
    lines.push(line);
    top.skip(line);
  }
  return { source, cellMagic, lines, masked: masked(source, cellMagic === undefined ? lines : [cellMagic, ...lines]) };
}

function magicLine(kind: MagicLine['kind'], source: string, start: number, text: string, sign: number): MagicLine {
  const end = start + text.length;
  return { kind, start, end, text: source.slice(start + sign, end) };
}

/** The source with comments of the same length in the place of the given lines. */
function masked(source: string, lines: readonly MagicLine[]): string {
  let text = '';
  let at = 0;
  for (const { start, end } of lines) {
    text += `${source.slice(at, start)}//${' '.repeat(end - start - 2)}`;
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
 * regular expression with a method, a call `name(…)`, a member of a global, or a known name. A blank may follow the `!`.
 */
export function looksLikeShell(line: string, isKnownName: (name: string) => boolean): boolean {
  const text = line.slice(1).trimStart();
  if (!/^(?:[\p{L}\p{N}_/$"']|~\/|\.\.?\/)/u.test(text)) return false;
  if (operators.test(text) || number.test(text) || stringMember.test(text) || regularExpression.test(text))
    return false;
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text)?.[0];
  if (name === undefined) return true;
  const next = text.slice(name.length);
  if (next.startsWith('(') || isKnownName(name)) return false;
  return !((name === 'import' || name in globalThis) && /^\s*(?:\?\.|[.[(])/.test(next));
}

const mark = '__magic__';

/** Answers where statements of a cell's top level may begin, by parsing what stands before. */
class TopLevel {
  /** No statement begins before this offset: a template or comment is open until there. */
  closedUntil = 0;
  readonly #ts: TypeScript;
  readonly #source: string;
  readonly #names = new Set<string>();
  /** What stands before this offset consists of whole statements and need not be parsed again. */
  #base = 0;

  constructor(ts: TypeScript, source: string) {
    this.#ts = ts;
    this.#source = source;
  }

  beginsStatement(offset: number): boolean {
    const ts = this.#ts;
    const at = offset - this.#base;
    const file = this.#parse(offset, mark, ts.ScriptKind.TS);
    const problems = parseProblems(file);
    if (problems.some(({ code }) => code === unterminatedTemplate)) this.#close(offset, /\$\{|(?<!\\)(?:\\\\)*`/g);
    if (problems.some(({ code }) => code === unterminatedComment)) this.#close(offset, /\*\//g);
    const last = file.statements.at(-1);
    if (last === undefined || !ts.isExpressionStatement(last)) return false;
    if (!ts.isIdentifier(last.expression) || last.expression.getStart(file) !== at) return false;
    // Recovering from an open bracket, the parser starts a new statement too, but says what it missed.
    if (problems.some(({ start }) => start >= at)) return false;
    if (file.statements.at(-2)?.kind === ts.SyntaxKind.MissingDeclaration) return false;
    return !this.#insideJsx(offset);
  }

  /** Whether a `%` at the offset is the operator of an expression that began before. */
  continuesExpression(offset: number): boolean {
    const file = this.#parse(offset, `%${mark}`, this.#ts.ScriptKind.TS);
    return !parseProblems(file).some(({ start }) => start >= offset - this.#base);
  }

  /** Whether the top level declares a variable, function, class or import of this name before the offset. */
  declares(name: string, offset: number): boolean {
    if (this.#names.has(name)) return true;
    const found = new Set<string>();
    for (const statement of this.#parse(offset, '', this.#ts.ScriptKind.TS).statements) {
      for (const declared of declaredNames(this.#ts, statement)) found.add(declared);
    }
    return found.has(name);
  }

  /** A magic stands here: what follows is parsed on its own. */
  skip(line: MagicLine): void {
    for (const statement of this.#parse(line.start, '', this.#ts.ScriptKind.TS).statements) {
      for (const declared of declaredNames(this.#ts, statement)) this.#names.add(declared);
    }
    this.#base = line.end;
  }

  #parse(end: number, suffix: string, kind: import('typescript').ScriptKind): import('typescript').SourceFile {
    const options = {
      languageVersion: this.#ts.ScriptTarget.ESNext,
      // A module, so that `await` is an operator at the top level.
      setExternalModuleIndicator: (file: import('typescript').SourceFile) => {
        Object.assign(file, { externalModuleIndicator: true });
      },
    };
    return this.#ts.createSourceFile('cell.ts', this.#source.slice(this.#base, end) + suffix, options, false, kind);
  }

  /**
   * Whether the offset lies between a tag and its end. `<div>one` alone is a type assertion, so only an end tag that fits,
   * wherever it stands, makes an element of it.
   */
  #insideJsx(offset: number): boolean {
    const ts = this.#ts;
    if (!this.#source.includes('</', offset)) return false;
    const at = offset - this.#base;
    const file = this.#parse(this.#source.length, '', ts.ScriptKind.TSX);
    const encloses = (node: import('typescript').Node): boolean => {
      if (node.pos > at || node.end <= at) return false;
      if (ts.isJsxElement(node) && node.openingElement.end <= at && at < node.closingElement.pos) {
        const { openingElement, closingElement } = node;
        if (openingElement.tagName.getText(file) === closingElement.tagName.getText(file)) return true;
      }
      if (ts.isJsxFragment(node) && node.closingFragment.end > node.closingFragment.pos) return true;
      return ts.forEachChild(node, encloses) ?? false;
    };
    return encloses(file);
  }

  #close(offset: number, end: RegExp): void {
    end.lastIndex = offset;
    const match = end.exec(this.#source);
    this.closedUntil = match === null ? this.#source.length : match.index + match[0].length;
  }
}

const unterminatedTemplate = 1160;
const unterminatedComment = 1010;

/** The syntax errors of a file parsed without a program: the field is not in TypeScript's declarations. */
function parseProblems(file: import('typescript').SourceFile): readonly { start: number; code: number }[] {
  return (file as unknown as { parseDiagnostics: readonly { start: number; code: number }[] }).parseDiagnostics;
}

function* declaredNames(ts: TypeScript, statement: import('typescript').Statement): Generator<string> {
  if (ts.isVariableStatement(statement)) {
    for (const { name } of statement.declarationList.declarations) yield* boundNames(ts, name);
  } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    if (statement.name !== undefined) yield statement.name.text;
  } else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
    yield statement.name.text;
  } else if (ts.isImportEqualsDeclaration(statement)) {
    yield statement.name.text;
  } else if (ts.isImportDeclaration(statement) && statement.importClause !== undefined) {
    const { name, namedBindings } = statement.importClause;
    if (name !== undefined) yield name.text;
    if (namedBindings === undefined) return;
    if (ts.isNamespaceImport(namedBindings)) yield namedBindings.name.text;
    else for (const element of namedBindings.elements) yield element.name.text;
  }
}

function* boundNames(ts: TypeScript, name: import('typescript').BindingName): Generator<string> {
  if (ts.isIdentifier(name)) {
    yield name.text;
    return;
  }
  for (const element of name.elements) {
    if (ts.isBindingElement(element)) yield* boundNames(ts, element.name);
  }
}
