/** Cached functions and what comes with them, in the process that made them and in one that never saw them. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isFlecheError } from '../../src/errors.js';
import { Cache, cache, fleche } from '../../src/index.js';
import { cloudpickle, dill } from '../../src/serializers/index.js';
import { CallMemory, ValueMemory } from '../../src/storage/index.js';
import { type Compiled, compiled } from '../values/compiled.js';

let code: Compiled;
beforeAll(() => {
  code = compiled();
});
afterAll(() => code.remove());

/** Runs a module beside our own, compiled ones. */
function run(name: string, program: string): unknown {
  const path = join(code.directory, name);
  const prelude = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { Cache, cache, fleche } from './src/index.js';
    import { cloudpickle, dill } from './src/serializers/index.js';
    import { CallMemory, ValueMemory } from './src/storage/index.js';
    cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() }));
    const load = (serializer, path) => { const bytes = readFileSync(path); return serializer.load({ location: path, sizeBytes: bytes.length, read: (target, at) => target.set(bytes.subarray(at, at + target.length)) }); };
  `;
  writeFileSync(path, prelude + program);
  const { stdout, stderr, status } = spawnSync(process.execPath, [path], { encoding: 'utf8', cwd: code.directory });
  if (status !== 0) throw new Error(stderr);
  return stdout === '' ? undefined : JSON.parse(stdout);
}

test.each(['cloudpickle', 'dill'])('%s gives cached functions back as cached ones', (rung) => {
  const file = JSON.stringify(join(code.directory, `${rung}.bin`));
  run(
    `write-${rung}.mjs`,
    `const k = 3;
     const inner = fleche({ name: 'inner' }, (x) => x * k);
     const value = { inner, again: inner, over: (x) => inner(x) + 1, bound: inner.bind(null, 5), ask: (x) => inner.fleche.contains(x) };
     writeFileSync(${file}, Buffer.concat(${rung}.dump(value)));`,
  );
  const result = run(
    `read-${rung}.mjs`,
    `const { inner, again, over, bound, ask } = load(${rung}, ${file});
     console.log(JSON.stringify([inner === again, ask(4), over(4), ask(4), inner.fleche.contains(4), bound(), inner.fleche.load(5)]));`,
  );
  expect(result).toEqual([true, false, 13, true, true, 15, 15]);
});

describe.each([cloudpickle, dill])('$name says what to keep instead of', ({ name, dump }) => {
  const area = fleche({ name: 'area' }, (w: number, h: number) => w * h);
  const inCache = <T>(make: () => T): T =>
    cache(new Cache({ values: new ValueMemory(), calls: new CallMemory() }), make);

  test.each<[string, () => unknown, string]>([
    [
      'what fleche.bind gives',
      () => ({ a: [area.fleche.bind(2)] }),
      'the result of fleche.bind(…), which is tied to a cache of this process at .a[0]; keep the function itself, and bind it again',
    ],
    [
      'what fleche.bind gives, in a variable',
      () => {
        const by = area.fleche.bind(2);
        return (h: number) => by(h);
      },
      'the result of fleche.bind(…), which is tied to a cache of this process at → captured by; keep the function itself, and bind it again',
    ],
    [
      'the helpers of a cached function',
      () => [area.fleche],
      'the helpers of a cached function at [0]; keep the function itself, which has them wherever it is',
    ],
  ])('%s', (_, make, message) => {
    try {
      dump(inCache(make));
      expect.unreachable();
    } catch (error) {
      if (!isFlecheError(error, 'Serialization')) throw error;
      expect(error.message).toBe(`cannot ${name} ${message}`);
    }
  });
});
