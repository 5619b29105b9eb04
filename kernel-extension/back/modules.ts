/** How the imports of cells find their modules at run time. */
import { existsSync, readFileSync } from 'node:fs';
import Module from 'node:module';
import path from 'node:path';
import { isLentPackage, isOwnPackage, resolutionBase } from '../shared/installation.js';

type Resolve = (this: unknown, request: string, parent: { paths?: string[] } | undefined, ...rest: unknown[]) => string;

/**
 * Cells import by `require`, which since Node 20.19 takes ECMAScript modules as well. On top of what Node does:
 * `fleche` is always the kernel's own copy; some packages are lent by the kernel when they are not found; and a package
 * with nothing but an `import` condition is found.
 */
export function hookModules(): void {
  const node = Module as unknown as { _resolveFilename: Resolve };
  const original = node._resolveFilename;
  const own = Module.createRequire(resolutionBase);
  node._resolveFilename = function (request, parent, ...rest) {
    if (isOwnPackage(request) && parent?.paths !== undefined) return own.resolve(request);
    try {
      return original.call(this, request, parent, ...rest);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'MODULE_NOT_FOUND' && isLentPackage(request) && isFrom(error, request)) {
        return original.call(
          this,
          request,
          { ...parent, paths: Module.createRequire(resolutionBase).resolve.paths(request) ?? [] },
          ...rest,
        );
      }
      if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
        const found = importOnly(request, parent?.paths ?? []);
        if (found !== undefined) return found;
      }
      throw error;
    }
  };
  hideModuleWarnings();
}

/** Whether it is `request` itself that was not found, and not something that it needs. */
function isFrom(error: unknown, request: string): boolean {
  return String((error as Error).message).includes(`'${request}'`);
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
    if (/loading ES Module|require\(\) (?:of|for) ES Module|Importing JSON modules/.test(text)) return;
    original(warning, ...rest);
  }) as typeof process.emitWarning;
}
