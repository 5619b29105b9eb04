import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository. */
export const ROOT: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** One import of a source file, however it is written. */
export interface Import {
  readonly specifier: string;
  /** `static` runs when the file is loaded, `lazy` when the code is reached, `type` never. */
  readonly when: 'static' | 'lazy' | 'type';
  readonly line: number;
}

/** A source file with what it imports. */
export interface SourceFile {
  /** From the root, with slashes: `src/digest/types.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

/** All TypeScript and JavaScript files below these folders of the repository, sorted by path. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/')),
  );
  return paths.sort().map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, lines: text.split('\n').length, imports: importsOf(path, text) };
  });
}

/** What `text` imports: declarations, `import()` as an expression and as a type, `require` and `require.resolve`. */
export function importsOf(path: string, text: string): Import[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, false);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, when: Import['when']): void => {
    if (node === undefined || !ts.isStringLiteralLike(node)) return;
    const line = file.getLineAndCharacterOfPosition(node.end).line + 1;
    found.push({ specifier: node.text, when, line });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node) ? 'type' : 'static');
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node) ? 'type' : 'static');
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, 'type');
    else if (ts.isCallExpression(node) && isLoader(node.expression)) add(node.arguments[0], 'lazy');
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether nothing of the declaration is left at run time (`verbatimModuleSyntax`: braces of types alone still load). */
function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  return ts.isImportDeclaration(node)
    ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
    : node.isTypeOnly;
}

/** `import(…)`, `require(…)`, `require.resolve(…)`, `createRequire(…)(…)`, and names that end in "Require". */
function isLoader(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee))
    return callee.text === 'require' || (callee.text.endsWith('Require') && callee.text !== 'createRequire');
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text === 'resolve' && isLoader(callee.expression);
  return (
    ts.isCallExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === 'createRequire'
  );
}
