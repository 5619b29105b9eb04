/** Where statements of a cell's top level may begin. TypeScript's own parser decides, not a pattern. */
import type { TypeScript } from './types.js';

const mark = '__magic__';

/** Answers where statements of a cell's top level may begin, by parsing what stands before. */
export class TopLevel {
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

  /** Whether a line that begins with `%` at the offset goes on with an expression that began before. */
  continuesExpression(offset: number, line: string): boolean {
    const file = this.#parse(offset, line, this.#ts.ScriptKind.TS);
    // What is missing at the end may stand on the next line.
    const end = offset - this.#base + line.trimEnd().length;
    return !parseProblems(file).some(({ start }) => start >= offset - this.#base && start < end);
  }

  /** Whether a statement begins at the offset or after it. */
  hasStatementAfter(offset: number): boolean {
    return this.#parse(this.#source.length, '', this.#ts.ScriptKind.TS).statements.some(
      ({ end }) => end + this.#base > offset,
    );
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
  skip(line: { readonly start: number; readonly end: number }): void {
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
