import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../package/source-files.js';

const program = `
import { Cache, cache, fleche } from 'fleche';
import { CallMemory, ValueMemory } from 'fleche/storage';
cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() }));
const by = 3;
const times = fleche({ name: 'times' }, (x) => x * by);
console.log(times(2), times.fleche.contains(2));
`;

it('a function whose variables Node does not show is cached by its text, and a notice says so', () => {
  expect(existsSync(join(ROOT, 'dist/src/index.js')), 'npm run build comes first').toBe(true);
  const isOld = !process.allowedNodeEnvironmentFlags.has('--permission');
  const flags = [isOld ? '--experimental-permission' : '--permission', '--allow-fs-read=*'];
  const run = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(run.stdout).toBe('6 true\n');
  expect(run.stderr.match(/FlecheWarning/g)).toHaveLength(1);
  expect(run.stderr).toContain(
    'times uses variables of outer scopes (what functions capture can only be seen through node:inspector',
  );
});
