import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, type SourceFile, sourceFiles } from './source-files.js';

/** The rooms of src/ from the bottom up. A room imports itself and the layers below its own, nothing else of ours. */
const LAYERS: readonly (readonly string[])[] = [
  ['errors', 'internal'],
  ['digest', 'serializers'],
  ['calls', 'metadata'],
  ['storage'],
  ['query', 'cache'],
  ['config', 'render', 'cli'],
  ['index', 'testing'],
];
/** Files beside the backends in src/storage/ that are no backend: what all of them share, and the entry point. */
const STORAGE_SHARED = new Set(['types', 'capabilities', 'index']);
/** What only one backend, the kernel or the notebooks need: never loaded by importing the library. */
const ENGINES = ['h5wasm', 'sql.js', 'koffi', 'numpy-ts', 'ndarray', '@stdlib', 'tslab', 'typescript', 'zeromq'];
const PUBLIC = ['', '/storage', '/testing', '/config', '/render', '/magics', '/tslab'].map((path) => `fleche${path}`);

interface Edge {
  readonly from: string;
  readonly to: string;
}
type Rule = (edge: Edge) => string | undefined;

/** `src/digest/types.ts` is in the room `digest`, `src/index.ts` in `index`. */
function roomOf(path: string): string {
  return (path.split('/')[1] ?? '').replace(/\.ts$/, '');
}
function layerOf(path: string): number {
  return LAYERS.findIndex((rooms) => rooms.includes(roomOf(path)));
}
/** The backend that a file of src/storage/ belongs to: its folder, or its own name. */
function backendOf(path: string): string {
  return (path.split('/')[2] ?? '').replace(/\.ts$/, '');
}

const layers: Rule = ({ from, to }) => {
  if (layerOf(to) < 0 || layerOf(from) < 0) return `${layerOf(to) < 0 ? to : from} is in no room of the design`;
  // errors.ts is the floor that internal/ stands on.
  if (roomOf(from) === 'internal' && roomOf(to) === 'errors') return undefined;
  // The shape of a record, which metadata is a part of: a type, gone at run time.
  if (roomOf(from) === 'metadata' && to === 'src/calls/record.ts') return undefined;
  if (roomOf(from) === roomOf(to) || roomOf(from) === 'index' || layerOf(to) < layerOf(from)) return undefined;
  return `layer ${layerOf(from)} (${roomOf(from)}) imports layer ${layerOf(to)} (${roomOf(to)})`;
};
const injectedStorages: Rule = ({ from, to }) =>
  ['query', 'cache'].includes(roomOf(from)) && roomOf(to) === 'storage' && to !== 'src/storage/types.ts'
    ? `${roomOf(from)} gets its storages injected and knows only storage/types`
    : undefined;
const separateBackends: Rule = ({ from, to }) => {
  if (roomOf(from) !== 'storage' || roomOf(to) !== 'storage' || from === 'src/storage/index.ts') return undefined;
  if (to === 'src/storage/index.ts') return 'a backend imports the entry point that names all backends';
  if (backendOf(from) === backendOf(to) || STORAGE_SHARED.has(backendOf(to))) return undefined;
  return `the backend ${backendOf(from)} imports the backend ${backendOf(to)}`;
};

const library = sourceFiles('src');
const kernel = sourceFiles('kernel-extension');
const users = sourceFiles('benchmarks');

/** The imports of our own files: relative, resolved to the file that they name. */
function edgesOf(file: SourceFile): (Edge & { line: number; when: string })[] {
  return file.imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier, line, when }) => ({
      from: file.path,
      to: posix.join(posix.dirname(file.path), specifier).replace(/\.js$/, '.ts'),
      line,
      when,
    }));
}
/** Every edge of `files` that breaks one of `rules`, as `file:line -> target: why`. */
function offences(files: readonly SourceFile[], ...rules: Rule[]): string[] {
  return files.flatMap((file) =>
    edgesOf(file).flatMap((edge) =>
      rules
        .map((rule) => rule(edge))
        .filter((why) => why !== undefined)
        .map((why) => `${edge.from}:${edge.line} -> ${edge.to}: ${why}`),
    ),
  );
}
function fake(path: string, ...lines: string[]): SourceFile {
  return { path, lines: lines.length, imports: importsOf(path, lines.join('\n')) };
}

describe('the layers of src/', () => {
  it('hold', () => {
    expect(library.length).toBeGreaterThan(10);
    expect(offences(library, layers, injectedStorages, separateBackends)).toEqual([]);
  });

  it('would be seen to break', () => {
    const wrong = [
      fake('src/digest/a.ts', "import type { X } from '../storage/types.js';"),
      fake('src/cache/a.ts', '', "const m = await import('../storage/memory.js');"),
      fake('src/storage/sql/a.ts', "export * from '../memory.js';", "import { b } from './b.js';"),
      fake('src/storage/memory.ts', "let s: import('./index.js').Sql;"),
      fake('src/errors.ts', "import { a } from './internal/a.js';"),
      fake('src/metadata/a.ts', "import { a } from '../calls/profile.js';"),
      fake('src/attic/a.ts', "import { a } from '../errors.js';"),
    ];
    expect(offences(wrong, layers, injectedStorages, separateBackends)).toEqual([
      'src/digest/a.ts:1 -> src/storage/types.ts: layer 1 (digest) imports layer 3 (storage)',
      'src/cache/a.ts:2 -> src/storage/memory.ts: cache gets its storages injected and knows only storage/types',
      'src/storage/sql/a.ts:1 -> src/storage/memory.ts: the backend sql imports the backend memory',
      'src/storage/memory.ts:1 -> src/storage/index.ts: a backend imports the entry point that names all backends',
      'src/errors.ts:1 -> src/internal/a.ts: layer 0 (errors) imports layer 0 (internal)',
      'src/metadata/a.ts:1 -> src/calls/profile.ts: layer 2 (metadata) imports layer 2 (calls)',
      'src/attic/a.ts:1 -> src/errors.ts: src/attic/a.ts is in no room of the design',
    ]);
  });

  it('load the packages of single backends lazily', () => {
    const eager = library.flatMap((file) =>
      file.imports
        .filter(
          ({ specifier, when }) => when === 'static' && ENGINES.some((name) => `${specifier}/`.startsWith(`${name}/`)),
        )
        .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier} as soon as it is loaded`),
    );
    expect(eager).toEqual([]);
  });
});

describe('everything outside src/', () => {
  it('imports the library by its public names', () => {
    const inward = [...kernel, ...users].flatMap((file) => [
      ...edgesOf(file)
        .filter(({ from, to }) => from.split('/')[0] !== to.split('/')[0])
        .map(({ line, to }) => `${file.path}:${line} -> ${to}`),
      ...file.imports
        .filter(({ specifier }) => /^fleche\b/.test(specifier) && !PUBLIC.includes(specifier))
        .map(({ line, specifier }) => `${file.path}:${line} -> ${specifier}`),
    ]);
    expect(inward).toEqual([]);
  });

  it('knows the inside of tslab in one place', () => {
    const named = kernel
      .filter(({ path }) => !/^kernel-extension\/tslab-adapter(\.ts|\/)/.test(path))
      .flatMap((file) =>
        file.imports
          .filter(({ specifier }) => /^(@tslab|tslab)(\/|$)/.test(specifier))
          .map(({ line, specifier }) => `${file.path}:${line} -> ${specifier}`),
      );
    expect(named).toEqual([]);
  });
});

describe('all source files', () => {
  it('have fewer than 400 lines', () => {
    const long = [...library, ...kernel].filter(({ lines }) => lines >= 400);
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  });

  it('import one another without a cycle', () => {
    const files = new Map([...library, ...kernel].map((file) => [file.path, file]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      const file = files.get(path);
      if (file === undefined || done.has(path) || trail.includes(path)) return;
      for (const edge of edgesOf(file)) if (edge.when === 'static') walk(edge.to, [...trail, path]);
      done.add(path);
    };
    for (const path of files.keys()) walk(path, []);
    expect(cycles).toEqual([]);
  });
});
