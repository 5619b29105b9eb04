/**
 * Names that a cell declares anew. Functions of earlier cells see the new value at once, not only when the cell has ended:
 * after each statement that declares or assigns one stands `__cell.declared("name")`, for functions at the start.
 */
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';
import type { CellText } from '../names.js';
import { assignedNames, assignedTarget, some } from './code-that-runs.js';

/** Writes these statements. */
export class Redeclarations {
  readonly #ts: TypeScript;
  readonly #factory: ts.NodeFactory;
  readonly #names: ReadonlySet<string>;

  constructor(typescript: TypeScript, factory: ts.NodeFactory, { redeclared }: CellText) {
    this.#ts = typescript;
    this.#factory = factory;
    this.#names = redeclared;
  }

  /** What stands before these statements of a cell, which have not been transformed. */
  before(statements: readonly ts.Statement[]): ts.Statement[] {
    const t = this.#ts;
    return this.#call(
      statements.flatMap((each) => (t.isFunctionDeclaration(each) && each.name ? [each.name.text] : [])),
    );
  }

  /** What stands after a statement of a cell, which has not been transformed. */
  after(statement: ts.Statement | undefined): ts.Statement[] {
    return statement === undefined || this.#names.size === 0 ? [] : this.#call(this.#changedBy(statement));
  }

  #changedBy(statement: ts.Statement): string[] {
    const t = this.#ts;
    if (t.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => this.#bound(name));
    if (t.isClassDeclaration(statement) || t.isEnumDeclaration(statement))
      return statement.name ? [statement.name.text] : [];
    if (t.isModuleDeclaration(statement)) return [statement.name.text];
    if (t.isFunctionDeclaration(statement) || t.isInterfaceDeclaration(statement)) return [];
    const names: string[] = [];
    some(t, statement, (node) => {
      const target = assignedTarget(t, node);
      if (target !== undefined) names.push(...assignedNames(t, target).map(({ text }) => text));
      return false;
    });
    return names;
  }

  #bound(name: ts.BindingName): string[] {
    if (this.#ts.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((each) => (this.#ts.isOmittedExpression(each) ? [] : this.#bound(each.name)));
  }

  #call(names: readonly string[]): ts.Statement[] {
    const known = [...new Set(names)].filter((name) => this.#names.has(name));
    if (known.length === 0) return [];
    const f = this.#factory;
    const declared = f.createPropertyAccessExpression(f.createIdentifier('__cell'), 'declared');
    const given = known.map((name) => f.createStringLiteral(name));
    return [f.createExpressionStatement(f.createCallExpression(declared, undefined, given))];
  }
}
