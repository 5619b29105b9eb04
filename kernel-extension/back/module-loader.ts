/** The imports of cells that `require` alone cannot do: `import(…)`, modules that await at their top level, `import.meta`. */
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import vm from 'node:vm';
import type { CellRequire } from '../tslab-adapter.js';
import { LoadedFiles } from './loaded-files.js';

type Import = (specifier: string, options?: object) => Promise<object>;

/** Loads modules for the cells of a notebook. */
export class ModuleLoader {
  /** `import.meta` of the cells. */
  readonly meta: object;
  readonly #cwd: string;
  readonly #own: ReturnType<typeof createRequire>;
  readonly #import: Import;
  readonly #files = new LoadedFiles();

  /** @param notebook The notebook's file, if it is known. */
  constructor(cwd: string, notebook: string | undefined) {
    this.#cwd = cwd;
    const filename = notebook ?? path.join(cwd, 'notebook.ipynb');
    this.#own = createRequire(filename);
    const url = pathToFileURL(filename).href;
    const resolve = (specifier: string): string => this.#url(specifier, url);
    this.meta = Object.assign(Object.create(null), { dirname: path.dirname(filename), filename, resolve, url });
    this.#import = new vm.Script('(specifier, options) => import(specifier, options)', {
      filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }).runInThisContext() as Import;
  }

  /**
   * What an import declaration brings in, as `require` would give it; a promise of it if the module awaits something.
   *
   * @throws SyntaxError if a default export is wanted that there is not.
   */
  load(
    require: CellRequire,
    specifier: string,
    wantsDefault: boolean,
  ): { module: unknown } | Promise<{ module: unknown }> {
    const checked = (module: unknown): { module: unknown } => {
      if (wantsDefault && isNamespace(module) && !('default' in module)) {
        throw new SyntaxError(`The requested module '${specifier}' does not provide an export named 'default'`);
      }
      return { module };
    };
    try {
      return checked(require(specifier));
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return this.dynamic(require, specifier).then((module) => {
        checked(module);
        return { module: interoperable(module) };
      });
    }
  }

  /** `import(…)`. Packages are the same copies that import declarations bring in. */
  async dynamic(require: CellRequire, given: unknown, options?: object): Promise<object> {
    // Of a specifier that is computed nobody has known that it names a compiled file.
    const specifier = String(given).replace(/^(\.{0,2}\/.*)\.tsx?$/, '$1.js');
    if (isBuiltin(specifier) || /^[a-z][a-z+.-]+:/i.test(specifier)) return this.#import(specifier, options);
    const isFile = /^\.{0,2}\//.test(specifier);
    // Node.js would keep what it has read once.
    if (isFile && specifier.endsWith('.json')) return { default: require(specifier) };
    if (specifier === 'tslab' || (isFile && !/\.(?:mjs|node|wasm)$/.test(specifier))) {
      try {
        return namespace(require(specifier));
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      }
    }
    return this.#import(this.#found(specifier), options);
  }

  /** The `require` of cells: with all that Node's has, and it reads the user's own files again when they have changed. */
  reading(require: CellRequire): CellRequire {
    const reading: CellRequire = (specifier) =>
      /^\.{0,2}\//.test(specifier)
        ? this.#files.load(path.resolve(this.#cwd, specifier), () => require(specifier))
        : require(specifier);
    const { resolve, cache, main, extensions } = this.#own;
    return Object.assign(reading, { resolve, cache, main, extensions });
  }

  /** Where a package lies, as a URL; what is not found stays as it is, for Node.js to say so. */
  #found(specifier: string): string {
    try {
      return pathToFileURL(this.#own.resolve(specifier)).href;
    } catch {
      return specifier;
    }
  }

  #url(specifier: string, base: string): string {
    if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
    if (/^\.{0,2}\//.test(specifier)) return new URL(specifier, base).href;
    return /^[a-z][a-z+.-]+:/i.test(specifier) ? specifier : pathToFileURL(this.#own.resolve(specifier)).href;
  }
}

/** A module as compiled cells take it: marked as one, so that its default export is told from itself. */
function interoperable(module: object): object {
  const result = Object.create(null, { __esModule: { value: true } }) as object;
  for (const name of Object.keys(module)) {
    Object.defineProperty(result, name, { get: () => (module as Record<string, unknown>)[name], enumerable: true });
  }
  return result;
}

/** What `import()` gives for a module that was loaded by `require`. */
function namespace(exports: unknown): object {
  if (isNamespace(exports)) return exports;
  const object = typeof exports === 'object' && exports !== null ? exports : {};
  return '__esModule' in object ? object : { ...object, default: exports };
}

function isNamespace(module: unknown): module is object {
  return types.isModuleNamespaceObject(module);
}
