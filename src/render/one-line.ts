/** Characters that would break a line, move the cursor or turn the direction of writing. */
const control = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Text in one line of at most `limit` characters; what does not fit is cut and `…` says so. */
export function oneLine(text: string, limit: number): string {
  // Cut first: only the beginning of a long text is looked at. A character takes at most two units, so enough is left.
  const line = text.slice(0, 2 * limit + 2).replace(control, ' ');
  const characters = [...line];
  const whole = characters.length <= limit && text.length <= 2 * limit + 2;
  return whole ? line : `${characters.slice(0, limit - 1).join('')}…`;
}
