/**
 * Doc comments, read where somebody asks for one: parsing those of all libraries would take a third of the kernel's start.
 */
import type ts from 'typescript';
import type { TypeScript } from './load-typescript.js';
import { commentOf } from './types/joined-texts.js';

/** A tag of a doc comment: `@param name text`, `@returns text`. */
export interface DocTag {
  readonly tag: string;
  /** Of a `@param` or `@template`: whom it speaks of. */
  readonly name: string | undefined;
  readonly text: string;
}

/** What a doc comment says. */
export interface Documentation {
  readonly text: string;
  readonly tags: readonly DocTag[];
}

/** The documentation of a symbol, or of the one signature of it that is called. */
export function documentationOf(
  t: TypeScript,
  symbol: ts.Symbol,
  called: ts.SignatureDeclaration | undefined,
): Documentation | undefined {
  for (const declaration of called === undefined ? [] : [called]) {
    const found = documentationAt(t, declaration);
    if (found !== undefined) return found;
  }
  const found = (symbol.declarations ?? []).flatMap((declaration) => documentationAt(t, declaration) ?? []);
  if (found.length === 0) return undefined;
  // Of overloads that are not told apart, the first one speaks for all; parts of an interface add to each other.
  if (symbol.flags & t.SymbolFlags.Function || symbol.flags & t.SymbolFlags.Method) return found[0];
  const texts = [...new Set(found.map(({ text }) => text).filter((text) => text !== ''))];
  return { text: texts.join('\n\n'), tags: found.flatMap(({ tags }) => tags) };
}

function documentationAt(t: TypeScript, declaration: ts.Node): Documentation | undefined {
  const { text } = declaration.getSourceFile();
  const range = t
    .getLeadingCommentRanges(text, documented(t, declaration).pos)
    ?.filter(({ pos }) => text.startsWith('/**', pos) && text[pos + 3] !== '/')
    .at(-1);
  return range && parseComment(t, commentOf(text, range.pos, range.end, t.sys.readFile));
}

/** The node that the comment stands before. */
function documented(t: TypeScript, node: ts.Node): ts.Node {
  if (t.isVariableDeclaration(node) && t.isVariableDeclarationList(node.parent)) {
    const statement = node.parent.parent;
    return t.isVariableStatement(statement) && node.parent.declarations[0] === node ? statement : node;
  }
  const { parent } = node;
  // `const f = () => …`, `{ f: () => … }`
  const isValue = t.isFunctionExpression(node) || t.isArrowFunction(node) || t.isClassExpression(node);
  if (isValue && (t.isVariableDeclaration(parent) || t.isPropertyAssignment(parent))) return documented(t, parent);
  return node;
}

function parseComment(t: TypeScript, comment: string): Documentation {
  const file = t.createSourceFile('comment.ts', `${comment}\nfunction f() {}`, t.ScriptTarget.Latest, true);
  const text = (value: string | ts.NodeArray<ts.JSDocComment> | undefined): string =>
    typeof value === 'string' ? value : (value ?? []).map((part) => linkless(t, part)).join('');
  const result = { text: '', tags: [] as DocTag[] };
  for (const part of file.statements[0] ? t.getJSDocCommentsAndTags(file.statements[0]) : []) {
    if (!t.isJSDoc(part)) continue;
    result.text = text(part.comment).trim();
    for (const tag of part.tags ?? []) {
      let name: string | undefined;
      if (t.isJSDocParameterTag(tag)) name = tag.name.getText(file);
      if (t.isJSDocTemplateTag(tag)) name = tag.typeParameters.map((each) => each.name.text).join(', ');
      const note = text(tag.comment).trim();
      // `@throws {RangeError} …`: the type is no part of the text.
      const type = t.isJSDocThrowsTag(tag) ? tag.typeExpression?.type.getText(file) : undefined;
      const see = t.isJSDocSeeTag(tag) ? tag.name?.getText(file) : undefined;
      const whole = [type === undefined ? undefined : `{${type}}`, see, note].filter(Boolean).join(' ');
      // `@param x - text`
      result.tags.push({ tag: tag.tagName.text, name, text: name === undefined ? whole : whole.replace(/^-\s*/, '') });
    }
  }
  return result;
}

/** `{@link https://… text}` as Markdown has links; links to names become the name. */
function linkless(t: TypeScript, part: ts.JSDocComment): string {
  if (!t.isJSDocLinkLike(part)) return part.text;
  const target = part.name?.getText() ?? '';
  const label = part.text.replace(/^\s*\|?\s*/, '').trim();
  const address = /^(:\/\/\S+)\s*\|?\s*(.*)$/s.exec(part.text);
  // TypeScript takes `https` for a name and leaves the rest of the address to the text.
  if (address !== null) return `[${address[2] || target + address[1]}](${target}${address[1]})`;
  return label === '' ? `\`${target}\`` : /^[.(]/.test(label) ? `\`${target}${label}\`` : label;
}
