import type { MetadataProvider } from './provider.js';

/**
 * Measures a call. Its fields are the `runtime` metadata of the Python library: `timestart` and `timestop` in seconds
 * since 1970 UTC, `walltime`, `cputime` and `systime` in seconds; CPU times are of the whole process.
 */
export const runtime: MetadataProvider = {
  namespace: 'runtime',
  start() {
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
  },
};
