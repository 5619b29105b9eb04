/** Files of the user's that change between cells: whatever happened in between, nothing old is taken for what they hold. */
import { appendFileSync, existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileVersions } from '../../kernel-extension/shared/file-versions.js';
import type { Converter } from '../../kernel-extension/typescript/converter.js';
import { Checker, complete, createCellService, createConverter, typescript } from './built-compiler.js';
import { emptyFolder, removeFolder, runCells, shown } from './run-cells.js';

async function inFolder(use: (folder: string) => unknown): Promise<void> {
  const folder = emptyFolder();
  try {
    await use(folder);
  } finally {
    removeFolder(folder);
  }
}

/** A notebook of which only what is compiled counts. */
class Compilation {
  readonly #folder: string;
  readonly service: ReturnType<typeof createCellService>;
  readonly converter: Converter;
  readonly #checker: InstanceType<typeof Checker>;

  constructor(folder: string) {
    this.#folder = folder;
    this.service = createCellService(typescript, folder);
    this.converter = createConverter(this.service);
    this.#checker = new Checker(typescript, folder, () => {});
  }

  /** The local files that come compiled with a cell, with what they are compiled to; or its errors. */
  send(source: string): Record<string, string> | readonly string[] {
    const conversion = this.converter.convert(this.#checker.parse(source), 'cell.ts');
    if ('diagnostics' in conversion) return conversion.diagnostics.map(({ message }) => message);
    const { sideOutputs } = conversion.runnable.code;
    return Object.fromEntries(sideOutputs.map((file) => [path.relative(this.#folder, file.path), file.data]));
  }

  /** The same, of a cell that then runs. */
  run(source: string): Record<string, string> | readonly string[] {
    const sent = this.send(source);
    this.converter.commit(source.match(/\w+/g) ?? [], true);
    return sent;
  }
}

describe('a local file that has changed comes with the next cell', () => {
  const one = "export const version: string = 'one';";
  const two = "export const version: string = 'two';";
  const compiled = { 'lib.js': expect.stringContaining("'two'") };
  const begun = (folder: string): { notebook: Compilation; lib: string } => {
    const lib = path.join(folder, 'lib.ts');
    writeFileSync(lib, one);
    const notebook = new Compilation(folder);
    expect(notebook.run("import { version } from './lib'; version")).toEqual({
      'lib.js': expect.stringContaining("'one'"),
    });
    expect(notebook.run('const n = version.length;')).toEqual({});
    return { notebook, lib };
  };
  const imports = "import { version } from './lib'; version";

  it('at once', () =>
    inFolder((folder) => {
      const { notebook, lib } = begun(folder);
      writeFileSync(lib, two);
      expect(notebook.run(imports)).toEqual(compiled);
      expect(notebook.run(imports)).toEqual({});
    }));

  it.each<[string, (notebook: Compilation) => unknown]>([
    ['the kernel had time for itself', ({ service }) => service.setFile(service.cellFile, '') ?? service.program()],
    ['somebody typed', ({ service, converter }) => complete(service, converter.names, 'version.', 8)],
    ['somebody typed the import', ({ service, converter }) => complete(service, converter.names, `${imports}.`, 41)],
    ['an expression was evaluated', ({ converter }) => converter.expression('n + 1', [])],
    ['a cell was interrupted before it ran', (notebook) => notebook.send('n + 2')],
    ['a cell with the import was, too', (notebook) => notebook.send(imports)],
    ['a cell had an error', (notebook) => notebook.run('n.nothing')],
    ['the kernel prepared itself', ({ service }) => service.program() && service.grown('export{};', () => true)],
  ])('after %s', (_, meanwhile) =>
    inFolder((folder) => {
      const { notebook, lib } = begun(folder);
      writeFileSync(lib, two);
      meanwhile(notebook);
      expect(notebook.run(imports)).toEqual(compiled);
      expect(notebook.run(imports)).toEqual({});
    }),
  );

  it('where the file system does not tell the times of the two apart', () =>
    inFolder((folder) => {
      const lib = path.join(folder, 'lib.ts');
      const write = (text: string): void => {
        writeFileSync(lib, text);
        utimesSync(lib, 1, 1);
      };
      write(one);
      const notebook = new Compilation(folder);
      expect(Object.keys(notebook.run(imports))).toEqual(['lib.js']);
      write(two);
      expect(notebook.run(imports)).toEqual(compiled);
    }));

  it('that TypeScript was reading when it changed', () =>
    inFolder((folder) => {
      const lib = path.join(folder, 'lib.ts');
      writeFileSync(lib, one);
      const notebook = new Compilation(folder);
      const { fromString } = typescript.ScriptSnapshot;
      typescript.ScriptSnapshot.fromString = (text) => {
        if (text === one) writeFileSync(lib, two);
        return fromString(text);
      };
      try {
        expect(notebook.run(imports)).toEqual(compiled);
      } finally {
        typescript.ScriptSnapshot.fromString = fromString;
      }
      expect(notebook.run(imports)).toEqual(compiled);
    }));

  it('with what imports it, also data', () =>
    inFolder((folder) => {
      writeFileSync(path.join(folder, 'data.json'), '{ "rows": 1 }');
      writeFileSync(path.join(folder, 'lib.ts'), "import data from './data.json'; export const { rows } = data;");
      const notebook = new Compilation(folder);
      expect(Object.keys(notebook.run("import { rows } from './lib'; rows"))).toEqual(['lib.js']);
      expect(notebook.run('rows + 1')).toEqual({});
      writeFileSync(path.join(folder, 'data.json'), '{ "rows": 2 }');
      expect(Object.keys(notebook.run("import { rows } from './lib'; rows"))).toEqual(['lib.js']);
    }));

  it('also for what it does, where it exports nothing', () =>
    inFolder((folder) => {
      writeFileSync(path.join(folder, 'setup.ts'), 'console.log(1);');
      writeFileSync(path.join(folder, 'lib.ts'), "import './setup';");
      const notebook = new Compilation(folder);
      expect(Object.keys(notebook.run("import './lib';")).sort()).toEqual(['lib.js', 'setup.js']);
      writeFileSync(path.join(folder, 'setup.ts'), 'console.log(2);');
      expect(Object.keys(notebook.run("import './lib';")).sort()).toEqual(['lib.js', 'setup.js']);
    }));

  it.each(['a.ts', 'b/index.ts', 'b.ts'])('when it lies in %s now', (name) =>
    inFolder((folder) => {
      writeFileSync(path.join(folder, 'b.js'), "export const version = 'one';");
      writeFileSync(path.join(folder, 'a.ts'), "export { version } from './b';");
      const notebook = new Compilation(folder);
      expect(Object.keys(notebook.run("import { version } from './a'; version")).sort()).toEqual(['a.js', 'b.js']);
      if (name !== 'b.ts') rmSync(path.join(folder, 'b.js'));
      mkdirSync(path.join(folder, 'b'));
      writeFileSync(path.join(folder, name), two);
      const { 'b.js': _, ...sent } = notebook.run("import { version } from './a'; version") as Record<string, string>;
      expect(Object.values({ _, ...sent }).join()).toContain("'two'");
    }),
  );

  it('and stops no other cell when it has an error', () =>
    inFolder((folder) => {
      const { notebook, lib } = begun(folder);
      writeFileSync(lib, `${two} export const wrong: number = 'text';`);
      expect(notebook.run('n.nothing')).toEqual(["Property 'nothing' does not exist on type 'number'."]);
      expect(notebook.run('version.length')).toEqual(compiled);
      expect(notebook.run(imports)).toEqual(["Type 'string' is not assignable to type 'number'."]);
      expect(notebook.run('version + n')).toEqual({});
    }));

  it('and not because it was saved as it was', () =>
    inFolder((folder) => {
      const { notebook, lib } = begun(folder);
      writeFileSync(lib, one);
      expect(notebook.run(imports)).toEqual({});
    }));

  it('as it is, when TypeScript does not see who loads it', () =>
    inFolder((folder) => {
      const { notebook, lib } = begun(folder);
      writeFileSync(path.join(folder, 'outer.ts'), "export { version } from './lib.ts';");
      expect(Object.keys(notebook.run("import { version as same } from './outer'; same"))).toEqual(['outer.js']);
      notebook.service.forgetKept();
      notebook.converter.forget();
      expect(notebook.run('const far = 1;')).toEqual({});
      writeFileSync(lib, `${two} export const wrong: number = 'text';`);
      expect(notebook.run("require('./' + 'lib').version")).toEqual({
        ...compiled,
        'outer.js': expect.stringContaining('require("./lib.js")'),
      });
      expect(notebook.run('far')).toEqual({});
      expect(notebook.run(imports)).toEqual(["Type 'string' is not assignable to type 'number'."]);
      rmSync(lib);
      expect(notebook.run("require('./lib').version")).toEqual({
        'lib.js': expect.stringContaining('MODULE_NOT_FOUND'),
        'outer.js': expect.anything(),
      });
      writeFileSync(lib, two);
      expect(notebook.run(imports)).toEqual({ ...compiled, 'outer.js': expect.anything() });
    }));
});

describe('versions of files', () => {
  it('tell contents apart that no time and no size do', () =>
    inFolder((folder) => {
      const file = path.join(folder, 'file');
      const versions = new FileVersions();
      expect(versions.of(file)).toBeUndefined();
      const seen = new Set<string | undefined>();
      for (let n = 1000; n < 1500; n++) {
        writeFileSync(file, String(n));
        utimesSync(file, 1, 1);
        seen.add(versions.of(file));
        expect(versions.of(file)).toBe(new FileVersions().of(file));
      }
      expect(seen.size).toBe(500);
      appendFileSync(file, '');
      expect(seen).toContain(versions.of(file));
      rmSync(file);
      expect(versions.of(file)).toBeUndefined();
    }));

  it('read files as TypeScript does', () =>
    inFolder((folder) => {
      const versions = new FileVersions();
      const text = 'const ä = "€";';
      const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
      const files = { utf8: `\ufeff${text}`, plain: text, little: utf16, big: Buffer.from(utf16).swap16() };
      for (const [name, content] of Object.entries(files)) {
        const file = path.join(folder, name);
        writeFileSync(file, content);
        expect(versions.read(file)?.text).toBe(typescript.sys.readFile(file));
        expect(versions.read(file)?.text).toBe(text);
      }
      expect(versions.read(folder)).toBeUndefined();
    }));
});

it('what Node.js keeps of the user’s is loaded again when it has changed, and only then', () =>
  inFolder(async (folder) => {
    const write = (name: string, text: string): string =>
      `(await import('node:fs')).writeFileSync(${JSON.stringify(name)}, ${JSON.stringify(text)});`;
    const cells: [string, string?][] = [
      [
        write('inner.cjs', 'exports.v = 1;') +
          write('outer.cjs', "exports.at = Math.random(); exports.v = require('./inner.cjs').v;") +
          write('data.json', '{ "rows": 1 }') +
          write(
            'lib.ts',
            "import { v } from './outer.cjs'; import { rows } from './data.json'; export const both = [v, rows];",
          ),
      ],
      ["import { at } from './outer.cjs'; import { both } from './lib'; both", '[ 1, 1 ]'],
      [
        "import { at as again } from './outer.cjs'; import { both as same } from './lib'; [at === again, both === same]",
        '[ true, true ]',
      ],
      [write('inner.cjs', 'exports.v = 2;')],
      ["import { v } from './outer.cjs'; v", '2'],
      ["import { both } from './lib'; both", '[ 2, 1 ]'],
      [write('data.json', '{ "rows": 2 }')],
      ["import { both } from './lib'; both", '[ 2, 2 ]'],
      [
        "import data from './data.json'; const dynamic = await import('./data.json'); [dynamic.default === data, Object.keys(dynamic)]",
        "[ true, [ 'default' ] ]",
      ],
      [write('data.json', '{ "rows": 3 }')],
      ["(await import('./data.json', { with: { type: 'json' } })).default.rows", '3'],
    ];
    const { cells: run } = await runCells(
      cells.map(([source]) => source),
      { folder },
    );
    expect(run.map(shown)).toEqual(cells.map(([, value]) => (value === undefined ? [] : [value])));
    expect(existsSync(path.join(folder, 'lib.ts'))).toBe(true);
  }));
