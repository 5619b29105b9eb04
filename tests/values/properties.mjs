/** Runs the properties with as many random values as asked for: `npm run properties -- --runs 10000 [--seed 7]`. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string' } },
});
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', 'tests/values/properties.test.ts', 'tests/values/two-processes.test.ts'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      FLECHE_PROPERTY_RUNS: values.runs,
      ...(values.seed !== undefined && { FLECHE_PROPERTY_SEED: values.seed }),
    },
  },
);
process.exitCode = status ?? 1;
