/** What a cell declares and mentions, from its syntax alone. */
import type ts from 'typescript';
import type { TypeScript } from './load-typescript.js';

/** How a name may be used by later cells: `let` may be assigned, `const` not, `type` has no value. */
export type NameKind = 'let' | 'const' | 'type';

/** A cell's syntax. */
export interface CellScan {
  /** The cell with `export` before a declaration blanked out: every name of a cell is shared with later ones anyway. */
  readonly source: string;
  /** Names declared at the top level. */
  readonly declared: ReadonlyMap<string, NameKind>;
  /** Every identifier in the cell. */
  readonly mentioned: ReadonlySet<string>;
  /** Identifiers that stand inside of functions and classes: what they mean may change after the cell has ended. */
  readonly enclosed: ReadonlySet<string>;
  /** Names in the user's own `export { … }` lists. */
  readonly exported: ReadonlySet<string>;
  /** Modules that the cell imports. */
  readonly specifiers: readonly string[];
  /** Whether it adds to the global scope, or to a module: `declare global { … }`, `declare module 'd3' { … }`. */
  readonly augments: boolean;
  /** Where the first statement begins; the end of the cell if there is none. */
  readonly firstStatement: number;
}

/** Reads the syntax of a cell. */
export function scanCell(typescript: TypeScript, source: string): CellScan {
  const file = typescript.createSourceFile('cell.ts', source, typescript.ScriptTarget.Latest, true);
  const scanner = new Scanner(typescript);
  let text = source;
  for (const statement of file.statements) {
    scanner.statement(statement);
    const exportWord = exportOfDeclaration(typescript, statement);
    if (exportWord !== undefined) {
      const [start, end] = [exportWord.getStart(file), exportWord.end];
      text = text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
    }
  }
  scanner.walk(file, true);
  return {
    source: text,
    declared: scanner.declared,
    mentioned: scanner.mentioned,
    enclosed: scanner.enclosed,
    exported: scanner.exported,
    specifiers: scanner.specifiers,
    augments: scanner.augments,
    firstStatement: file.statements[0]?.getStart(file) ?? source.length,
  };
}

/** Whether a declaration adds to the global scope or to a module. */
export function isAugmentation(t: TypeScript, { name, flags }: ts.ModuleDeclaration): boolean {
  return !t.isIdentifier(name) || (flags & t.NodeFlags.GlobalAugmentation) !== 0;
}

/** The word `export` of `export const x = 1`; not that of `export default`, which has no name to share. */
function exportOfDeclaration(typescript: TypeScript, statement: ts.Statement): ts.Modifier | undefined {
  if (!typescript.canHaveModifiers(statement)) return undefined;
  const modifiers = typescript.getModifiers(statement) ?? [];
  if (modifiers.some(({ kind }) => kind === typescript.SyntaxKind.DefaultKeyword)) return undefined;
  return modifiers.find(({ kind }) => kind === typescript.SyntaxKind.ExportKeyword);
}

class Scanner {
  readonly declared = new Map<string, NameKind>();
  readonly mentioned = new Set<string>();
  readonly enclosed = new Set<string>();
  readonly exported = new Set<string>();
  readonly specifiers: string[] = [];
  augments = false;
  readonly #ts: TypeScript;

  constructor(typescript: TypeScript) {
    this.#ts = typescript;
  }

  statement(node: ts.Statement): void {
    const t = this.#ts;
    if (t.isVariableStatement(node)) this.#variables(node.declarationList);
    else if (t.isInterfaceDeclaration(node) || t.isTypeAliasDeclaration(node)) this.#add(node.name.text, 'type');
    else if (t.isModuleDeclaration(node)) {
      if (isAugmentation(t, node)) this.augments = true;
      else this.#add(node.name.text, 'const');
    } else if (t.isFunctionDeclaration(node) || t.isClassDeclaration(node)) {
      if (node.name) this.#add(node.name.text, 'const');
    } else if (t.isEnumDeclaration(node) || t.isImportEqualsDeclaration(node)) this.#add(node.name.text, 'const');
    else if (t.isImportDeclaration(node)) this.#import(node);
    else if (t.isExportDeclaration(node) && node.exportClause && t.isNamedExports(node.exportClause)) {
      for (const { name } of node.exportClause.elements) this.exported.add(name.text);
    }
  }

  /** Collects identifiers, and the `var`s that are hoisted out of blocks. */
  walk(node: ts.Node, isTop: boolean, isEnclosed = false): void {
    const t = this.#ts;
    if (t.isIdentifier(node)) {
      this.mentioned.add(node.text);
      if (isEnclosed) this.enclosed.add(node.text);
    }
    if (isTop && t.isVariableDeclarationList(node) && !(node.flags & t.NodeFlags.BlockScoped)) this.#variables(node);
    const isOwnScope =
      t.isFunctionLike(node) ||
      t.isPropertyDeclaration(node) ||
      t.isClassStaticBlockDeclaration(node) ||
      t.isModuleDeclaration(node);
    const encloses = isEnclosed || t.isFunctionLike(node) || t.isClassLike(node) || t.isModuleDeclaration(node);
    t.forEachChild(node, (child) => this.walk(child, isTop && !isOwnScope, encloses));
  }

  #add(name: string, kind: NameKind): void {
    const known = this.declared.get(name);
    this.declared.set(name, known !== undefined && kind === 'type' ? known : kind);
  }

  #variables(list: ts.VariableDeclarationList): void {
    const scope = list.flags & this.#ts.NodeFlags.BlockScoped;
    const kind = scope === this.#ts.NodeFlags.None || scope === this.#ts.NodeFlags.Let ? 'let' : 'const';
    for (const { name } of list.declarations) this.#bind(name, kind);
  }

  #bind(name: ts.BindingName, kind: NameKind): void {
    if (this.#ts.isIdentifier(name)) {
      this.#add(name.text, kind);
      return;
    }
    for (const element of name.elements) {
      if (!this.#ts.isOmittedExpression(element)) this.#bind(element.name, kind);
    }
  }

  #import({ importClause, moduleSpecifier }: ts.ImportDeclaration): void {
    const t = this.#ts;
    if (t.isStringLiteral(moduleSpecifier)) this.specifiers.push(moduleSpecifier.text);
    const isType = importClause?.phaseModifier === t.SyntaxKind.TypeKeyword;
    if (importClause?.name) this.#add(importClause.name.text, isType ? 'type' : 'const');
    const bindings = importClause?.namedBindings;
    if (bindings === undefined) return;
    if (t.isNamespaceImport(bindings)) this.#add(bindings.name.text, isType ? 'type' : 'const');
    else for (const e of bindings.elements) this.#add(e.name.text, isType || e.isTypeOnly ? 'type' : 'const');
  }
}
