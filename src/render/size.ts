const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/**
 * A size for people, in powers of 1000: `512 B`, `1.2 kB`, `100 MB`.
 *
 * @example
 * import { humanSize } from 'fleche/render';
 * console.log(humanSize(1200)); // 1.2 kB
 */
export function humanSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.95 would be rounded to `1000.0`.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
