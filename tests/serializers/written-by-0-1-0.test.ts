import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pickle } from '../../src/serializers/index.js';
import { source } from './bytes.js';
import { picture } from './exactly.js';
import { type Compiled, compiled } from './second-process.js';

/** Files of the first release, which every later one reads; see tests/fixtures/README.md. */
const folder = fileURLToPath(new URL('../fixtures/serialized-0.1.0/', import.meta.url));
const values = JSON.parse(readFileSync(`${folder}values.json`, 'utf8')) as readonly {
  readonly file: string;
  readonly picture?: unknown;
  readonly use?: string;
  readonly result?: unknown;
}[];

/** As `values.json` was written. */
function plain(value: unknown): unknown {
  const replaced = (_: string, each: unknown): unknown => {
    if (each === undefined) return 'undefined';
    if (typeof each === 'symbol' || (typeof each === 'number' && !Number.isFinite(each))) return String(each);
    return typeof each === 'function' ? 'function' : each;
  };
  return JSON.parse(JSON.stringify(value, replaced)) as unknown;
}

/** Without the property `stack` of errors, which newer versions of V8 keep behind a getter; its text is in the content. */
function withoutStack(drawn: unknown): unknown {
  if (Array.isArray(drawn)) return drawn.map(withoutStack);
  if (typeof drawn !== 'object' || drawn === null) return drawn;
  return Object.fromEntries(
    Object.entries(drawn).map(([key, each]) =>
      key === 'own'
        ? [key, (each as unknown[][]).filter(([name]) => name !== 'stack').map(withoutStack)]
        : [key, withoutStack(each)],
    ),
  );
}

describe('data that 0.1.0 wrote', () => {
  test.each(values.filter((each) => each.picture !== undefined))('$file', ({ file, picture: expected }) => {
    const value = pickle.load(source(readFileSync(folder + file), file));
    expect(plain(withoutStack(picture(value)))).toEqual(expected);
  });
});

describe('what else 0.1.0 wrote, in a process that has never seen it', () => {
  const used = values.filter((each) => each.use !== undefined);
  let code: Compiled;
  let results: readonly unknown[];

  beforeAll(() => {
    code = compiled();
    const runs = used.map(({ file, use }) => {
      const rung = file.slice(file.lastIndexOf('.') + 1);
      const body = `globalThis.counted = 0; const v = load(${JSON.stringify(rung)}, ${JSON.stringify(folder + file)}); return ${use};`;
      return `try { out.push(await (async () => { ${body} })()) } catch (e) { out.push(String(e.stack)) }`;
    });
    const script = `import * as acorn from 'acorn';
globalThis.count = (x) => { globalThis.counted += 1; return x; };
const plain = ${plain.toString()};
const out = [];
${runs.join('\n')}
console.log(JSON.stringify(out.map(plain)));`;
    results = JSON.parse(code.run(script)) as readonly unknown[];
  });
  afterAll(() => code.remove());

  test.each(used.map(({ file, result }, index) => [file, result, index] as const))('%s', (_, result, index) => {
    expect(results[index]).toEqual(result);
  });
});
