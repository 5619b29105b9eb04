/** A time for people, three digits of it: `1.23 ms`. */
export function duration(seconds: number): string {
  if (seconds >= 60) {
    const whole = Math.round(seconds);
    const parts = [
      [Math.floor(whole / 3600), 'h'],
      [Math.floor((whole % 3600) / 60), 'min'],
      [whole % 60, 's'],
    ] as const;
    return parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ');
  }
  for (const [unit, size] of [
    ['s', 1],
    ['ms', 1e-3],
    ['µs', 1e-6],
  ] as const) {
    if (seconds >= size) return `${digits(seconds / size)} ${unit}`;
  }
  return seconds === 0 ? '0 ns' : `${digits(seconds / 1e-9)} ns`;
}

/** Three digits that count, never written with an exponent: 1234 stays whole. */
function digits(value: number): string {
  return String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
}
