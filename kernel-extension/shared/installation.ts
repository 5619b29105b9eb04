/** Where the kernel itself is installed, and what it lends to notebooks. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package that this file belongs to, in the sources and in `dist` alike. */
export const packageRoot: string = findPackageRoot(path.dirname(fileURLToPath(import.meta.url)));

/** A file name from which the kernel's own packages resolve; the file need not exist. */
export const resolutionBase: string = path.join(packageRoot, '__kernel__.ts');

/** The version of this package. */
export const packageVersion: string = readPackage(packageRoot).version ?? '0';

/** Whether `specifier` always means the kernel's own copy: so cells share the kernel's active cache. */
export function isOwnPackage(specifier: string): boolean {
  return specifier === 'fleche' || specifier.startsWith('fleche/');
}

/** Whether the kernel lends its copy of the package when the notebook's folder has none. */
export function isLentPackage(specifier: string): boolean {
  return /^(?:numpy-ts|tslab)(?:\/|$)/.test(specifier);
}

/**
 * Makes sure that the kernel has what it needs and a plain library does not.
 *
 * @throws Error that says how to install what is missing.
 */
export function requireKernelPackages(...names: readonly string[]): void {
  const { resolve } = createRequire(resolutionBase);
  const missing = names.filter((name) => {
    try {
      resolve(`${name}/package.json`);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  const { optionalDependencies = {} } = readPackage(packageRoot);
  const packages = missing.map((name) => `${name}@${optionalDependencies[name]}`).join(' ');
  throw new Error(`the kernel needs optional dependencies that are not installed: npm install ${packages}`);
}

function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (readPackage(folder).name === 'fleche') return folder;
    if (folder === path.dirname(folder)) throw new Error(`${from} does not lie in the package fleche`);
  }
}

interface Package {
  readonly name?: string;
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function readPackage(folder: string): Package {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Package;
  } catch {
    return {};
  }
}
