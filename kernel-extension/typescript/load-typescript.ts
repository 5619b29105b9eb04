/**
 * Loads TypeScript's 9 MB bundle through a V8 code cache, which saves two thirds of the time that a plain `require` takes.
 * (`module.enableCompileCache` does the same, but does not exist on Node 20.)
 */
import { isAscii } from 'node:buffer';
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import vm from 'node:vm';

/** TypeScript's classic API. */
export type TypeScript = typeof import('typescript');

/** The version that the kernel is written for: 7 has no classic API, and it is the one that users' cells are checked by. */
const EXPECTED_VERSION = '6.0.3';

const require = createRequire(import.meta.url);

/** Where compiled code is kept: `$XDG_CACHE_HOME/fleche` or `~/.cache/fleche`. */
function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME;
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'), 'fleche');
}

/**
 * Loads TypeScript. `save` writes the code cache, if there was none that fits; call it after the first check, so that it
 * holds the functions that were really used.
 *
 * @throws Error if TypeScript is not installed or of another version.
 */
export function loadTypeScript(): { readonly ts: TypeScript; save(): void } {
  const file = require.resolve('typescript');
  const bytes = readFileSync(file);
  // By content and not by time: each installation would leave a file of its own.
  const cacheFile = path.join(
    cacheDirectory(),
    `typescript-${hash('sha256', bytes).slice(0, 32)}-${process.version}-${process.arch}.bin`,
  );
  const cachedData = readIfThere(cacheFile);
  // Decoding UTF-8 takes three times as long.
  const script = new vm.Script(Module.wrap(bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8')), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module = new Module(file);
  module.filename = file;
  const run = script.runInThisContext() as (...args: unknown[]) => void;
  run(module.exports, createRequire(file), module, file, path.dirname(file));
  const ts = module.exports as TypeScript;
  if (ts.version !== EXPECTED_VERSION) {
    throw new Error(`the kernel needs TypeScript ${EXPECTED_VERSION}, but ${file} is ${ts.version}`);
  }
  const isFresh = cachedData !== undefined && script.cachedDataRejected !== true;
  let saved = isFresh;
  return {
    ts,
    save() {
      if (saved) return;
      saved = true;
      writeQuietly(cacheFile, script.createCachedData());
    },
  };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Without the file the next start takes longer, no more: a read-only home is no reason to fail. */
function writeQuietly(file: string, data: Buffer): void {
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, data);
    renameSync(temporary, file);
  } catch {
    // see above
  }
}
