/** Tags of templates: text in a language that a notebook shows in a form of its own. */
import { escapeHtml } from 'fleche/render';
import { textOf } from './html-text.js';
import { svgAsImage, svgRepresentations } from './pictures.js';
import type { Representations, RichTag, RichText } from './types.js';

const DISPLAY = Symbol.for('Jupyter.display');

class Source implements RichText {
  readonly source: string;
  readonly language: 'html' | 'svg' | 'md' | 'latex';

  constructor(language: Source['language'], source: string) {
    this.language = language;
    this.source = source;
  }

  toString(): string {
    return this.source;
  }

  [DISPLAY](): Representations {
    const { language, source } = this;
    switch (language) {
      case 'html':
        return { 'text/html': source, 'text/plain': textOf(source) };
      case 'svg':
        return svgRepresentations(source);
      case 'md':
        return { 'text/markdown': source, 'text/plain': source };
      case 'latex': {
        const formula = /^\s*(?:\$|\\begin\b|\\\[|\\\()/.test(source) ? source : `$$${source}$$`;
        return { 'text/latex': formula, 'text/plain': source };
      }
    }
  }
}

/** HTML; values in it are text, unless they are HTML or SVG of such a template themselves. A list is all of its members. */
export const html: RichTag = (strings, ...values) => new Source('html', joined(strings, values, asHtml));
/** SVG; values in it are text, unless they are SVG of such a template themselves. */
export const svg: RichTag = (strings, ...values) => new Source('svg', joined(strings, values, asSvg));
/** Markdown; values are put in as they are, and backslashes need not be doubled: `$\\pi$` is a formula. */
export const md: RichTag = ({ raw }, ...values) => new Source('md', joined(raw.map(asWritten), values, String));
/** A formula in LaTeX; backslashes need not be doubled. */
export const latex: RichTag = ({ raw }, ...values) => new Source('latex', joined(raw.map(asWritten), values, String));

/** Text of a template without the backslashes that it needs itself, before a backtick and `${`. */
function asWritten(raw: string): string {
  return raw.replace(/\\(`|\$(?=\{))/g, '$1');
}

function joined(strings: readonly string[], values: readonly unknown[], show: (value: unknown) => string): string {
  return strings.map((text, i) => text + (i < values.length ? show(values[i]) : '')).join('');
}

function asHtml(value: unknown): string {
  if (Array.isArray(value)) return value.map(asHtml).join('');
  if (value instanceof Source && value.language === 'html') return value.source;
  if (value instanceof Source && value.language === 'svg') return svgAsImage(value.source);
  return escapeHtml(String(value));
}

function asSvg(value: unknown): string {
  if (Array.isArray(value)) return value.map(asSvg).join('');
  return value instanceof Source && value.language === 'svg' ? value.source : escapeHtml(String(value));
}
