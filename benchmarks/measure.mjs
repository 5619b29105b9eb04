/** Shared by the benchmarks. */

/** The median of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Microseconds per call of `body`, over `times` calls. */
export function perCall(body, times) {
  const start = performance.now();
  for (let i = 0; i < times; i += 1) body();
  return ((performance.now() - start) * 1000) / times;
}
