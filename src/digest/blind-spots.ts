/** How many things a notice lists. */
const most = 3;

/** What the user is told of code that uses what cannot be digested. */
export function noticeOf(label: string, blind: readonly string[], advice: string): string {
  const all = [...new Set(blind)];
  const listed = all.length > most ? [...all.slice(0, most), `and ${all.length - most} more`] : all;
  return `${label} uses ${listed.join('; ')}. A change of ${listed.length === 1 ? 'it' : 'these'} is not noticed, and an old result may be given: ${advice}.`;
}
