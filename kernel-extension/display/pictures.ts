/** Pictures: bytes, SVG and elements of a document. */
import { inspect } from 'node:util';
import { escapeHtml } from 'fleche/render';
import { textOf } from './html-text.js';
import type { Representations } from './types.js';

/** What pictures begin with, in Latin-1; `.` is any byte. */
const SIGNATURES: readonly (readonly [type: string, start: string])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF87a'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'RIFF....WEBP'],
];

/** Bytes of a picture, by what they begin with. */
export function pictureOf(bytes: Uint8Array): Representations | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 18)).toString('latin1');
  const type = SIGNATURES.find(([, signature]) => fits(start, signature))?.[0];
  if (type === undefined) return undefined;
  return { [type]: bytes, 'text/plain': `<${type}, ${bytes.byteLength} bytes>` };
}

function fits(start: string, signature: string): boolean {
  return [...signature].every((character, i) => character === '.' || character === start[i]);
}

/** Whether a text is an SVG document. */
export function isSvg(text: string): boolean {
  const begins = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
    text.slice(0, 2000),
  );
  return begins && /<\/svg>\s*$/i.test(text.slice(-100));
}

/** An SVG document. Where a notebook is not trusted, inline SVG is dropped, but not as a picture. */
export function svgRepresentations(source: string): Representations {
  const document = standAlone(source);
  return { 'text/html': svgAsImage(document), 'image/svg+xml': document, 'text/plain': opening(source) };
}

/** SVG as the source of a picture. */
export function svgAsImage(source: string): string {
  return `<img src="data:image/svg+xml;base64,${Buffer.from(standAlone(source)).toString('base64')}">`;
}

/** An element of a document, of whatever library, as Observable Plot makes them. */
export function elementRepresentations(value: object): Representations | undefined {
  const { outerHTML } = value as { readonly outerHTML?: unknown };
  if (typeof outerHTML !== 'string') return undefined;
  if (isSvg(outerHTML)) return svgRepresentations(outerHTML);
  // The words of a drawing, such as the labels of its axes, say nothing without it.
  const text = textOf(replaceSvg(outerHTML, (svg) => `${escapeHtml(opening(svg))}\n`));
  return { 'text/html': replaceSvg(outerHTML, svgAsImage), 'text/plain': text === '' ? opening(outerHTML) : text };
}

/** HTML with something else in the place of each outermost `<svg>`. */
function replaceSvg(html: string, replacement: (svg: string) => string): string {
  let result = '';
  let from = 0;
  let depth = 0;
  let start = 0;
  for (const { 0: tag, index } of html.matchAll(/<svg[\s>]|<\/svg\s*>/gi)) {
    if (!tag.startsWith('</')) {
      if (depth++ === 0) start = index;
    } else if (depth > 0 && --depth === 0) {
      result += html.slice(from, start) + replacement(html.slice(start, index + tag.length));
      from = index + tag.length;
    }
  }
  return result + html.slice(from);
}

/** As a document of its own SVG names its language; its text is neither black nor white, to be seen on both. */
function standAlone(source: string): string {
  return source.replace(/<svg(?=[\s>])([^>]*)>/i, (_, attributes: string) => {
    const language = /\sxmlns\s*=/.test(attributes) ? '' : ' xmlns="http://www.w3.org/2000/svg"';
    const links =
      source.includes('xlink:') && !/\sxmlns:xlink\s*=/.test(attributes)
        ? ' xmlns:xlink="http://www.w3.org/1999/xlink"'
        : '';
    const color = source.includes('currentColor') && !/\scolor\s*=/.test(attributes) ? ' color="#808080"' : '';
    return `<svg${language}${links}${color}${attributes}>`;
  });
}

/** The opening tag, as a text for where no picture is shown. */
function opening(source: string): string {
  const tag = /<[a-z][^>]*>/i.exec(source.slice(0, 2000))?.[0] ?? inspect(source.slice(0, 100));
  return tag.length > 200 ? `${tag.slice(0, 199)}…` : tag;
}
