/** HTML as text. */

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };

/** The text of HTML, for where no HTML is shown. */
export function textOf(source: string): string {
  return source
    .replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(
      /<\/(?:p|div|tr|li|h\d|table|ul|ol|pre|blockquote|section|article|figure|figcaption)\s*>|<br\s*\/?>/gi,
      '\n',
    )
    .replace(/<\/t[dh]\s*>/gi, ' ')
    .replace(/<\/?[a-z!][^>]*>/gi, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name] as string)
    .replace(/[ \t]+$/gm, '')
    .trim();
}
