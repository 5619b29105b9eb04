import { ConfigurationError } from 'fleche';
import { duration } from '../duration.js';
import type { BuiltInMagic } from '../registry.js';
import { measuredExpression } from './measured-expression.js';

export const time: BuiltInMagic = {
  name: 'time',
  description: 'tells how long an expression or a cell takes',
  placement: 'both',
  arguments: [
    {
      name: 'expression',
      description: 'TypeScript; with await, what it waits for counts too',
      kind: 'expression',
      optional: true,
    },
  ],
  details:
    '%time f(x) gives the value of f(x); %%time on the first line is for its cell and all that the cell declares.\nCPU times are those of the whole process, wall time is what passed. Checking and compiling are not counted.',
  async run({ arguments: { expression }, isCell, runCell, write, host }) {
    if (isCell === (expression !== undefined)) {
      throw new ConfigurationError(
        'write %time f(x) for an expression, or %%time alone on the first line for the cell below',
      );
    }
    const run = expression === undefined ? runCell : await host.compile(measuredExpression('time', expression));
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    try {
      return await run();
    } finally {
      const wall = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(cpu);
      const [inUser, inSystem, total] = [user, system, user + system].map((micros) => duration(micros / 1e6));
      write('stdout', `CPU times: user ${inUser}, sys: ${inSystem}, total: ${total}\nWall time: ${duration(wall)}\n`);
    }
  },
};
