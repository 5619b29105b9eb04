/** How a path inside a value goes on to its property `key`: `.options`, `["we ird"]`, `[1]`, `[Symbol(x)]`. */
export function step(key: PropertyKey): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  if (typeof key === 'number' || /^(0|[1-9]\d*)$/.test(key)) return `[${String(key)}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
