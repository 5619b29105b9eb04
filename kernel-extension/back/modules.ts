/** How the imports of cells find their modules at run time. */
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { isLentPackage, isOwnPackage, resolutionBase } from '../shared/installation.js';

const HOW_CELLS_IMPORT =
  /loading ES Module|require\(\) (?:of|for) ES Module|Importing JSON modules|USE_MAIN_CONTEXT_DEFAULT_LOADER/;

type Parent = { readonly filename?: string; readonly paths?: readonly string[] } | undefined;
type Resolve = (request: string, parent: Parent, ...rest: unknown[]) => string;

/**
 * Cells import by `require`, which since Node 20.19 takes ECMAScript modules as well. On top of what Node does:
 * `fleche` is always the kernel's own copy; some packages are lent by the kernel when they are not found; and a package
 * with nothing but an `import` condition is found.
 */
export function hookModules(): void {
  const node = Module as unknown as { _resolveFilename: Resolve };
  const original = node._resolveFilename.bind(Module);
  const kernel = Module.createRequire(resolutionBase);
  node._resolveFilename = (request, parent, ...rest) => {
    // The kernel's own question comes here again.
    if (parent?.filename === resolutionBase) return original(request, parent, ...rest);
    if (isOwnPackage(request)) return kernel.resolve(request);
    try {
      return original(request, parent, ...rest);
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      // Not something else that the package needs.
      const isItself = code === 'MODULE_NOT_FOUND' && message.includes(`'${request}'`);
      if (isItself && isLentPackage(request)) return kernel.resolve(request);
      const found = code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? importOnly(request, parent?.paths ?? []) : undefined;
      if (found === undefined) throw error;
      return found;
    }
  };
  hideModuleWarnings();
}

/** Where the `import` condition of a package's `exports` points to. */
function importOnly(request: string, folders: readonly string[]): string | undefined {
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(request) ?? [];
  if (name === undefined) return undefined;
  for (const folder of folders) {
    const root = path.join(folder, name);
    const file = path.join(root, 'package.json');
    if (!existsSync(file)) continue;
    const { exports } = JSON.parse(readFileSync(file, 'utf8')) as { exports?: unknown };
    const target = targetOf(exports, rest === undefined ? '.' : `./${rest}`);
    return target === undefined ? undefined : path.join(root, target);
  }
  return undefined;
}

function targetOf(exports: unknown, subpath: string): string | undefined {
  if (typeof exports !== 'object' || exports === null) return undefined;
  const entries = exports as Record<string, unknown>;
  if (subpath in entries) return conditional(entries[subpath], '');
  if (subpath === '.' && !Object.keys(entries).some((key) => key.startsWith('.'))) return conditional(exports, '');
  for (const [key, value] of Object.entries(entries)) {
    const [head, tail] = key.split('*');
    if (head === undefined || tail === undefined) continue;
    if (!subpath.startsWith(head) || !subpath.endsWith(tail) || subpath.length < key.length) continue;
    return conditional(value, subpath.slice(head.length, subpath.length - tail.length));
  }
  return undefined;
}

function conditional(target: unknown, star: string): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', star);
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, inner] of Object.entries(target)) {
    if (!['import', 'node', 'module-sync', 'default'].includes(condition)) continue;
    const found = conditional(inner, star);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** That `require` loads an ECMAScript module is our way of importing, and no news for the user of a cell. */
function hideModuleWarnings(): void {
  const original = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
    const text = typeof warning === 'string' ? warning : warning.message;
    if (HOW_CELLS_IMPORT.test(text)) return;
    original(warning, ...rest);
  }) as typeof process.emitWarning;
}
