/**
 * Code that is named instead of copied: what every process has (the language, Node's modules) and what packages export.
 * A name is enough to find it again in another process, and says all that a digest needs.
 */
import { builtinModules, createRequire } from 'node:module';
import { types } from 'node:util';
import { languageGlobals, nodeGlobals } from './globals.js';
import { type PackageFile, packageFileOf, packageFilePath } from './package-files.js';

/** The name of something by where it is found. The forms are on disk: they are permanent. */
export type Reference =
  /** Reached from `globalThis`, or one of the functions of the language without a name (`%GeneratorFunction%`). */
  | { readonly from: 'global'; readonly path: readonly string[] }
  /** A module of Node, or an export of it; `whole`: as CommonJS gives it, or as `import *` does. */
  | { readonly from: 'node'; readonly module: string; readonly path: readonly string[]; readonly whole?: 'import' }
  /** A file of a package, or an export of it. */
  | ({ readonly from: 'package'; readonly path: readonly string[]; readonly whole?: 'import' } & PackageFile);

const require = createRequire(import.meta.url);

/** The reference to a function or object, if it needs no look into V8 to find it. */
export function referenceTo(value: object): Reference | undefined {
  const found = intrinsics().get(value) ?? nodeExports().get(value) ?? packagesFound.get(value);
  if (found !== undefined || unnameable.has(value)) return found;
  if (typeof value !== 'function') return wholeModule(value);
  // Listing what is loaded takes longer than all the rest, so it is done once for each function.
  unnameable.add(value);
  return packageExports().get(value);
}

const unnameable = new WeakSet<object>();

/** Takes note of the modules that were loaded since the last time, for objects to be found among their exports. */
export function noteLoadedModules(): void {
  packageExports();
}

/** The reference to a function that stands in the script with this URL, if that is a file of a package that exports it. */
export function exportedFrom(url: string, value: object): Reference | undefined {
  const file = packageFileOf(url);
  if (file === undefined) return undefined;
  const namespace = loaded(packageFilePath(file));
  if (namespace === undefined) return undefined;
  if (namespace === value) return { from: 'package', ...file, path: [] };
  const name = exportName(namespace, value);
  return name === undefined ? undefined : { from: 'package', ...file, path: [name] };
}

/**
 * What a reference names, in this process.
 *
 * @throws Error if there is no such module or export here.
 */
export function resolveReference(reference: Reference): unknown {
  if (reference.from === 'global') {
    const [first] = reference.path;
    if (first?.startsWith('%')) return unnamed.get(first);
    return follow(globalThis, reference.path, 'this version of Node');
  }
  const name = reference.from === 'node' ? reference.module : packageFilePath(reference);
  const module = require(name) as object;
  if (reference.whole === 'import' && !types.isModuleNamespaceObject(module)) return asNamespace(module);
  return follow(module, reference.path, name);
}

/** How a reference is written for people: `node:path.join`. */
export function referenceName(reference: Reference): string {
  const from =
    reference.from === 'global'
      ? []
      : [reference.from === 'node' ? reference.module : `${reference.package}/${reference.file}`];
  return [...from, ...reference.path].join('.');
}

function follow(start: object, path: readonly string[], where: string): unknown {
  let at: unknown = start;
  for (const key of path) {
    at = (at as { readonly [key: string]: unknown } | undefined)?.[key];
    if (at === undefined) throw new TypeError(`${where} has no ${path.join('.')}`);
  }
  return at;
}

/** A module of CommonJS as `import *` shows it. */
function asNamespace(module: object): object {
  return Object.freeze({ __proto__: null, ...module, default: module });
}

const unnamed: ReadonlyMap<string, object> = new Map<string, object>([
  ['%TypedArray%', Object.getPrototypeOf(Uint8Array) as object],
  ['%GeneratorFunction%', function* () {}.constructor],
  ['%AsyncFunction%', (async () => {}).constructor],
  ['%AsyncGeneratorFunction%', async function* () {}.constructor],
]);

const behindGetter: ReadonlySet<string> = new Set(['crypto', 'navigator', 'process', 'Buffer']);

let intrinsicsFound: ReadonlyMap<object, Reference> | undefined;

function intrinsics(): ReadonlyMap<object, Reference> {
  if (intrinsicsFound !== undefined) return intrinsicsFound;
  const found = new Map<object, Reference>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (!isObject(value) || found.has(value)) return;
    found.set(value, { from: 'global', path });
    if (path.length >= 3) return;
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      // What hangs on `process` and the like is state, not code, except for the functions right on it.
      if (languageGlobals.has(path[0] ?? '') || typeof descriptor.value === 'function')
        visit(descriptor.value, [...path, key]);
    }
  };
  found.set(globalThis, { from: 'global', path: [] });
  for (const name of [...languageGlobals, ...nodeGlobals]) {
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, name);
    // Of the globals behind getters most are only loaded by being touched.
    const value: unknown =
      descriptor?.value ?? (behindGetter.has(name) ? descriptor?.get?.call(globalThis) : undefined);
    visit(value, [name]);
  }
  for (const [name, value] of unnamed) visit(value, [name]);
  intrinsicsFound = found;
  return found;
}

const nodeFound = new WeakMap<object, Reference>();
let nodeModulesSeen = -1;

/** The exports of Node's modules, of those that are loaded: nobody can hold an export of another one. */
function nodeExports(): WeakMap<object, Reference> {
  const { moduleLoadList } = process as unknown as { readonly moduleLoadList?: readonly string[] };
  const seen = moduleLoadList?.length ?? 0;
  if (seen === nodeModulesSeen) return nodeFound;
  nodeModulesSeen = seen;
  const isLoaded = moduleLoadList && new Set(moduleLoadList);
  for (const name of builtinModules) {
    if (name.startsWith('_') || (isLoaded && !isLoaded.has(`NativeModule ${name.replace('node:', '')}`))) continue;
    const module = loaded(name);
    if (module === undefined) continue;
    const specifier = name.startsWith('node:') ? name : `node:${name}`;
    note(nodeFound, module, { from: 'node', module: specifier, path: [] });
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(module)) as [
      string,
      PropertyDescriptor,
    ][]) {
      if (isObject(value) && typeof value === 'function')
        note(nodeFound, value, { from: 'node', module: specifier, path: [key] });
    }
  }
  return nodeFound;
}

const packagesFound = new WeakMap<object, Reference>();
const packageFilesSeen = new Set<string>();

/** The exports of all files of packages that were loaded through `require`. */
function packageExports(): WeakMap<object, Reference> {
  const { cache } = require;
  for (const path of Object.keys(cache)) {
    const module = cache[path];
    if (packageFilesSeen.has(path) || !module?.loaded) continue;
    packageFilesSeen.add(path);
    const file = packageFileOf(path);
    const exported: unknown = module.exports;
    if (file === undefined || !isObject(exported) || types.isProxy(exported)) continue;
    note(packagesFound, exported, { from: 'package', ...file, path: [] });
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(exported)) as [
      string,
      PropertyDescriptor,
    ][]) {
      if (typeof value === 'function') note(packagesFound, value as object, { from: 'package', ...file, path: [key] });
    }
  }
  return packagesFound;
}

/** The first name wins: `node:path.join` and `node:path/posix.join` are one function. */
function note(found: WeakMap<object, Reference>, value: object, reference: Reference): void {
  if (!found.has(value)) found.set(value, reference);
}

/** `import * as path`, and what TypeScript makes of it in CommonJS. */
function wholeModule(value: object): Reference | undefined {
  const module = Object.getOwnPropertyDescriptor(value, 'default')?.value as unknown;
  if (!isObject(module)) return undefined;
  const reference = nodeExports().get(module) ?? packagesFound.get(module);
  if (reference === undefined || reference.from === 'global' || reference.path.length > 0) return undefined;
  return types.isModuleNamespaceObject(value) || isCopyOf(module, value)
    ? { ...reference, whole: 'import' }
    : undefined;
}

/** Whether `value` has the exports of `module`, as they are or behind getters, besides the module itself as `default`. */
function isCopyOf(module: object, value: object): boolean {
  const names = Object.keys(value).filter((name) => name !== 'default');
  const isSame = (name: string): boolean => {
    const descriptor = Object.getOwnPropertyDescriptor(value, name);
    const original = Object.getOwnPropertyDescriptor(module, name);
    if (descriptor === undefined || original === undefined) return false;
    return descriptor.get !== undefined || Object.is(descriptor.value, original.value);
  };
  return names.length > 0 && names.every(isSame);
}

function exportName(namespace: object, value: object): string | undefined {
  for (const key of Object.keys(namespace)) {
    const descriptor = Object.getOwnPropertyDescriptor(namespace, key);
    if (descriptor?.value === value) return key;
  }
  return undefined;
}

function loaded(name: string): object | undefined {
  try {
    const module: unknown = require(name);
    return isObject(module) ? module : undefined;
  } catch {
    // Modules that need a flag, or that wait at their top level.
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
