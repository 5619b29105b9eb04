/**
 * The names that compiled loops of cells use. Cells cannot: text that is not the user's has to be told from the user's
 * when a function is printed or digested, exactly.
 */

/**
 * `CHECK();` opens the body of a loop that may not end by itself; `CHECK(1);` one that had no braces, and `CHECK;` closes
 * it. In an async function it is `CHECK.turn(CALL);` or `CHECK.turn(CALL, 1);`, and the function begins with
 * `const CALL = CHECK.enter();`. Of a loop in it that nothing else can run in, the turns have `CHECK(CALL);` or
 * `CHECK(CALL, 1);` only, and the whole is `{ CHECK.turn(CALL, 1); … CHECK; }`. What a tight loop does again before the next
 * check stands between the comments {@link AGAIN} and {@link END}.
 */
export const CHECK = '__fleche_check';
/** See {@link CHECK}. */
export const CALL = '__fleche_call';
/** See {@link CHECK}. */
export const AGAIN = '__fleche_again';
/** See {@link CHECK}. */
export const END = '__fleche_end';
/** What text of a cell must not contain. */
export const RESERVED: RegExp = /__fleche_[\p{ID_Continue}$]*|(?<![\p{ID_Continue}$])__b_[\p{ID_Continue}$]*/u;

const REPEATED = new RegExp(`\\s*/\\*${AGAIN}\\*/.*?/\\*${END}\\*/`, 'gs');
const OPENING = new RegExp(`\\{\\s*${CHECK}(?:\\.turn)?\\((?:${CALL}, )?1\\);\\s*`, 'g');
const CLOSING = new RegExp(`\\s*\\b${CHECK};\\s*\\}`, 'g');
const STATEMENT = new RegExp(
  `\\s*(?:const ${CALL} = ${CHECK}\\.enter\\(\\)|${CHECK}(?:\\.turn)?\\((?:${CALL})?\\));`,
  'g',
);

/** The text of a compiled function without the checks of its loops. */
export function withoutChecks(text: string): string {
  return text.includes(CHECK)
    ? text.replace(REPEATED, '').replace(OPENING, '').replace(CLOSING, '').replace(STATEMENT, '')
    : text;
}
