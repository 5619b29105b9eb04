/**
 * sql.js with its files on the real disk. Emscripten lets us make the WebAssembly instance (`instantiateWasm`), and its
 * system calls are ordinary imports of that instance, so they are replaced one by one; nothing of sql.js is patched.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SystemCallName, SystemCalls } from './system-calls.js';
import type { WasmMemory } from './wasm-memory.js';
import { type WasmInstance, type WasmLinearMemory, type WasmModule, wasm } from './web-assembly.js';

/** What a column can hold. */
export type SqlValue = string | number | null | Uint8Array;

/** The part of sql.js that is used. It throws plain errors with SQLite's message, without its code. */
export interface SqlJs {
  readonly Database: new (data?: Uint8Array) => SqlJsDatabase;
}
export interface SqlJsDatabase {
  prepare(sql: string): SqlJsStatement;
  exec(sql: string): readonly { readonly values: readonly (readonly SqlValue[])[] }[];
  getRowsModified(): number;
  close(): void;
}
export interface SqlJsStatement {
  bind(values: readonly SqlValue[]): boolean;
  step(): boolean;
  get(): SqlValue[];
  reset(): boolean;
  free(): boolean;
}

type Imports = Record<string, Record<string, (...values: unknown[]) => unknown>>;
type InitSqlJs = (options: {
  instantiateWasm(imports: Imports, done: (instance: WasmInstance) => void): object;
}) => Promise<SqlJs>;

/**
 * The release build of sql.js 1.16.0 has one-letter import names, which are other ones in every other build. Only the
 * very bytes that this table was read from are used with it.
 */
const knownRelease = '43bbcdd44287e5a2db3b6b5af34b1a3485a7a441285d247976c1ebe3c61f8dbf';
// biome-ignore format: a table
const releaseNames: Readonly<Record<SystemCallName, string>> = {
  faccessat: 'D', fchmod: 'j', fchown32: 'h', fcntl64: 'b', fstat64: 'g', ftruncate64: 'J', lstat64: 'M',
  newfstatat: 'L', openat: 'x', readlinkat: 's', stat64: 'N', unlinkat: 'o',
  fd_close: 'e', fd_read: 't', fd_seek: 'E', fd_sync: 'K', fd_write: 'q',
};
const callNames = Object.keys(releaseNames) as SystemCallName[];

/** One build of sql.js: where its files lie and what its imports are called. */
interface Build {
  readonly script: string;
  readonly module: WasmModule;
  readonly importOf: (call: SystemCallName) => readonly [module: string, name: string];
}

/** Where the package's builds lie. @throws Error if sql.js is not installed. */
export function sqlJsDirectory(): string {
  return join(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.js'), '..');
}

/**
 * Loads an instance of sql.js that nobody else shares.
 *
 * @param directory The `dist` directory of the package.
 * @throws Error if the package does not load or is a build that we cannot put on real files.
 */
export async function loadSqlJs(directory: string, calls: SystemCalls, memory: WasmMemory): Promise<SqlJs> {
  const build = await (builds.get(directory) ?? chooseBuild(directory));
  builds.set(directory, build);
  return requirePrivately(build.script)({
    instantiateWasm(imports, done) {
      const replaced: Imports = Object.fromEntries(
        Object.entries(imports).map(([module, functions]) => [module, { ...functions }]),
      );
      for (const call of callNames) {
        const [module, name] = build.importOf(call);
        const functions = replaced[module] as Imports[string];
        const original = functions[name] as (...values: unknown[]) => unknown;
        functions[name] = (...values) => calls.run(call, values) ?? original(...values);
      }
      const instance = new wasm.Instance(build.module, replaced);
      memory.attach(Object.values(instance.exports).find((value) => value instanceof wasm.Memory) as WasmLinearMemory);
      done(instance);
      return instance.exports;
    },
  });
}

/** Compiled once for all instances. */
const builds = new Map<string, Build>();

/** The release build when it is the one we know; else the debug build, whose imports have their names (and is slower). */
async function chooseBuild(directory: string): Promise<Build> {
  const bytes = readFileSync(join(directory, 'sql-wasm.wasm'));
  if (createHash('sha256').update(bytes).digest('hex') === knownRelease) {
    return checked({
      script: join(directory, 'sql-wasm.js'),
      module: await wasm.compile(bytes),
      importOf: (call) => ['a', releaseNames[call]],
    });
  }
  return checked({
    script: join(directory, 'sql-wasm-debug.js'),
    module: await wasm.compile(readFileSync(join(directory, 'sql-wasm-debug.wasm'))),
    importOf: (call) => (call.startsWith('fd_') ? ['wasi_snapshot_preview1', call] : ['env', `__syscall_${call}`]),
  });
}

function checked(build: Build): Build {
  const present = new Set(wasm.Module.imports(build.module).map(({ module, name }) => `${module} ${name}`));
  const missing = callNames.filter((call) => !present.has(build.importOf(call).join(' ')));
  if (missing.length > 0) throw new Error(`${build.script} does not import ${missing.join(', ')}`);
  return build;
}

/** sql.js keeps one instance per loaded script for everybody; so it is loaded as if nobody had, and forgotten again. */
function requirePrivately(script: string): InitSqlJs {
  const require = createRequire(import.meta.url);
  const before = require.cache[script];
  delete require.cache[script];
  try {
    return require(script) as InitSqlJs;
  } finally {
    delete require.cache[script];
    if (before !== undefined) require.cache[script] = before;
  }
}
