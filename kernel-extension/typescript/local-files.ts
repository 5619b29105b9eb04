/** The user's own files beside the notebook that cells import: compiled when they, or files that they import, have changed. */
import path from 'node:path';
import type ts from 'typescript';
import type { CompiledFile } from '../shared/messages.js';
import type { CellService } from './program/service.js';

/** What TypeScript has and its declarations leave out. */
interface Program extends ts.Program {
  getResolvedModuleFromModuleSpecifier(
    specifier: ts.StringLiteralLike,
    file: ts.SourceFile,
  ): ts.ResolvedModuleWithFailedLookupLocations | undefined;
}
interface File extends ts.SourceFile {
  readonly imports?: readonly ts.StringLiteralLike[];
  readonly version?: string;
}

/** By name; `undefined`: there is no such file. */
type Versions = ReadonlyMap<string, string | undefined>;

/** What the other thread has of a file. */
interface Compiled {
  /** Of the file and of all that it imports, as they were when it was compiled. */
  readonly versions: Versions;
  readonly isChecked: boolean;
}

/** Knows which local files have been compiled, and which of them the other thread has. */
export class LocalFiles {
  readonly #service: CellService;
  /** By name. */
  readonly #compiled = new Map<string, Compiled>();
  /** What the other thread has to get, by path. */
  readonly #waiting = new Map<string, CompiledFile>();
  #sent: readonly CompiledFile[] = [];

  constructor(service: CellService) {
    this.#service = service;
  }

  /** Those that the cell at hand imports, or that they import, if they are new or have changed, also by what they import. */
  changed(): ts.SourceFile[] {
    const reached = [...this.#reached(this.#service.program().getSourceFile(this.#service.cellFile) as ts.SourceFile)];
    return reached.filter((file) => {
      if (!/\.[jt]sx?$/.test(file.fileName) || !this.#service.isLocal(file)) return false;
      const known = this.#compiled.get(file.fileName);
      return !known?.isChecked || !areEqual(known.versions, versionsOf(this.#reached(file)));
    });
  }

  /** Compiles these. */
  compile(changed: readonly ts.SourceFile[]): void {
    for (const file of changed) {
      let [data, map] = ['', undefined as string | undefined];
      this.#service.program().emit(file, (name, text) => {
        if (name.endsWith('.map')) map = text;
        else if (/\.jsx?$/.test(name)) data = text;
      });
      this.#take({ name: file.fileName, source: file.text, map }, data);
      this.#compiled.set(file.fileName, { versions: versionsOf(this.#reached(file)), isChecked: true });
    }
  }

  /** All that the other thread has to get with the next cell. Until it has {@link arrived} it is told again. */
  send(): readonly CompiledFile[] {
    this.#compileUnseen();
    this.#sent = [...this.#waiting.values()];
    return this.#sent;
  }

  /** The other thread has what was sent last. */
  arrived(): void {
    for (const file of this.#sent) if (this.#waiting.get(file.path) === file) this.#waiting.delete(file.path);
    this.#sent = [];
  }

  /**
   * Compiles those that have changed and that the cell does not import as far as TypeScript can see: it may load them all
   * the same, by `require` or by a name that it computes.
   */
  #compileUnseen(): void {
    const { typescript, versionOf } = this.#service;
    const current = new Map<string, string | undefined>();
    for (const [name, { versions }] of this.#compiled) {
      for (const each of versions.keys()) if (!current.has(each)) current.set(each, versionOf(each));
      const now = new Map([...versions.keys()].map((each) => [each, current.get(each)]));
      if (areEqual(versions, now)) continue;
      this.#compiled.set(name, { versions: now, isChecked: false });
      const source = typescript.sys.readFile(name);
      if (source === undefined) this.#take({ name, source: '', map: undefined }, missing(name));
      else {
        const compilerOptions = this.#service.program().getCompilerOptions();
        const { outputText, sourceMapText } = typescript.transpileModule(source, { fileName: name, compilerOptions });
        this.#take({ name, source, map: sourceMapText }, outputText);
      }
    }
  }

  #take(of: CompiledFile['of'], code: string): void {
    const data = code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
    const target = of.name.replace(/\.[jt]sx?$/, '.js');
    this.#waiting.set(target, { path: target, data, of });
    // `./sub` means `./sub/index.ts`, but is looked for as `./sub.js`.
    const folder = path.dirname(target);
    if (path.basename(target) !== 'index.js') return;
    const forward = `module.exports = require(${JSON.stringify(`./${path.basename(folder)}/index.js`)});`;
    const ofForward = { name: `${folder}.js`, source: '', map: undefined };
    this.#waiting.set(ofForward.name, { path: ofForward.name, data: forward, of: ofForward });
  }

  /** The file and all of the user's that it imports. */
  #reached(file: ts.SourceFile, reached: Set<ts.SourceFile> = new Set()): Set<ts.SourceFile> {
    if (reached.has(file)) return reached;
    reached.add(file);
    const program = this.#service.program() as Program;
    for (const specifier of (file as File).imports ?? []) {
      // Its symbol would not do: a file that exports nothing has none.
      const { resolvedModule } = program.getResolvedModuleFromModuleSpecifier(specifier, file) ?? {};
      const target = resolvedModule && program.getSourceFile(resolvedModule.resolvedFileName);
      if (target !== undefined && this.#service.isLocal(target)) this.#reached(target, reached);
    }
    return reached;
  }
}

function versionsOf(files: Iterable<ts.SourceFile>): Versions {
  return new Map([...files].map((file) => [file.fileName, (file as File).version]));
}

function areEqual(some: Versions, others: Versions): boolean {
  return some.size === others.size && [...some].every(([name, version]) => others.get(name) === version);
}

function missing(name: string): string {
  const message = JSON.stringify(`Cannot find module '${name}'`);
  return `throw Object.assign(new Error(${message}), { code: 'MODULE_NOT_FOUND' });`;
}
