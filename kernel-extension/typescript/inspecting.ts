/** Inspection: the signature and the documentation of what stands at a place of a cell. */
import type ts from 'typescript';
import type { MimeBundle } from '../magics/types.js';
import { type DocTag, type Documentation, documentationOf } from './documentation.js';
import type { TypeScript } from './load-typescript.js';
import { editedText, IMPORTED_VARIABLE, type KeptNames } from './names.js';
import type { CellService } from './program/service.js';
import { scanCell } from './scan.js';

/** Signature and documentation of what stands at `position` of a cell whose magics are masked, as text and as Markdown. */
export function inspect(
  service: CellService,
  names: KeptNames,
  source: string,
  position: number,
): MimeBundle | undefined {
  const cell = editedText(names, scanCell(service.typescript, source), service.links);
  service.setFile(service.cellFile, cell.text);
  const offset = position + cell.start;
  const found = at(service, offset) ?? (position > 0 ? at(service, offset - 1) : undefined) ?? called(service, offset);
  if (found === undefined) return undefined;
  const { signature, documentation } = found;
  return {
    'text/plain': [signature, ...plain(documentation)].join('\n\n'),
    'text/markdown': [`\`\`\`typescript\n${signature}\n\`\`\``, ...markdown(documentation)].join('\n\n'),
  };
}

interface Found {
  readonly signature: string;
  readonly documentation: Documentation | undefined;
}

function at(service: CellService, offset: number): Found | undefined {
  const { typescript: t, cellFile } = service;
  const info = service.languageService.getQuickInfoAtPosition(cellFile, offset);
  if (info === undefined) return undefined;
  const program = service.program();
  const checker = program.getTypeChecker();
  const node = nodeAt(t, program.getSourceFile(cellFile) as ts.SourceFile, info.textSpan.start);
  const symbol = node && target(t, checker, checker.getSymbolAtLocation(node));
  const documentation = node && symbol && documentationOf(t, symbol, calledOverload(t, checker, node));
  const isFunction = symbol !== undefined && (symbol.flags & t.SymbolFlags.Function) !== 0;
  return { signature: signatureOf(info, isFunction), documentation };
}

/** Between the brackets of a call, what is called. */
function called(service: CellService, offset: number): Found | undefined {
  const { typescript: t, cellFile } = service;
  let node: ts.Node | undefined = nodeAt(t, service.program().getSourceFile(cellFile) as ts.SourceFile, offset - 1);
  while (node && !(isCall(t, node) && node.expression.end < offset)) node = node.parent;
  return node && isCall(t, node) ? at(service, node.expression.end - 1) : undefined;
}

function isCall(t: TypeScript, node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return t.isCallExpression(node) || t.isNewExpression(node);
}

/** The innermost node around an offset. */
function nodeAt(t: TypeScript, file: ts.SourceFile, offset: number): ts.Node | undefined {
  const inside = (node: ts.Node): ts.Node | undefined =>
    node.pos <= offset && offset < node.end ? (t.forEachChild(node, inside) ?? node) : undefined;
  return t.forEachChild(file, inside);
}

/** What a name stands for: not the import that brings it into the cell, nor the `declare let` of an earlier variable. */
function target(t: TypeScript, checker: ts.TypeChecker, symbol: ts.Symbol | undefined): ts.Symbol | undefined {
  if (symbol === undefined) return undefined;
  if (symbol.flags & t.SymbolFlags.Alias) return target(t, checker, checker.getAliasedSymbol(symbol));
  const declared = symbol.valueDeclaration;
  const type = declared && t.isVariableDeclaration(declared) ? declared.type : undefined;
  if (type === undefined || !t.isTypeQueryNode(type) || !type.exprName.getText().startsWith(IMPORTED_VARIABLE))
    return symbol;
  return target(t, checker, checker.getSymbolAtLocation(type.exprName)) ?? symbol;
}

/** The overload that a call takes, where the name of what is called stands. */
function calledOverload(t: TypeScript, checker: ts.TypeChecker, name: ts.Node): ts.SignatureDeclaration | undefined {
  const callee = t.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  const call = callee.parent;
  if (!isCall(t, call) || call.expression !== callee) return undefined;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  return declaration && !t.isJSDocSignature(declaration) ? declaration : undefined;
}

function signatureOf({ displayParts = [] }: ts.QuickInfo, isFunction: boolean): string {
  let parts = displayParts;
  let head = '';
  if (parts[1]?.text === 'alias') {
    // "(alias) function f(): void \n import f": the name came in by the prefix line, of which the user knows nothing
    parts = parts.slice(4);
    const lineBreak = parts.map(({ kind }) => kind).lastIndexOf('lineBreak');
    if (lineBreak >= 0) parts = parts.slice(0, lineBreak);
    if (isFunction && parts[0]?.text !== 'function') head = 'function ';
  }
  return head + parts.map(({ text }) => text).join('');
}

function plain(documentation: Documentation | undefined): string[] {
  if (documentation === undefined) return [];
  const tags = documentation.tags.map(({ tag, name, text }) => [`@${tag}`, name, text].filter(Boolean).join(' '));
  return [documentation.text, tags.join('\n')].filter((part) => part !== '');
}

/** Tags that are laid out as one list, and its heading. */
const LISTS: readonly (readonly [tag: string, heading: string])[] = [
  ['template', 'Type parameters'],
  ['param', 'Parameters'],
  ['returns', 'Returns'],
  ['throws', 'Throws'],
];

function markdown(documentation: Documentation | undefined): string[] {
  if (documentation === undefined) return [];
  const { text, tags } = documentation;
  const of = (wanted: string): readonly DocTag[] => tags.filter(({ tag }) => (SAME_TAG[tag] ?? tag) === wanted);
  const lists = LISTS.flatMap(([tag, heading]) => {
    const items = of(tag);
    if (items.length === 0) return [];
    if (items.length === 1 && items[0]?.name === undefined) return [`**${heading}:** ${items[0]?.text}`];
    const lines = items.map(({ name, text }) => `- ${[name && `\`${name}\``, text].filter(Boolean).join(' — ')}`);
    return [`**${heading}**\n\n${lines.join('\n')}`];
  });
  const examples = of('example').map((example) => `**Example**\n\n${fenced(example.text)}`);
  const laidOut = new Set([...LISTS.map(([tag]) => tag), 'example']);
  const rest = tags
    .filter(({ tag }) => !laidOut.has(SAME_TAG[tag] ?? tag))
    .map(({ tag, name, text }) => [`**@${tag}**`, name, text].filter(Boolean).join(' '));
  return [text, ...lists, ...examples, rest.join('\n\n')].filter((part) => part !== '');
}

/** Tags that mean another one. */
const SAME_TAG: Readonly<Record<string, string>> = {
  return: 'returns',
  arg: 'param',
  argument: 'param',
  exception: 'throws',
  typeParam: 'template',
};

/** An example as code, unless it is Markdown with code in it. */
function fenced(example: string): string {
  if (example.includes('```')) return example;
  // `<caption>…</caption>` stands before the code.
  const { caption, code } = /^(?:<caption>(?<caption>.*?)<\/caption>\s*)?(?<code>.*)$/s.exec(example)?.groups ?? {};
  return `${caption ? `${caption}\n\n` : ''}\`\`\`typescript\n${code}\n\`\`\``;
}
