/** How the imports of cells find their types. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';
import { isLentPackage, isOwnPackage, resolutionBase } from '../../shared/installation.js';
import type { TypeScript } from '../load-typescript.js';
import { isLink } from './links.js';

/** The part of a language service host that resolves imports and type references. */
export type ResolutionHost = Required<
  Pick<ts.LanguageServiceHost, 'resolveModuleNameLiterals' | 'resolveTypeReferenceDirectiveReferences'>
> & {
  /** Where TypeScript looks for the `package.json` of a file in a package; it would read them anew at every cell. */
  getModuleResolutionCache(): ts.ModuleResolutionCache;
  /** What an import in a file means. */
  resolveModuleName(name: string, containingFile: string): ts.ResolvedModuleWithFailedLookupLocations;
};

/**
 * The folder whose sub-folder `node` holds the types of Node: what the notebook's folder has, or else the kernel's own.
 */
export function nodeTypesRoot(cwd: string): string {
  for (const base of [path.join(cwd, 'notebook.ts'), resolutionBase]) {
    try {
      return path.dirname(path.dirname(createRequire(base).resolve('@types/node/package.json')));
    } catch {
      // look in the next place
    }
  }
  throw new Error('@types/node is missing: install the package again, optional dependencies included');
}

/** The file that refers to all of the types of Node, written with `/` as TypeScript writes it. */
export function nodeTypesIndex(cwd: string): string {
  return path.join(nodeTypesRoot(cwd), 'node', 'index.d.ts').replaceAll(path.sep, '/');
}

/**
 * Imports resolve from the file they stand in. `fleche` is always the kernel's own copy, and some packages are lent by
 * the kernel when they are not found.
 */
export function createResolution(
  typescript: TypeScript,
  options: ts.CompilerOptions,
  host: ts.ModuleResolutionHost,
  cwd: string,
): ResolutionHost {
  const cache = typescript.createModuleResolutionCache(cwd, (name) => name, options);
  const nodeTypes = nodeTypesIndex(cwd);
  const resolve = (name: string, from: string): ts.ResolvedModuleWithFailedLookupLocations =>
    // What is missing today may be installed tomorrow: only what packages import is remembered.
    typescript.resolveModuleName(name, from, options, host, from.includes('/node_modules/') ? cache : undefined);
  // There are many of them in every cell.
  const keptCell = (base: string): ts.ResolvedModuleWithFailedLookupLocations => {
    const extension = host.fileExists(`${base}.ts`) ? typescript.Extension.Ts : typescript.Extension.Dts;
    const found = { resolvedFileName: base + extension, extension, isExternalLibraryImport: false };
    return { resolvedModule: { ...found, resolvedUsingTsExtension: false }, failedLookupLocations: [] } as never;
  };
  const resolveModuleName = (name: string, containingFile: string): ts.ResolvedModuleWithFailedLookupLocations => {
    if (isLink(name)) return keptCell(path.posix.join(path.posix.dirname(containingFile), name));
    if (isOwnPackage(name)) return resolve(name, resolutionBase);
    const found = resolve(name, containingFile);
    return found.resolvedModule === undefined && isLentPackage(name) ? resolve(name, resolutionBase) : found;
  };
  return {
    getModuleResolutionCache: () => cache,
    resolveModuleName,
    resolveModuleNameLiterals: (literals, file) => literals.map(({ text }) => resolveModuleName(text, file)),
    // One set of Node's types, also for packages that bring their own: two would contradict each other.
    resolveTypeReferenceDirectiveReferences: (references, containingFile) =>
      references.map((reference) => {
        const name = typeof reference === 'string' ? reference : reference.fileName;
        if (name === 'node') {
          return {
            resolvedTypeReferenceDirective: { primary: true, resolvedFileName: nodeTypes },
            failedLookupLocations: [],
          };
        }
        return typescript.resolveTypeReferenceDirective(name, containingFile, options, host);
      }),
  };
}
