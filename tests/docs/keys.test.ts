import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groups, type Host } from '../keys/table/cases.js';
import { type Results, runColumn } from '../keys/table/columns.js';
import { ROOT } from '../package/source-files.js';

const page = join(ROOT, 'docs/keys.md');
const hosts: readonly (readonly [Host, string])[] = [
  ['node', 'Node modules'],
  ['kernel', 'kernel of fleche'],
  ['tslab', 'stock tslab'],
];

it('docs/keys.md says what happens', async () => {
  expect(existsSync(join(ROOT, 'dist/src/index.js')), 'npm run build comes first').toBe(true);
  const cases = groups.flatMap((group) => group.cases);
  const columns: Results[] = [];
  for (const [host] of hosts) columns.push(await runColumn(host, cases));
  const table = groups.map((group) =>
    [
      `| ${group.title} | ${hosts.map(([, title]) => title).join(' | ')} |`,
      `|---|${hosts.map(() => '---|').join('')}`,
      ...group.cases.map((each) => `| ${each.title} | ${columns.map((found) => found.get(each) ?? '–').join(' | ')} |`),
    ].join('\n'),
  );
  const [before, , after] = readFileSync(page, 'utf8').split(/(?<=<!-- table -->\n)|(?=<!-- end -->)/);
  await expect(`${before}\n${table.join('\n\n')}\n\n${after}`).toMatchFileSnapshot(page);
}, 600_000);
