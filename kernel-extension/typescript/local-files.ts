/** The user's own files beside the notebook that cells import: compiled when they, or files that they import, have changed. */
import path from 'node:path';
import type ts from 'typescript';
import type { CompiledFile } from '../shared/messages.js';
import type { CellService } from './program/service.js';

/** Knows which local files have been compiled. */
export class LocalFiles {
  readonly #service: CellService;
  /** By name: the versions of the file and of all that it imports, as they were when it was compiled. */
  readonly #compiled = new Map<string, string>();

  constructor(service: CellService) {
    this.#service = service;
  }

  /** Those in reach of the cell at hand that are new or have changed, also by what they import. */
  changed(): ts.SourceFile[] {
    return this.#files().filter((file) => this.#compiled.get(file.fileName) !== this.#version(file));
  }

  /** Compiles these. */
  compile(): CompiledFile[] {
    return this.changed().flatMap((file) => {
      this.#compiled.set(file.fileName, this.#version(file));
      let [data, map] = ['', undefined as string | undefined];
      this.#service.program().emit(file, (name, text) => {
        if (name.endsWith('.map')) map = text;
        else if (/\.jsx?$/.test(name)) data = text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '');
      });
      const of = { name: file.fileName, source: file.text, map };
      const target = file.fileName.replace(/\.[jt]sx?$/, '.js');
      const compiled = [{ path: target, data, of }];
      // `./sub` means `./sub/index.ts`, but is looked for as `./sub.js`.
      const folder = path.dirname(target);
      if (path.basename(target) !== 'index.js') return compiled;
      const forward = `module.exports = require(${JSON.stringify(`./${path.basename(folder)}/index.js`)});`;
      return [
        ...compiled,
        { path: `${folder}.js`, data: forward, of: { name: `${folder}.js`, source: '', map: undefined } },
      ];
    });
  }

  #files(): ts.SourceFile[] {
    return this.#service
      .program()
      .getSourceFiles()
      .filter((file) => this.#service.isLocal(file) && /\.[jt]sx?$/.test(file.fileName));
  }

  #version(file: ts.SourceFile): string {
    const reached = new Set<ts.SourceFile>();
    this.#reach(file, reached);
    return [...reached].map((each) => `${each.fileName}@${(each as { version?: string }).version}`).join('\n');
  }

  #reach(file: ts.SourceFile, reached: Set<ts.SourceFile>): void {
    if (reached.has(file) || !this.#service.isLocal(file)) return;
    reached.add(file);
    const checker = this.#service.program().getTypeChecker();
    const { imports = [] } = file as { imports?: readonly ts.StringLiteralLike[] };
    for (const specifier of imports) {
      const target = checker.getSymbolAtLocation(specifier)?.declarations?.[0]?.getSourceFile();
      if (target !== undefined) this.#reach(target, reached);
    }
  }
}
