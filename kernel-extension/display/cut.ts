/** Bounds for what is shown: a browser must be able to hold it. */

/** How long the text of one value may be, in UTF-16 units. */
const TEXT_UNITS = 1_000_000;

/** The beginning and the end of a text that is too long, and between them how much is left out. */
export function cutInTheMiddle(text: string, limit: number = TEXT_UNITS): string {
  if (text.length <= limit) return text;
  const end = Math.floor(limit / 10);
  const [first, last] = [text.slice(0, limit - end), text.slice(-end)];
  return `${first}\n… ${grouped(text.length - limit)} characters left out; show a part of the value to see them …\n${last}`;
}

/** A whole number with its digits in groups: `1,000,000`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
