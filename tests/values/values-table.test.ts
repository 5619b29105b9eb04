import { expect, test } from 'vitest';
import { prose } from './values-prose.js';
import { valuesTable } from './values-table.js';

/** What the platform's own objects are made of differs between versions of Node. */
const isSameNode = process.versions.node.startsWith('20.');

test.runIf(isSameNode)(
  'docs/values.md is what running the corpus gives; write it with: npm run docs',
  async () => {
    await expect(`${prose}\n${await valuesTable()}\n`).toMatchFileSnapshot('../../docs/values.md');
  },
  300_000,
);
