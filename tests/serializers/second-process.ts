import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Our sources as JavaScript, so that a plain Node, which knows nothing of this test, can run them. */
export interface Compiled {
  /** Runs a script; `serializers` and `functions` are what our two folders export. Returns what it prints. */
  run(script: string, ...args: string[]): string;
  /** What each of these bodies of async functions returns, as JSON says it; all of them run in one process. */
  reports(bodies: readonly string[]): unknown[];
  /** Writes a script as {@link run} does, to be run otherwise. */
  write(path: string, script: string): void;
  readonly directory: string;
  remove(): void;
}

/** Compiles the sources that serializers need. */
export function compiled(): Compiled {
  // Beside node_modules, so that our dependencies are found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const directory = mkdtempSync(join(root, 'node_modules/.cache/serializers-'));
  for (const folder of ['serializers', 'internal', 'internal/functions', '.']) {
    for (const file of readdirSync(join(root, 'src', folder)).filter((name) => name.endsWith('.ts'))) {
      const target = join(directory, 'src', folder, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(join(root, 'src', folder, file), 'utf8'), {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      writeFileSync(target, outputText);
    }
  }
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(directory, 'prelude.mjs'), prelude);
  let count = 0;
  const write = (path: string, script: string): void =>
    writeFileSync(path, `import { dump, load } from './prelude.mjs';\n${script}`);
  const run = (script: string, ...args: string[]): string => {
    const path = join(directory, `script-${count}.mjs`);
    count += 1;
    write(path, script);
    const { stdout, stderr, status } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the second process failed:\n${stderr}`);
    return stdout;
  };
  return {
    directory,
    write,
    run,
    reports: (bodies) => {
      const runs = bodies.map(
        (body) =>
          `try { out.push(await (async () => { ${body} })()) } catch (e) { out.push('failed: ' + String(e.stack)) }`,
      );
      const print = 'console.log(JSON.stringify(out, (k, x) => x === undefined ? "undefined" : x))';
      return JSON.parse(run(`const out = [];\n${runs.join('\n')}\n${print}`)) as unknown[];
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

const prelude = `
import { readFileSync, writeFileSync } from 'node:fs';
import { serializerNamed } from './src/serializers/index.js';
export const dump = (name, path, value) => writeFileSync(path, Buffer.concat(serializerNamed(name).dump(value)));
export const load = (name, path) => {
  const bytes = readFileSync(path);
  return serializerNamed(name).load({
    location: path,
    sizeBytes: bytes.length,
    read: (target, position) => target.set(bytes.subarray(position, position + target.length)),
  });
};
`;
