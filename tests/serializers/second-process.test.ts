import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { joined } from './bytes.js';
import { data } from './data.js';
import { type Compiled, compiled } from './second-process.js';

let code: Compiled;
beforeAll(() => {
  code = compiled();
});
afterAll(() => code.remove());

test.each([pickle, cloudpickle, dill])('data that another process reads and writes again: $name', ({ name, dump }) => {
  const [written, again] = [join(code.directory, `${name}-1`), join(code.directory, `${name}-2`)];
  const bytes = joined(dump(data.map(([label, make]) => [label, make()])));
  writeFileSync(written, bytes);
  code.run(`dump('${name}', ${JSON.stringify(again)}, load('${name}', ${JSON.stringify(written)}));`);
  expect(readFileSync(again).equals(bytes)).toBe(true);
});
