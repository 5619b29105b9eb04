import type { Json } from '../calls/record.js';

/**
 * Starts to measure a call. What it returns ends the measurement and gives the `runtime` metadata of the Python library:
 * `timestart` and `timestop` in seconds since 1970 UTC, `walltime`, `cputime` and `systime` in seconds; CPU times are of
 * the whole process.
 */
export function measureRuntime(): () => Readonly<Record<string, Json>> {
  const timestart = Date.now() / 1000;
  const clock = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const used = process.cpuUsage(cpu);
    return {
      timestart,
      cputime: used.user / 1e6,
      systime: used.system / 1e6,
      timestop: Date.now() / 1000,
      walltime: (performance.now() - clock) / 1000,
    };
  };
}
