/**
 * The language service that checks cells. Its program holds one root file that is the cell at hand, one that keeps every
 * library seen so far loaded, and one file for each earlier cell that the cell at hand mentions.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type ts from 'typescript';
import { FileVersions } from '../../shared/file-versions.js';
import type { TypeScript } from '../load-typescript.js';
import { languageTypes } from '../types/language-types.js';
import { joinedNodeTypes } from '../types/node-types.js';
import { parseNodeTypes } from '../types/parse-ahead.js';
import { Growth } from './growth.js';
import { isLink, Links, linkTo } from './links.js';
import { createResolution, nodeTypesIndex, nodeTypesRoot } from './resolution.js';
import { createVersionedRegistry, snapshotOf } from './versioned-registry.js';

/** The service and its virtual files, which lie in the notebook's folder as far as TypeScript can see. */
export interface CellService {
  readonly typescript: TypeScript;
  readonly languageService: ts.LanguageService;
  readonly cwd: string;
  /** The cell that is being checked, completed or inspected. */
  readonly cellFile: string;
  /** The kept cells that the cell at hand imports. */
  readonly links: Links;
  /** Gives a virtual file a new text; the same text again costs nothing. */
  setFile(name: string, text: string): void;
  /** Name without extension of the virtual file that keeps what cell `number` declared. */
  keptFile(number: number): string;
  /** Keeps a module in the program, so that it is not parsed again when a cell does not mention it. */
  keep(specifiers: Iterable<string>): void;
  /**
   * Adds the types of Node, those of binary data and the names that the kernel adds to the global scope, which take longer
   * than all else; before, a cell that uses one of them has an error. False: they are there.
   */
  loadNodeTypes(): boolean;
  /** Does a part of the work of `loadNodeTypes`; false: there is no more that can be done before. */
  parseAhead(): boolean;
  /** Forgets what cells have added to the global scope. */
  forgetKept(): void;
  /** Whether the file is one of the user's own, next to the notebook, and runs or is read when it is imported. */
  isLocal(file: ts.SourceFile): boolean;
  /** The version of a file of the user's as it is now; `undefined`: there is no such file. */
  versionOf(name: string): string | undefined;
  program(): ts.Program;
  /**
   * What `use` makes of the last program with this text as the cell at hand, which takes less time than a new program.
   * `undefined`: `use` says so, or a new program might say something else.
   */
  grown<T>(text: string, use: (program: ts.Program) => T | undefined): T | undefined;
  /** Checks and compiles from now on with these options; the libraries are read again. */
  configure(changed: ts.CompilerOptions): void;
}

const shellTypes = fileURLToPath(new URL('../../back/command.js', import.meta.url));
const displayTypes = fileURLToPath(new URL('../../display/types.js', import.meta.url));
const GLOBALS = `declare global {
  /** Asks the user for a line of text; the cell waits for it. */
  function prompt(message?: string, initial?: string): string;
  function confirm(message?: string): boolean;
  function alert(message?: string): void;
  /**
   * Runs a shell command, as in \`(await $\`ls \${folder}\`).lines\`. A value is one word whatever it holds, a list as many
   * as it has members. An exit code other than 0 is an error with \`exitCode\`, \`stdout\` and \`stderr\`.
   */
  const $: import(${JSON.stringify(shellTypes)}).Shell;
  /** Shows a value in this cell. The result has an \`update(value)\` that shows another one in the same place. */
  const display: import(${JSON.stringify(displayTypes)}).Display;
  /** HTML, as in \`html\`<b>\${name}</b>\`\`. Values in it are text, unless they are HTML themselves. */
  const html: import(${JSON.stringify(displayTypes)}).RichTag;
  /** Markdown, as in \`md\`**\${name}**\`\`. */
  const md: import(${JSON.stringify(displayTypes)}).RichTag;
  /** A picture, as in \`svg\`<svg …>…</svg>\`\`. */
  const svg: import(${JSON.stringify(displayTypes)}).RichTag;
  /** A formula, as in \`latex\`\\frac{1}{2}\`\`. */
  const latex: import(${JSON.stringify(displayTypes)}).RichTag;
  /** Shows how far a loop is, as in \`for (const file of progress(files))\`. */
  const progress: import(${JSON.stringify(displayTypes)}).Progress;
  /** Clears what this cell has shown; with \`{ wait: true }\` when it shows something else. */
  const clearOutput: import(${JSON.stringify(displayTypes)}).ClearOutput;
}
export {};`;

function compilerOptions(typescript: TypeScript, cwd: string, types: string[]): ts.CompilerOptions {
  return {
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.CommonJS,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    customConditions: ['node'],
    esModuleInterop: true,
    resolveJsonModule: true,
    allowJs: true,
    jsx: typescript.JsxEmit.React,
    strict: false,
    skipLibCheck: true,
    declaration: true,
    sourceMap: true,
    newLine: typescript.NewLineKind.LineFeed,
    rootDir: cwd,
    outDir: '/__out__',
    typeRoots: [path.join(cwd, 'node_modules', '@types'), nodeTypesRoot(cwd)],
    types,
    preserveConstEnums: true,
    noEmitOnError: false,
    // As Node.js wants the imports of TypeScript files that it runs itself.
    rewriteRelativeImportExtensions: true,
  };
}

/** Starts the service; the first program is made at once, which parses TypeScript's own libraries. */
export function createCellService(typescript: TypeScript, cwd: string): CellService {
  const inFolder = (name: string): string => path.posix.join(cwd, name);
  const keptFile = (number: number): string => inFolder(linkTo(number));
  const cellFile = inFolder('__cell__.ts');
  const keepFile = inFolder('__keep__.ts');
  const globalsFile = inFolder('__globals__.ts');
  const virtual = new Map<string, { text: string; version: number }>();
  let projectVersion = 0;
  /** Changes with all that a program is made of, but for the cell at hand and what earlier ones declared. */
  let basis = 0;
  const isCell = /\/__cell_(?:_|\d+(?:\.d)?)\.ts$/;
  const setFile = (name: string, text: string): void => {
    projectVersion++;
    const file = virtual.get(name);
    if (file?.text === text) return;
    virtual.set(name, { text, version: (file?.version ?? 0) + 1 });
    if (!isCell.test(name)) basis++;
  };
  setFile(cellFile, 'export{};');
  setFile(keepFile, 'export{};');
  setFile(globalsFile, 'export{};');

  // Comments are read where somebody asks for them (`documentation.ts`), not in all of the libraries at the start.
  const jsDocParsingMode = typescript.JSDocParsingMode.ParseForTypeInfo;
  let options = compilerOptions(typescript, cwd, []);
  const { sys } = typescript;
  const language = languageTypes(typescript);
  setFile(language.fileName, language.text);
  const readFile = (name: string): string | undefined => {
    const file = virtual.get(name);
    if (file !== undefined) return file.text;
    const text = sys.readFile(name);
    return text !== undefined && name.includes('/node_modules/') ? language.withoutReferences(text) : text;
  };
  const fileExists = (name: string): boolean => virtual.has(name) || sys.fileExists(name);
  /** Whether it is a file of the user's, which may change. */
  const isOfUser = (name: string): boolean => !name.includes('/node_modules/') && !virtual.has(name);
  const snapshots = new Map<string, ts.IScriptSnapshot>();
  const versions = new FileVersions();
  const moduleHost: ts.ModuleResolutionHost = {
    fileExists,
    readFile,
    directoryExists: (name) => sys.directoryExists(name),
    getCurrentDirectory: () => cwd,
    getDirectories: (name) => sys.getDirectories(name),
    ...(sys.realpath && { realpath: sys.realpath }),
  };
  const resolution = createResolution(typescript, options, moduleHost, cwd);
  const host: ts.LanguageServiceHost & { hasInvalidatedResolutions(name: string): boolean } = {
    ...moduleHost,
    readFile,
    fileExists,
    readDirectory: sys.readDirectory,
    getCurrentDirectory: () => cwd,
    getCompilationSettings: () => options,
    // TypeScript looks at every file when this changes, and several times in each cell without it.
    getProjectVersion: () => String(projectVersion),
    // A constant list: a changing one would make TypeScript build its program anew.
    getScriptFileNames: () => [cellFile, keepFile, globalsFile],
    getScriptVersion: (name) =>
      virtual.get(name)?.version.toString() ?? (name.includes('/node_modules/') ? '1' : String(versions.of(name))),
    getScriptSnapshot: (name) => {
      const known = snapshots.get(name);
      if (known !== undefined) return known;
      if (isOfUser(name)) return snapshotOf(typescript, versions.read(name));
      const text = readFile(name);
      if (text === undefined) return undefined;
      const snapshot = typescript.ScriptSnapshot.fromString(text);
      // TypeScript asks for every file of the program at every cell.
      if (!virtual.has(name)) snapshots.set(name, snapshot);
      return snapshot;
    },
    getDefaultLibFileName: () => language.fileName,
    // Left out of TypeScript's declarations. What the user's files import may lie elsewhere by now.
    hasInvalidatedResolutions: isOfUser,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    jsDocParsingMode,
    ...resolution,
  };
  const registry = createVersionedRegistry(typescript, cwd, jsDocParsingMode);
  const languageService = typescript.createLanguageService(host, registry);
  const kept = new Set<string>();
  const isLocal = (file: ts.SourceFile): boolean => isOfUser(file.fileName) && !file.isDeclarationFile;
  const hasChanged = (file: ts.SourceFile): boolean =>
    (file as { version?: string }).version !== host.getScriptVersion(file.fileName);
  /** The last program, what it was made of, and the files of the user in it. */
  let latest: { readonly program: ts.Program; basis: number; readonly files: readonly ts.SourceFile[] } | undefined;
  const program = (): ts.Program => {
    const current = languageService.getProgram() as ts.Program;
    if (latest?.program === current) latest.basis = basis;
    else
      latest = { program: current, basis, files: current.getSourceFiles().filter((file) => isOfUser(file.fileName)) };
    return current;
  };
  const growth = new Growth({
    typescript,
    cellFile,
    keptText: (name) => (isCell.test(name) ? virtual.get(name)?.text : undefined),
    resolve: resolution.resolveModuleName,
    staysImported: (specifier) => kept.has(specifier) || isLink(specifier),
  });
  program().getTypeChecker();
  let hasNodeTypes = false;
  const nodeTypes = nodeTypesIndex(cwd);
  const joinNodeTypes = (): void => {
    if (virtual.has(nodeTypes)) return;
    const { binary } = language;
    setFile(binary.fileName, binary.text);
    for (const [name, text] of joinedNodeTypes(typescript, nodeTypes)) {
      // First, for the order decides between overloads.
      const before = name === nodeTypes ? `/// <reference path="${binary.fileName}" />\n` : '';
      setFile(name, before + language.withoutReferences(text));
    }
  };
  let configured: ts.CompilerOptions = {};
  const ahead = parseNodeTypes(typescript, nodeTypes, (name) => {
    joinNodeTypes();
    const snapshot = host.getScriptSnapshot(name);
    return snapshot && registry.acquireDocument(name, host, snapshot, host.getScriptVersion(name));
  });
  return {
    typescript,
    languageService,
    cwd,
    cellFile,
    links: new Links((number) => setFile(`${keptFile(number)}.d.ts`, 'export{};')),
    setFile,
    keptFile,
    keep(specifiers) {
      for (const specifier of specifiers) if (!specifier.endsWith('.json')) kept.add(specifier);
      setFile(keepFile, `${[...kept].map((name) => `import ${JSON.stringify(name)};`).join('')}export{};`);
    },
    loadNodeTypes() {
      if (hasNodeTypes) return false;
      hasNodeTypes = true;
      joinNodeTypes();
      options = { ...compilerOptions(typescript, cwd, ['node']), ...configured };
      setFile(globalsFile, GLOBALS);
      return true;
    },
    parseAhead: () => !hasNodeTypes && ahead.next().done !== true,
    forgetKept() {
      this.links.forget();
      for (const specifier of kept) if (isLink(specifier)) kept.delete(specifier);
      this.keep([]);
    },
    isLocal,
    versionOf: (name) => versions.of(name),
    program,
    grown(text, use) {
      if (latest?.basis !== basis || latest.files.some(hasChanged)) return undefined;
      return growth.withCell(latest.program, text, use);
    },
    configure(changed) {
      configured = { ...configured, ...changed };
      options = { ...options, ...changed };
      projectVersion++;
      basis++;
    },
  };
}
