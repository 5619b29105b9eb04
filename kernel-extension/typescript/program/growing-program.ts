/**
 * A program that cells are added to. TypeScript takes longer to make a program and its type checker than to check a cell;
 * here one checker checks many cells. It sees a program of the language service, which is left as it is, with the files of
 * cells laid over it. Written for TypeScript 6.0.3, of which `load-typescript.ts` makes sure.
 */
import type ts from 'typescript';
import type { TypeScript } from '../load-typescript.js';
import { isAugmentation } from '../scan.js';
import { isLink } from './links.js';

/** What a growing program has to know of the service. */
export interface GrowingHost {
  readonly typescript: TypeScript;
  readonly cellFile: string;
  /** The text of a file that keeps what a cell declared; `undefined`: it is no such file. */
  keptText(name: string): string | undefined;
  /** What an import in a file means. */
  resolve(specifier: string, file: string): Resolution;
}

type Resolution = ts.ResolvedModuleWithFailedLookupLocations;

/** What TypeScript has and its declarations leave out. */
interface Internals {
  createTypeChecker(host: ts.Program): Checker;
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  getTransformers(options: ts.CompilerOptions, custom: ts.CustomTransformers | undefined, only: unknown): unknown;
  emitFiles(resolver: unknown, host: object, file: ts.SourceFile, transformers: unknown, only: unknown): ts.EmitResult;
}
interface Checker extends ts.TypeChecker {
  getDiagnostics(file: ts.SourceFile): readonly ts.Diagnostic[];
  getEmitResolver(file: ts.SourceFile): unknown;
}
interface File extends ts.SourceFile, Omit<ts.CreateSourceFileOptions, 'impliedNodeFormat'> {
  path: string;
  resolvedPath: string;
  originalFileName: string;
  imports: readonly ts.StringLiteralLike[];
  moduleAugmentations: readonly ts.Node[];
  ambientModuleNames: readonly string[];
  readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[];
  readonly bindDiagnostics: readonly ts.Diagnostic[];
  readonly commentDirectives?: readonly object[];
}
interface Program extends ts.Program {
  getResolvedModule(file: File, specifier: string, mode: ts.ResolutionMode): Resolution | undefined;
  getFileIncludeReasons(): { get(path: string): readonly IncludeReason[] | undefined };
}
interface IncludeReason {
  readonly kind: number;
  readonly file?: string;
  readonly index?: number;
}

/** `ts.FileIncludeKind.Import`: by an `import` statement. */
const BY_IMPORT = 3;

/** Checks and compiles one cell after the other. */
export class GrowingProgram {
  /** The program below. */
  readonly base: ts.Program;
  /** How many cells have been added to it. */
  cells = 0;
  readonly #host: GrowingHost;
  readonly #ts: TypeScript & Internals;
  /** By name. */
  readonly #added = new Map<string, File>();
  readonly #resolved = new Map<File, Map<string, Resolution>>();
  readonly #program: ts.Program;
  readonly #checker: Checker;
  /** Whether all is there that the cell at hand has asked for. */
  #isComplete = true;

  constructor(host: GrowingHost, base: ts.Program) {
    this.base = base;
    this.#host = host;
    this.#ts = host.typescript as TypeScript & Internals;
    this.#program = this.#over(base as Program);
    this.#checker = this.#ts.createTypeChecker(this.#program);
  }

  /**
   * What `use` makes of the program with this text as the cell at hand; `undefined` where that would not be what a new
   * program says, for files are missing.
   */
  withCell<T>(text: string, use: (program: ts.Program) => T | undefined): T | undefined {
    const cell = this.#parse(this.#host.cellFile, text);
    // By path the checker remembers how a file calls others.
    cell.path = `${cell.path}/${++this.cells}`;
    // A new program looks for errors that a comment foretells; what adds to modules becomes a part of its base.
    if (cell.commentDirectives?.length || augments(this.#ts, cell)) return undefined;
    this.#isComplete = true;
    this.#add(cell);
    const result = use(this.#program);
    return this.#isComplete ? result : undefined;
  }

  #over(base: Program): ts.Program {
    const over: Partial<Program> = {
      getSourceFile: (name) => this.#added.get(name) ?? base.getSourceFile(name),
      getSourceFiles: () => [
        ...base.getSourceFiles().filter(({ fileName }) => !this.#added.has(fileName)),
        ...this.#added.values(),
      ],
      getResolvedModule: (file, specifier, mode) =>
        this.#resolved.has(file) ? this.#resolve(file, specifier) : base.getResolvedModule(file, specifier, mode),
      getFileIncludeReasons: () => ({ get: (path) => this.#includeReasons(base, path) }),
      getTypeChecker: () => this.#checker,
      getSyntacticDiagnostics: (file) => (file as File).parseDiagnostics,
      getSemanticDiagnostics: (file) => [
        ...(file as File).bindDiagnostics,
        // The checker gathers them by the name of the file, and that is the same for all cells.
        ...this.#checker.getDiagnostics(file as File).filter((each) => each.file === file),
      ],
      emit: (file, writeFile, _token, only, custom) => this.#emit(file as File, writeFile, only, custom),
    };
    return Object.assign(Object.create(base) as Program, over);
  }

  #emit(
    file: File,
    writeFile: ts.WriteFileCallback | undefined,
    only: boolean | undefined,
    custom: ts.CustomTransformers | undefined,
  ): ts.EmitResult {
    const emitHost = { writeFile, isEmitBlocked: () => false, getBuildInfo: () => undefined };
    const host = Object.assign(Object.create(this.#program) as object, emitHost);
    const transformers = this.#ts.getTransformers(this.base.getCompilerOptions(), custom, only);
    return this.#ts.emitFiles(this.#checker.getEmitResolver(file), host, file, transformers, only);
  }

  /** Parses a file as the service would. */
  #parse(name: string, text: string): File {
    const like = this.base.getSourceFile(this.#host.cellFile) as File;
    const { languageVersion, impliedNodeFormat, setExternalModuleIndicator, jsDocParsingMode } = like;
    const options = { languageVersion, impliedNodeFormat, setExternalModuleIndicator, jsDocParsingMode };
    const file = this.#ts.createSourceFile(name, text, options as ts.CreateSourceFileOptions) as File;
    file.path = file.resolvedPath = file.originalFileName = name;
    return file;
  }

  /** Lays a file over the program. */
  #add(file: File): void {
    const t = this.#ts;
    file.imports = file.statements.flatMap((each) => {
      const specifier = t.isImportDeclaration(each) || t.isExportDeclaration(each) ? each.moduleSpecifier : undefined;
      return specifier !== undefined && t.isStringLiteral(specifier) ? [specifier] : [];
    });
    file.moduleAugmentations = [];
    file.ambientModuleNames = [];
    this.#resolved.delete(this.#added.get(file.fileName) as File);
    this.#resolved.set(file, new Map());
    this.#added.set(file.fileName, file);
    t.bindSourceFile(file, this.base.getCompilerOptions());
  }

  #resolve(file: File, specifier: string): Resolution {
    const resolved = this.#resolved.get(file) as Map<string, Resolution>;
    let resolution = resolved.get(specifier);
    if (resolution === undefined) {
      resolution = this.#host.resolve(specifier, file.fileName);
      resolved.set(specifier, resolution);
    }
    const isOfUser = file.fileName === this.#host.cellFile && specifier.startsWith('.') && !isLink(specifier);
    // What the user's files import may lie elsewhere by now, which only a new program looks into.
    if (isOfUser || !this.#has(resolution.resolvedModule?.resolvedFileName)) this.#isComplete = false;
    return resolution;
  }

  /** Whether a file is there; what an earlier cell declared is added. */
  #has(name: string | undefined): boolean {
    if (name === undefined) return false;
    if (this.#added.has(name)) return true;
    const below = this.base.getSourceFile(name);
    const kept = this.#host.keptText(name);
    if (kept === undefined || kept === below?.text) return below !== undefined;
    this.#add(this.#parse(name, kept));
    return true;
  }

  /** Why a file is part of the program: TypeScript names it in declarations as the cell does that imports it. */
  #includeReasons(base: Program, path: string): readonly IncludeReason[] {
    const cell = this.#added.get(this.#host.cellFile);
    const imports = cell?.imports ?? [];
    const own = imports.flatMap(({ text }, index) =>
      cell !== undefined && this.#resolve(cell, text).resolvedModule?.resolvedFileName === path
        ? [{ kind: BY_IMPORT, file: cell.path, index }]
        : [],
    );
    return [...(base.getFileIncludeReasons().get(path) ?? []), ...own];
  }
}

/** Whether a file adds to the global scope or to a module. */
export function augments(t: TypeScript, file: ts.SourceFile): boolean {
  return file.statements.some((each) => t.isModuleDeclaration(each) && isAugmentation(t, each));
}
