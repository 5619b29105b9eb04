/** Help for what people write who know IPython, where TypeScript can only say that it does not understand. */

/** A hint for the line of a cell in which TypeScript has found an error. */
export function hintOf(line: string): string | undefined {
  const assigned = /^(.*[^=!<>]=)\s*!!?\s*([A-Za-z./~][^=]*)$/.exec(line);
  if (assigned !== null) {
    const [, target = '', command = ''] = assigned;
    return `To keep what a command writes: ${target.trim()} await $\`${command.trim().replace(/;$/, '')}\``;
  }
  const magic = /^.*=\s*%(\w+)/.exec(line)?.[1];
  if (magic !== undefined)
    return `%${magic} stands at the beginning of a line; the value of a magic cannot be assigned.`;
  const inside = /^\s+!\s*([A-Za-z./~][^=&|]*)$/.exec(line)?.[1];
  if (inside !== undefined) {
    return `A shell line begins in the first column, outside of blocks; in a block: await $\`${inside.trim().replace(/;$/, '')}\``;
  }
  return undefined;
}
