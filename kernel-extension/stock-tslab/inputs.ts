import type { InputRequest } from '../magics/types.js';

/** Those of a session's inputs that are wanted, with their numbers from 1. */
export function selectInputs(
  inputs: readonly string[],
  { range, limit, pattern }: InputRequest,
): (readonly [number, string])[] {
  const fits = pattern === undefined ? /^/ : globPattern(pattern);
  const numbered = inputs
    .map((source, index) => [index + 1, source] as const)
    .filter(([number, source]) => {
      const isInRange = range === undefined || (range[0] <= number && number <= range[1]);
      return isInRange && fits.test(source);
    });
  return limit === undefined ? numbered : numbered.slice(-limit);
}

function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
}
